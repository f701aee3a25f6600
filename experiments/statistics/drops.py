"""Drops of a score, and whether they are repaired soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["repaired_in"]


def repaired_in(
    courses: Sequence[Floats], sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
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
    clients = len(courses[0]) if courses else 0
    repaired, drops = np.zeros(clients, dtype=bool), np.zeros(clients, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        for s in range(1, len(courses)):
            here = len(courses[s])
            before = courses[s - 1][:here]
            dropped = courses[s] <= before - rule * sd
            drops[:here] += dropped
            enough = before - tolerance * sd
            for later in courses[s + 1 : s + 1 + within]:
                there = len(later)
                repaired[:there] |= dropped[:there] & (later >= enough[:there])
    return repaired, drops
