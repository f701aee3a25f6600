"""Drops of a score, and whether they are repaired soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["TOLERANCE", "repaired_by", "repaired_in"]

TOLERANCE = 0.25
"""Standard deviations by which a repaired drop may stay below where it began."""


def repaired_in(
    courses: Sequence[Floats],
    sd: float,
    rule: float,
    *,
    within: int = 3,
    tolerance: float = TOLERANCE,
) -> tuple[Booleans, Integers]:
    """Find drops and repairs in detrended courses, session by session.

    Parameters
    ----------
    courses
        Scores of each session, ``nan`` where there is none; later ones may have those of the first few clients only,
        who come longest.
    sd
        Pooled within-client standard deviation.
    rule
        A drop is a fall of at least this many `sd` from the session before.
    within, tolerance
        A drop is repaired when, within so many sessions, the score is back at no less than
        `tolerance` · `sd` below where it was before.

    Returns
    -------
    repaired, drops
        Whether each client has a repaired drop; how many drops each has.
    """
    return repaired_by(courses, rule * sd, tolerance * sd, within=within)


def repaired_by(
    courses: Sequence[Floats], fall: float, short: float, *, within: int = 3
) -> tuple[Booleans, Integers]:
    """Do what `repaired_in` does, by how many points a drop falls at least, and how many a repair may be short of.

    Fewer points to fall never make fewer drops, and more points to be short of never fewer repairs.
    """
    clients = len(courses[0]) if courses else 0
    repaired, drops = np.zeros(clients, dtype=bool), np.zeros(clients, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        for s in range(1, len(courses)):
            here = len(courses[s])
            before = courses[s - 1][:here]
            dropped = courses[s] <= before - fall
            drops[:here] += dropped
            highest = _highest_of(courses[s + 1 : s + 1 + within])
            there = len(highest)
            repaired[:there] |= dropped[:there] & (highest >= before[:there] - short)
    return repaired, drops


def _highest_of(courses: Sequence[Floats]) -> Floats:
    """Return the highest score of each client in some sessions, ``nan`` for those with none; of the first session."""
    if not courses:
        return np.zeros(0)
    highest = courses[0].copy()
    for later in courses[1:]:
        np.fmax(highest[: len(later)], later, out=highest[: len(later)])
    return highest
