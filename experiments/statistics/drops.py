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
    session = np.ascontiguousarray(residual.T)
    drops = np.zeros(session.shape[1], dtype=np.int64)
    with np.errstate(invalid="ignore"):
        for s in range(1, len(session)):
            drops += session[s] <= session[s - 1] - rule * sd
    return repaired_in(list(session), sd, rule, within=within, tolerance=tolerance)[0], drops


def repaired_in(
    courses: Sequence[Floats], sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
) -> tuple[Booleans, int]:
    """Return who has a repaired drop, and how many drops there are in all.

    Parameters
    ----------
    courses
        Scores of each session; later ones may have those of the first few clients only, who come longest.
    sd, rule, within, tolerance
        As for `find_v_shapes`.
    """
    repaired = np.zeros(len(courses[0]) if courses else 0, dtype=bool)
    drops = 0
    with np.errstate(invalid="ignore"):
        for s in range(1, len(courses)):
            here = courses[s]
            before = courses[s - 1][: len(here)]
            dropped = np.flatnonzero(here <= before - rule * sd)
            drops += dropped.size
            dropped = dropped[~repaired[dropped]]
            enough = before[dropped] - tolerance * sd
            for later in courses[s + 1 : s + 1 + within]:
                there = int(np.searchsorted(dropped, len(later)))
                back = later[dropped[:there]] >= enough[:there]
                repaired[dropped[:there][back]] = True
    return repaired, drops
