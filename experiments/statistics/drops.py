"""Drops of a score, and whether they are repaired soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["find_v_shapes", "repaired_in"]


def find_v_shapes(
    residual: Floats, sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
) -> tuple[Booleans, Integers]:
    """Find drops and repairs in detrended courses.

    Parameters
    ----------
    residual
        Shape (clients, sessions), ``nan`` where there is no score.
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
    return repaired_in(
        list(np.ascontiguousarray(residual.T)), sd, rule, within=within, tolerance=tolerance
    )


def repaired_in(
    courses: Sequence[Floats], sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
) -> tuple[Booleans, Integers]:
    """Return what `find_v_shapes` does of scores session by session.

    Parameters
    ----------
    courses
        Scores of each session; later ones may have those of the first few clients only, who come longest.
    sd, rule, within, tolerance
        As for `find_v_shapes`.
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
