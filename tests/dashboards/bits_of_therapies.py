"""What is calculated for a therapy, in bits: by Python, and by JavaScript."""

from __future__ import annotations

from dataclasses import astuple
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

from dashboards.therapies.playing import play
from dashboards.therapies.therapy_state import MOST
from simulation.coefficients import numbers, unpack
from simulation.population import draw_client, draw_therapist
from simulation.randomness import key_of
from tests.dashboards.drawn_therapies import drawn_pair, drawn_settings, setup_of
from tests.dashboards.javascript import bits

if TYPE_CHECKING:
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


def calculated(settings: Settings) -> str:
    """Return the same in Python."""
    setup = setup_of(settings)
    therapy = play(setup, settings["stances"], MOST)
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


def any_settings(count: int) -> tuple[int, list[Settings]]:
    """Draw settings that nobody has seen before, and the seed that draws them again."""
    seed = SystemRandom().getrandbits(32)
    random = Random(seed)
    return seed, [drawn_settings(random, *drawn_pair(random), share=0.4) for _ in range(count)]
