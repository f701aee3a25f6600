"""What choices add up to: a therapy as it was played beside the same two people with one stance in every session.

Once under the luck it was played under, and over many other draws, which all ways share: that separates what a way
does from what luck does. The choices of the one who played are then repeated in their order, session by session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dashboards.therapies.playing import play
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.therapy import NUMBER_LIMIT
from dashboards.therapies.wording import listed, share
from experiments.quantities.intervals import mean_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dashboards.therapies.therapy import Setup, Therapy
    from experiments.quantities.estimate import Estimate

__all__ = [
    "DRAWS",
    "Average",
    "averages",
    "finding",
    "under_same_draws",
    "ways",
]

DRAWS = 100
"""Draws over which ways are averaged."""

EVERY = 10
"""Draws after which a better average is given."""

LONGEST = 100
"""Sessions after which a therapy counts as going on."""

PLAYED = "As you played it"

ENDS = ("alliance", "trust", "distress")

LEAST = 0.01
"""Differences on [0, 1] below this are not worth the name."""


@dataclass(frozen=True, slots=True)
class Average:
    """What a way of holding sessions comes to.

    Attributes
    ----------
    way
        In words.
    draws
        Over how many draws.
    dropped_out
        Share of therapies.
    sessions, alliance, trust, distress
        Means; the last three at the end of the therapy, on [0, 1].
    beside
        How much higher each of `ENDS` is at the end than in the therapist's own way; empty for that way itself.
    """

    way: str
    draws: int
    dropped_out: float
    sessions: float
    alliance: float
    trust: float
    distress: float
    beside: tuple[tuple[str, Estimate], ...]


def ways(stances: str) -> tuple[tuple[str, str], ...]:
    """Return the ways that are compared, in words and letters: as played, their own way, each stance all along."""
    constant = tuple((one.title, letter * LONGEST) for letter, one in STANCES.items())
    own = (OWN_WAY.title, OWN_WAY.letter * LONGEST)
    others = tuple(way for way in constant if way != own)
    played = ((PLAYED, stances),) if set(stances) - {OWN_WAY.letter} else ()
    return (*played, own, *others)


def under_same_draws(setup: Setup, stances: str) -> tuple[tuple[str, Therapy], ...]:
    """Return each way's therapy under the draws of the therapy that was played, to its end."""
    return tuple((name, play(setup, letters, LONGEST)) for name, letters in ways(stances))


def averages(setup: Setup, stances: str, draws: int = DRAWS) -> Iterator[tuple[Average, ...]]:
    """Yield every way's average, over ever more draws: those of the other clients of the same clinic."""
    compared = ways(stances)
    ends: list[list[tuple[float, ...]]] = [[] for _ in compared]
    for draw in range(1, draws + 1):
        other = replace(setup, number=(setup.number + draw) % NUMBER_LIMIT)
        for (_, letters), rows in zip(compared, ends, strict=True):
            rows.append(_end(play(other, letters, LONGEST)))
        if draw % EVERY == 0 or draw == draws:
            tables = {name: np.array(rows) for (name, _), rows in zip(compared, ends, strict=True)}
            own = tables[OWN_WAY.title]
            yield tuple(_average(name, table, own) for name, table in tables.items())


def finding(of: tuple[Average, ...]) -> str:
    """Say what is more than luck: which ways end differently from the therapist's own, and in what."""
    said = []
    alike = []
    for one in of:
        clear = [
            _difference(name, gap)
            for name, gap in one.beside
            if gap.clear and abs(gap.value) >= LEAST
        ]
        if clear:
            said.append(f"“{one.way}”: {listed(clear)}.")
        elif one.beside:
            alike.append(f"“{one.way}”")
    text = [f"Over {of[0].draws} draws, at the end and beside the therapist’s own way:", *said]
    if alike:
        verb = "differs" if len(alike) == 1 else "differ"
        text.append(
            f"{listed(alike)} cannot be told from it or {verb} by less than {share(LEAST)}."
        )
    return " ".join(text)


def _difference(name: str, gap: Estimate) -> str:
    more = "higher" if gap.value > 0 else "lower"
    low, high = sorted((abs(gap.low), abs(gap.high)))
    return f"{name} {share(abs(gap.value))} {more} ({share(low)} to {share(high)})"


def _end(therapy: Therapy) -> tuple[float, ...]:
    state = therapy.state
    left = therapy.ending == "dropped_out"
    return float(left), float(len(therapy)), *(float(getattr(state, name)) for name in ENDS)


def _average(name: str, table: NDArray[np.float64], own: NDArray[np.float64]) -> Average:
    dropped_out, sessions, alliance, trust, distress = (float(one) for one in table.mean(axis=0))
    gaps = zip(ENDS, (table - own).T[2:], strict=True)
    beside = () if table is own else tuple((end, mean_of(gap)) for end, gap in gaps)
    return Average(name, len(table), dropped_out, sessions, alliance, trust, distress, beside)
