"""What is learned of the days of sessions: beginnings of courses, spacing, and how long clients stay away."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from experiments.twin.margins import Categories, Quantiles

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans
    from experiments.twin.original import Original

__all__ = ["Dates", "learn_dates"]


@dataclass(frozen=True, slots=True)
class Dates:
    """When sessions are: beginnings as days from the first one, spacing in days, and how often a date is missing."""

    begin: Quantiles | None
    gaps: Categories
    wide_gaps: Quantiles | None
    share_usual: float
    missing: float
    pause: Quantiles | None


def learn_dates(original: Original, use: Booleans) -> Dates | None:
    """Learn from the rows that `use` says; ``None`` where none of them has a day."""
    use = use & original.place_for(original.rows.columns.names["date"])
    days = np.array(
        [np.nan if day is None else day.toordinal() for day in original.rows.dates],
        dtype=np.float64,
    )[use]
    course, person = original.course[use], original.person[use]
    sessions = original.rows.sessions[use]
    order = np.lexsort((sessions, course))
    days, course, person = days[order], course[order], person[order]
    known = np.isfinite(days)
    if not known.any():
        return None
    d, c, p = days[known], course[known], person[known]
    same = c[1:] == c[:-1]
    gaps = np.diff(d)[same]
    of = p[1:][same]
    usual = Categories.of([f"{gap:.0f}" for gap in gaps], of.tolist())
    common = np.isin(gaps, [float(one) for one in usual.entries])
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for day, one in zip(d.tolist(), c.tolist(), strict=True):
        starts.setdefault(one, day)
        ends[one] = day
    who = dict(zip(c.tolist(), p.tolist(), strict=True))
    first = min(starts.values())
    begin = np.array([day - first for day in starts.values()])
    runs: dict[int, list[int]] = {}
    for one in sorted(starts, key=lambda key: starts[key]):
        runs.setdefault(who[one], []).append(one)
    pauses = [
        (starts[later] - ends[earlier], client)
        for client, several in runs.items()
        for earlier, later in pairwise(several)
    ]
    pause, paused = np.array(pauses, dtype=np.float64).reshape(-1, 2).T
    return Dates(
        begin=Quantiles.of(begin, np.array([who[one] for one in starts])),
        gaps=usual,
        wide_gaps=Quantiles.of(gaps[~common], of[~common]),
        share_usual=float(common.mean()) if len(gaps) else 1.0,
        missing=float(1.0 - known.mean()),
        pause=Quantiles.of(pause, paused.astype(np.int64)),
    )
