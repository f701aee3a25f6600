"""The luck under which the story is told: the frame is tested early, and tension comes whatever was answered.

The story plays the model like any therapy. Only its seed is chosen: one under which everything that the story is
about happens to the same client within a few sessions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dashboards.page.room import CLIENT, PRESET, THERAPIST, meeting
from dashboards.therapies.playing import play
from dashboards.therapies.story import MARKED

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Setup, Therapy

__all__ = ["story"]

SEEDS = range(1, 301)
FIRST, LAST = 2, 4
"""Sessions in which the frame may be tested."""

PATIENCE = 4
"""Sessions after the test within which the tension has to come."""

MEANWHILE = "l"
"""The stance of every session in which the story leaves no choice."""


def story() -> dict[str, Any]:
    """Return who meets in the story, under which seed, and what its scripts have to know."""
    return {
        "client": CLIENT,
        "therapist": THERAPIST,
        "seed": str(_seed()),
        "preset": PRESET,
        "meanwhile": MEANWHILE,
        "patience": PATIENCE,
        "marked": MARKED,
        "other": "clear",
    }


@cache
def _seed() -> int:
    """Return the seed under which what one does about the tension matters most, whatever was answered to the test."""
    return max(SEEDS, key=_worth)


def _worth(seed: int) -> float:
    """Return how much the two answers to the tension differ in trust, at least; -1 where the story cannot be told."""
    setup = meeting(seed)
    before = _until_tested(setup)
    if before is None:
        return -1.0
    return min(_difference(setup, before + answer) for answer in "hb")


def _until_tested(setup: Setup) -> str | None:
    """Return the stances of the sessions before the frame is tested in peace; None if it is not, or not in time."""
    for held in range(LAST):
        situation = play(setup, MEANWHILE * held, held).situation
        if situation is None or (situation.tests and (situation.tension or held + 1 < FIRST)):
            return None
        if situation.tests:
            return MEANWHILE * held
    return None


def _difference(setup: Setup, stances: str) -> float:
    for _ in range(PATIENCE):
        therapy = play(setup, stances, len(stances))
        situation = therapy.situation
        if situation is None:
            return -1.0
        if situation.tension > MARKED:
            addressed, passed = (_after(setup, stances + letter) for letter in "ap")
            told = addressed.records[-1].repaired and addressed.ending is None
            return addressed.state.trust - passed.state.trust if told else -1.0
        stances += MEANWHILE
    return -1.0


def _after(setup: Setup, stances: str) -> Therapy:
    return play(setup, stances, len(stances))
