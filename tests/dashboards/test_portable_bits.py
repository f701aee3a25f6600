"""Therapies in JavaScript have the bits that they have in Python, for settings drawn while the test runs."""

from __future__ import annotations

import json
from dataclasses import astuple
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.portable.model import model_script
from dashboards.portable.tables import tables
from dashboards.therapies.playing import play
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy_state import MOST
from simulation.coefficients import numbers, unpack
from simulation.population import draw_client, draw_therapist
from simulation.presets import all_presets
from simulation.randomness import key_of
from tests.dashboards.drawn_therapies import drawn_pair, drawn_settings, every_pair, setup_of
from tests.dashboards.javascript import bits, run

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Therapy
    from tests.dashboards.drawn_therapies import Settings

PLAY = """
const flat = (value) => value === null || typeof value !== "object" ? [value] : Object.values(value).flatMap(flat);
const { numbers, unpack, draw_client, draw_therapist, key_of } = Alliance.python;
return given.map((settings) => {
  const therapy = Alliance.replay(settings, settings.stances, Alliance.tables.most);
  const { parameters } = therapy.setup, all = numbers(parameters), p = unpack(all);
  const key = key_of(settings.seed, settings.number);
  const people = [draw_client(key, settings.number, p), draw_therapist(key, settings.number, p)];
  const isNumber = (value) => typeof value !== "string";
  const sessions = therapy.records.map(({ situation, presence, draws, after, events, reports }) =>
    [Object.values(situation).filter(isNumber), presence, draws, after, events, reports]);
  return flat([all, people, therapy.core_10_intake, therapy.start, sessions]).map(bits).join("");
});
"""
"""Plays every setting, and writes down all that was calculated for it, in bits."""


def flat(value: Any) -> list[float]:
    """Return all numbers in nested tuples, in order."""
    return (
        [one for part in value for one in flat(part)]
        if isinstance(value, tuple)
        else [float(value)]
    )


def calculated(settings: Settings, therapy: Therapy) -> str:
    """Return the same in Python."""
    setup = therapy.setup
    key, number = key_of(setup.seed, setup.number), setup.number
    all_numbers = numbers(setup.parameters)
    p = unpack(list(all_numbers))
    people = (draw_client(key, number, p), draw_therapist(key, number, p))
    sessions = tuple(
        (
            tuple(value for value in astuple(one.situation) if not isinstance(value, str)),
            *(one.presence, one.draws, one.after, one.events, one.reports),
        )
        for one in therapy.records
    )
    everything = (all_numbers, people, therapy.core_10_intake, therapy.start, sessions)
    return "".join(map(bits, flat(everything)))


def differing(settings: list[Settings], module: str | None = None) -> tuple[int, int]:
    """Return how many settings come out differently in JavaScript, and how many numbers were compared."""
    here = [calculated(one, play(setup_of(one), one["stances"], MOST)) for one in settings]
    there = run(module or model_script(), PLAY, settings)
    assert len(there) == len(settings)
    compared = sum(len(one) // 16 for one in here)
    return sum(one != other for one, other in zip(here, there, strict=True)), compared


def any_settings(count: int) -> tuple[int, list[Settings]]:
    """Draw settings that nobody has seen before, and the seed that draws them again."""
    seed = SystemRandom().getrandbits(32)
    random = Random(seed)
    return seed, [drawn_settings(random, *drawn_pair(random), share=0.4) for _ in range(count)]


def test_sixty_settings_drawn_now_have_the_bits_of_python() -> None:
    seed, settings = any_settings(60)
    different, compared = differing(settings)
    assert different == 0, f"drawn by Random({seed})"
    assert compared > 30_000


@pytest.mark.slow
def test_four_hundred_settings_drawn_now_have_the_bits_of_python() -> None:
    seed, settings = any_settings(400)
    assert differing(settings)[0] == 0, f"drawn by Random({seed})"


def test_every_preset_and_every_stance_have_the_bits_of_python() -> None:
    random = Random(1)
    presets = [
        {**drawn_settings(random, *drawn_pair(random)), "preset": preset.name}
        for preset in all_presets()
    ]
    stances = [
        {**drawn_settings(random, *drawn_pair(random)), "stances": letter * 40}
        for letter in STANCES
    ]
    assert differing(presets + stances)[0] == 0


def test_every_pair_of_characters_has_the_bits_of_python() -> None:
    random = Random(2)
    settings = [drawn_settings(random, *pair, own=k > 3) for pair in every_pair() for k in range(8)]
    assert len(settings) >= 300
    assert differing(settings)[0] == 0


@pytest.mark.parametrize(
    ("written", "algebraically_equal"),
    [
        (
            "return (value + (rate * (target - value)));",
            "return value * (1 - rate) + rate * target;",
        ),
        ("return (1 / (1 + exp((-x))));", "return exp(x) / (exp(x) + 1);"),
        ("return (((bond + task) + goal) / 3);", "return (bond + (task + goal)) / 3;"),
    ],
)
def test_an_equation_written_otherwise_is_noticed(written: str, algebraically_equal: str) -> None:
    module = model_script()
    assert module.count(written) == 1
    random = Random(3)
    settings = [drawn_settings(random, *drawn_pair(random), share=0.4) for _ in range(20)]
    assert differing(settings)[0] == 0
    assert differing(settings, module.replace(written, algebraically_equal))[0] > 0


def test_published_vectors_of_philox_come_out() -> None:
    ones = 0xFFFFFFFF
    pi = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0)
    given = [[0] * 6, [ones] * 6, pi]
    published = [
        [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8],
        [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ]
    code = "return given.map((one) => Alliance.python.philox4x32(...one));"
    assert run(model_script(), code, given) == published


def test_a_seed_keeps_all_its_64_bits() -> None:
    seeds = [2**64 - 1, 2**64 - 2, 2**53 + 1, 2**53, 2**32, 0]
    code = "return given.map((seed) => Object.values(Alliance.python.key_of(seed, 7)));"
    there = run(model_script(), code, [str(seed) for seed in seeds])
    assert there == [list(key_of(seed, 7)) for seed in seeds]


def test_what_a_page_is_made_of_is_json() -> None:
    assert run(model_script(), "return Alliance.tables;") == json.loads(json.dumps(tables()))
