"""Courses of the same client: a treatment that begins again after a long time is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.records.coded import in_order
from experiments.records.values import NO_DAY

if TYPE_CHECKING:
    from experiments.tables.columns import Integers

__all__ = ["LONGEST_PAUSE", "courses_by_date"]

LONGEST_PAUSE = 365
"""Days without a session after which the next one begins another course."""


def courses_by_date(client: Integers, days: Integers, pause: int) -> Integers:
    """Return the number of the course each row belongs to, from 0, shape (rows,).

    Parameters
    ----------
    client
        Number of the client whose row it is.
    days
        When, as the number of a day; a row without one (`NO_DAY`) belongs to the first course.
    pause
        Days without a session after which another course begins; 0 for never.
    """
    courses = np.zeros(len(client), dtype=np.int64)
    dated = np.flatnonzero(days != NO_DAY)
    if pause <= 0 or not dated.size:
        return courses
    order = dated[in_order(client[dated], days[dated])]
    client, days = client[order], days[order]
    same = client[1:] == client[:-1]
    begins = np.concatenate([[0], np.cumsum(same & (np.diff(days) >= pause))])
    first = np.concatenate([[True], ~same])
    of_client = np.repeat(begins[first], np.diff(np.flatnonzero(first), append=len(order)))
    courses[order] = begins - of_client
    return courses
