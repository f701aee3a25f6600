"""Of which kinds of rows a session is made in an export of REDCap: learned from one, and drawn for a twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.session_numbers import AFTER
from experiments.twin.margins import Categories
from experiments.twin.missing import MOST_NUMBERED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.columns import Booleans, Integers
    from experiments.twin.redcap_layout import Kind, Layout

__all__ = ["Patterns", "learn_patterns"]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Of which kinds of rows a session is made, by the group that a course belongs to.

    Attributes
    ----------
    groups
        How many courses are in each: those of an arm of the project that have the same repeating instruments at all.
    arms
        Arms of the project among them.
    by_session, after
        Kinds by session number (0 intake; the last one stands for all later ones), and after the last session, by
        group. An entry has the numbers of the kinds.
    """

    groups: Categories
    arms: tuple[str, ...]
    by_session: Mapping[str, tuple[Categories, ...]]
    after: Mapping[str, Categories]

    def draw(
        self, layout: Layout, course: Integers, session: Integers, random: np.random.Generator
    ) -> Booleans:
        """Draw the kinds of each row, shape (rows, kinds); a row that can be of none has none.

        Parameters
        ----------
        layout
            The kinds.
        course, session
            Number of the course, and of the session, of each row.
        """
        has = np.zeros((len(course), len(layout.kinds)), dtype=bool)
        if not course.size or not self.groups.entries:
            return has
        group = np.array(self.groups.draw(int(course.max()) + 1, random), dtype=object)[course]
        fixed = np.array([-1 if one.session is None else one.session for one in layout.kinds])
        for name in sorted(set(group.tolist())):
            numbered = self.by_session[name]
            for number in np.unique(session[group == name]).tolist():
                here = np.flatnonzero((group == name) & (session == number))
                entries = (
                    self.after[name]
                    if number == AFTER
                    else numbered[min(number, len(numbered) - 1)]
                ).draw(here.size, random)
                fits = (fixed == number) | (fixed < 0)
                for row, entry in zip(here.tolist(), entries, strict=True):
                    has[row, [int(one) for one in entry.split()]] = True
                has[here] &= fits
        return has

    def rare(self, layout: Layout) -> tuple[Mapping[str, int], tuple[Kind, ...]]:
        """Return what is never drawn, as fewer than five clients share it.

        Returns
        -------
        tuple
            The last session by arm, where an arm has events for sessions above it and no instances; and all other
            kinds, in the order of the layout.
        """
        every = (
            *(one for several in self.by_session.values() for one in several),
            *self.after.values(),
        )
        drawn = {int(one) for found in every for entry in found.entries for one in entry.split()}
        rest = [kind for place, kind in enumerate(layout.kinds) if place not in drawn]
        last = {}
        for arm in self.arms:
            own = [(place, kind) for place, kind in enumerate(layout.kinds) if kind.arm == arm]
            if all(kind.session is not None for _, kind in own):
                end = max((_fixed(kind) for place, kind in own if place in drawn), default=0)
                if any(_fixed(kind) > end for _, kind in own):
                    last[arm] = end
        others = (kind for kind in rest if kind.arm not in last or _fixed(kind) <= last[kind.arm])
        return last, tuple(others)


MOST = 0.8
"""Share of courses that are in groups of five clients or more, below which groups are arms alone."""


def learn_patterns(
    layout: Layout, sessions: Integers, course: Integers, person: Integers, use: Booleans
) -> Patterns:
    """Learn from the rows that `use` says; a pattern that fewer than five clients have is none."""
    arm_of: dict[int, str] = {}
    repeating = np.array([kind.session is None for kind in layout.kinds])
    ever = np.zeros((int(course.max()) + 1, len(layout.kinds)), dtype=bool)
    np.logical_or.at(ever, course[use], layout.has[use] & repeating)
    for one, row in zip(course[use].tolist(), layout.has[use], strict=True):
        arm_of.setdefault(one, layout.kinds[int(row.argmax())].arm)
    whose = dict(zip(course.tolist(), person.tolist(), strict=True))
    # Who never has an instrument is another than who lacks it at a session.
    group_of = {one: f"{arm} {np.flatnonzero(ever[one])}" for one, arm in arm_of.items()}
    groups = Categories.of(group_of.values(), map(whose.__getitem__, group_of))
    if sum(one in groups.entries for one in group_of.values()) < MOST * len(group_of):
        group_of = arm_of
        groups = Categories.of(group_of.values(), map(whose.__getitem__, group_of))
    group = np.array([group_of.get(one, "") for one in course.tolist()], dtype=object)
    by_session = {}
    after = {}
    for name in groups.entries:
        own = use & (group == name)
        by_session[name] = _by_session(layout, sessions, person, own)
        after[name] = _of(layout.has, person, own & (sessions == AFTER))
    arms = {arm for one, arm in arm_of.items() if group_of[one] in groups.entries}
    return Patterns(groups, tuple(sorted(arms)), by_session, after)


def _by_session(
    layout: Layout, sessions: Integers, person: Integers, own: Booleans
) -> tuple[Categories, ...]:
    """Return the patterns of each session; the last one, beyond all events, stands for all later ones.

    Where few have a session, instances are as at all later ones, and where few have those, as at any; an event of few
    is none.
    """
    numbered = np.array([kind.session is None for kind in layout.kinds])
    last = max((_fixed(kind) for kind in layout.kinds), default=0)
    held = own & (sessions > 0) & (sessions < AFTER)
    found: list[Categories] = []
    for number in range(max(MOST_NUMBERED, last + 2)):
        here = _of(layout.has, person, own & (sessions == number))
        few = number > 0 and not here.entries
        if few:
            here = _of(layout.has & numbered, person, held & (sessions >= number))
        if few and not here.entries:
            here = _of(layout.has & numbered, person, held)
        found.append(here)
        if few and number > last:
            break
    return tuple(found)


def _fixed(kind: Kind) -> int:
    """Return the session of an event that is one; 0 for other kinds."""
    return 0 if kind.session is None or kind.session == AFTER else kind.session


def _of(has: Booleans, person: Integers, chosen: Booleans) -> Categories:
    chosen = chosen & has.any(axis=1)
    entries = [" ".join(map(str, np.flatnonzero(row))) for row in has[chosen]]
    return Categories.of(entries, person[chosen].tolist())
