"""Where a column has nothing: how often at each session, and for how many courses throughout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.session_numbers import AFTER
from experiments.twin.margins import SMALLEST_CELL

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["MOST_NUMBERED", "Missing", "before_the_last"]

MOST_NUMBERED = 60
"""Sessions of which the share is learned one by one."""

ALIKE, APART = 0.1, 0.5
"""Shares that are alike, and apart, as a regular schedule has them."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How often a column has nothing.

    Attributes
    ----------
    by_session
        Share of rows, by session number (0 intake), among courses that have anything; the last one stands for all
        later ones.
    after
        The same after the last session.
    never
        Share of courses that have nothing at all.
    """

    by_session: tuple[float, ...]
    after: float
    never: float

    @classmethod
    def of(
        cls,
        gone: Booleans,
        course: Integers,
        sessions: Integers,
        person: Integers,
        there: Booleans,
    ) -> Missing:
        """Learn from rows, shape (rows,) each: whether nothing is there, and whose and when it is.

        A share that fewer than five clients would say is the usual one, and all where nobody has such a row. Rows
        that have no place for anything (`there`) do not count.
        """
        gone, course = gone[there], course[there]
        sessions, person = sessions[there], person[there]
        with_any = np.unique(course[~gone])
        some = np.isin(course, with_any)
        usual = float(gone[some].mean()) if some.any() else 1.0
        shares: list[float] = []
        for number in range(MOST_NUMBERED):
            here = some & (sessions == number)
            if number and _few(person[here]):
                later = some & (sessions >= number) & (sessions < AFTER)
                shares.append(
                    (shares or [0.0])[-1] if _few(person[later]) else float(gone[later].mean())
                )
                break
            shares.append(_share(gone[here], person[here], usual))
        after = some & (sessions == AFTER)
        courses = len(np.unique(course))
        return cls(
            tuple(shares),
            _share(gone[after], person[after], usual),
            1.0 - len(with_any) / courses if courses else 1.0,
        )

    def going_on(self, gone: Booleans, sessions: Integers, person: Integers) -> Missing:
        """Let the schedule of the earlier sessions, if it is a regular one, go on where few clients have a session.

        The share at each place of the schedule is that of all sessions at this place, of five clients or more.

        Parameters
        ----------
        gone, sessions, person
            Whether a session has nothing, its number, and whose it is, shape (sessions,).
        """
        single = np.array(self.by_session[1:-1])
        period = _period_of(single)
        if period is None:
            return self
        shares = {}
        for place in range(period):
            here = sessions % period == place
            if _few(person[here]):
                return self
            shares[place] = float(gone[here & (sessions >= period)].mean())
        later = range(len(self.by_session) - 1, MOST_NUMBERED)
        goes_on = (*self.by_session[:-1], *(shares[number % period] for number in later))
        return replace(self, by_session=(*goes_on, self.by_session[-1]))

    def draw(self, course: Integers, session: Integers, random: np.random.Generator) -> Booleans:
        """Draw which rows have nothing, shape (rows,)."""
        if not len(course):
            return np.zeros(0, dtype=bool)
        shares = np.array(self.by_session)
        share = shares[np.minimum(session, len(shares) - 1)]
        share = np.where(session == AFTER, self.after, share)
        gone = random.random(len(session)) < share
        never = random.random(int(course.max()) + 1) < self.never
        found: Booleans = gone | never[course]
        return found


def before_the_last(length: Integers) -> tuple[Integers, Integers]:
    """Return the course and the number of every session but the last, by the length of each course."""
    earlier = np.maximum(length - 1, 0)
    of = np.repeat(np.arange(len(length)), earlier)
    number = 1 + np.arange(len(of)) - np.repeat(np.cumsum(earlier) - earlier, earlier)
    return of, number


def _period_of(shares: Floats) -> int | None:
    """Return after how many sessions shares, from that of session 1, come again; ``None`` if they do not.

    They come again three times or more, within a tenth, and differ by half or more between places. What comes
    before the first whole period does not count: many ask at the first session, too.
    """
    number = np.arange(1, len(shares) + 1)
    for period in range(2, len(shares) // 3 + 1):
        counted = number >= period
        means = [shares[counted & (number % period == place)] for place in range(period)]
        if max(map(np.ptp, means)) <= ALIKE and np.ptp([one.mean() for one in means]) >= APART:
            return period
    return None


def _few(person: Integers) -> bool:
    """Whether rows are of fewer clients than a number may rest on."""
    return len(np.unique(person)) < SMALLEST_CELL


def _share(gone: Booleans, person: Integers, usual: float) -> float:
    if not gone.size:
        return 1.0
    return usual if _few(person) else float(gone.mean())
