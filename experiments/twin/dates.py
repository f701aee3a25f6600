"""New days for the sessions of a twin: other ones than in the records, spaced as there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.episodes import LONGEST_PAUSE
from experiments.twin.cell_texts import date_pattern

if TYPE_CHECKING:
    from experiments.tables.columns import Integers
    from experiments.twin.date_margins import Dates
    from experiments.twin.original import Original

__all__ = ["drawn_days", "written_days"]

EARLIEST, LATEST = 26, 104
"""Weeks by which the whole calendar is moved back, at least and at most: weekdays stay, and no day is ahead."""


def drawn_days(
    original: Original,
    dates: Dates,
    course: Integers,
    person: Integers,
    random: np.random.Generator,
) -> Integers:
    """Return the day of each row as an ordinal, shape (rows,)."""
    first = min(day.toordinal() for day in original.rows.dates if day is not None)
    first -= 7 * int(random.integers(EARLIEST, LATEST + 1))
    pause = LONGEST_PAUSE if original.wanted.pause is None else original.wanted.pause
    courses = int(course.max()) + 1
    begin = np.zeros(courses) if dates.begin is None else dates.begin.draw(courses, random)
    usual = [float(gap) for gap in dates.gaps.draw(len(course), random) if gap]
    usual = usual or [7.0] * len(course)
    seldom = dates.wide_gaps.draw(len(course), random) if dates.wide_gaps else np.array(usual)
    is_usual = random.random(len(course)) < dates.share_usual
    days = np.zeros(len(course), dtype=np.int64)
    end: dict[int, int] = {}
    for row, one in enumerate(course.tolist()):
        who = int(person[one])
        if row and course[row - 1] == one:
            gap = usual[row] if is_usual[row] else float(seldom[row])
            # A gap within a course is shorter than what parts two courses.
            days[row] = days[row - 1] + min(max(0, round(gap)), pause - 1 if pause else 10**6)
        elif who in end:
            more = float(dates.pause.draw(1, random)[0]) if dates.pause else 0.0
            days[row] = end[who] + max(pause + 1, round(more))
        else:
            days[row] = first + round(float(begin[one]))
        end[who] = int(days[row])
    return days


def written_days(
    original: Original, dates: Dates, days: Integers, random: np.random.Generator
) -> list[str]:
    """Write days as the records do, as many of them missing."""
    pattern = date_pattern(
        original.texts(original.rows.columns.names["date"]), original.wanted.dates
    )
    gone = random.random(len(days)) < dates.missing
    return [
        "" if missing else date.fromordinal(day).strftime(pattern)
        for day, missing in zip(days.tolist(), gone.tolist(), strict=True)
    ]
