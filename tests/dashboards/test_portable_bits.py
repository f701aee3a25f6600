"""Therapies in JavaScript have the bits that they have in Python, for settings drawn while the test runs."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest

from dashboards.portable.model import model_script
from dashboards.portable.tables import tables
from dashboards.therapies.stances import STANCES
from simulation.presets import all_presets
from simulation.randomness import key_of
from tests.dashboards.bits_of_therapies import PLAY, any_settings, calculated
from tests.dashboards.drawn_therapies import drawn_pair, drawn_settings, every_pair
from tests.dashboards.javascript import run

if TYPE_CHECKING:
    from tests.dashboards.drawn_therapies import Settings


def differing(settings: list[Settings], module: str | None = None) -> tuple[int, int]:
    """Return how many settings come out differently in JavaScript, and how many numbers were compared."""
    here = [calculated(one) for one in settings]
    there = run(module or model_script(), PLAY, settings)
    assert len(there) == len(settings)
    compared = sum(len(one) // 16 for one in here)
    return sum(one != other for one, other in zip(here, there, strict=True)), compared


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
    ],
)
def test_an_equation_written_otherwise_is_noticed(written: str, algebraically_equal: str) -> None:
    module = model_script()
    assert module.count(written) == 1
    random = Random(3)
    settings = [drawn_settings(random, *drawn_pair(random), share=0.4) for _ in range(40)]
    assert differing(settings)[0] == 0
    assert differing(settings, module.replace(written, algebraically_equal))[0] > 20


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
