"""Courses of the same client: a treatment that begins again after a long time is another one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import date

    from experiments.tables.columns import Integers

__all__ = ["LONGEST_PAUSE", "courses_by_date"]

LONGEST_PAUSE = 365
"""Days without a session after which the next one begins another course."""


def courses_by_date(
    clients: Sequence[Hashable], dates: Sequence[date | None], pause: int
) -> Integers:
    """Return the number of the course each row belongs to, from 0, shape (rows,).

    Parameters
    ----------
    clients
        Whose row it is.
    dates
        When; a row without a date belongs to the first course.
    pause
        Days without a session after which another course begins; 0 for never.
    """
    courses = np.zeros(len(clients), dtype=np.int64)
    if pause <= 0 or all(day is None for day in dates):
        return courses
    rows_of: dict[Hashable, list[tuple[date, int]]] = defaultdict(list)
    for row, (client, day) in enumerate(zip(clients, dates, strict=True)):
        if day is not None:
            rows_of[client].append((day, row))
    for visits in rows_of.values():
        visits.sort()
        course, last = 0, visits[0][0]
        for day, row in visits:
            course += (day - last).days >= pause
            courses[row] = course
            last = day
    return courses
