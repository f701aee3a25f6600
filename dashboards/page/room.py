"""What the session room of the page needs beside the model: what one would say, what is offered, where to begin."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboards.addresses.address import SEED, PageState
from dashboards.therapies.offers import OFFERS, SAYS, offered
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.prediction import EXPECTATIONS, RULE
from dashboards.therapies.stances import OWN_WAY
from dashboards.therapies.story import STRAINED
from dashboards.therapies.therapy import Setup
from dashboards.therapies.therapy_state import FIELDS
from simulation.presets import layered

__all__ = ["PRESET", "first_visit", "meeting", "room", "traits_of"]

CLIENT, THERAPIST = "wary", "warm"
PRESET = PageState.preset
"""Where an address names no preset, the page means the one that the dashboard means."""

SEEDS = range(1, 41)


def room() -> dict[str, Any]:
    """Return what the room shows that is not in the model's own tables."""
    return {
        "says": dict(SAYS),
        "offers": dict(OFFERS),
        "strained": STRAINED,
        "expectations": [list(one) for one in EXPECTATIONS],
        "rule": RULE,
        "first": {"client": CLIENT, "therapist": THERAPIST, "seed": str(first_visit())},
        "preset": PRESET,
        "unsaid": {
            "client": FIELDS["client"].start,
            "therapist": FIELDS["therapist"].start,
            "seed": str(SEED),
        },
    }


def traits_of(setup: Setup) -> dict[str, float]:
    """Return every trait of both people, by the names that an address has for them."""
    therapist = {**setup.therapist._asdict(), "fatigue": setup.fatigue}
    return {
        **{f"client.{name}": value for name, value in setup.client._asdict().items()},
        **{f"therapist.{name}": value for name, value in therapist.items()},
    }


def meeting(seed: int) -> Setup:
    """Return how the two meet with whom a newcomer begins."""
    return Setup.of(CLIENT, THERAPIST, layered([PRESET]), seed)


@cache
def first_visit() -> int:
    """Return the seed under which the first choice of all matters most to trust.

    A newcomer meets a choice that matters; the page says that most choices matter less.
    """

    def spread(seed: int) -> float:
        setup = meeting(seed)
        situation = play(setup, "", 0).situation
        assert situation is not None, "a therapy begins with a session to come"
        others = counterfactuals(setup, "", 1, 1)
        own = play(setup, "", 1)
        letters = offered(situation)
        trust = [
            (own if letter == OWN_WAY.letter else others[letter]).state.trust for letter in letters
        ]
        return max(trust) - min(trust)

    return max(SEEDS, key=spread)
