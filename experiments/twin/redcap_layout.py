"""The rows of an export of REDCap: which kinds there are, what each holds, and which a client has at a session.

Every event, and every repeating instrument of an event, has rows of its own, in which the columns of all others are
empty. A twin has the same kinds of rows, with the same columns in each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.redcap import ARM, EVENT, IDENTIFIER, INSTANCE, INSTRUMENT, redcap_rows
from experiments.records.session_numbers import AFTER, session_text
from experiments.twin.margins import Categories
from experiments.twin.missing import MOST_NUMBERED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.cells import Cells
    from experiments.records.rows import CleanRows
    from experiments.tables.columns import Booleans, Integers

__all__ = ["Kind", "Layout", "Patterns", "layout_of", "learn_patterns"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows.

    Attributes
    ----------
    event, instrument
        As the export names them; empty where it has none.
    session
        The session that such rows are of; ``None`` where each has an instance, which says it.
    """

    event: str
    instrument: str
    session: int | None

    @property
    def arm(self) -> str:
        """The arm of the project that the event belongs to, as the end of its name says it."""
        found = re.search(r"_arm_\d+$", self.event) or ARM.search(self.event)
        return found[0] if found else ""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The kinds of rows of an export.

    Attributes
    ----------
    names
        Columns of REDCap's own, by what they are.
    kinds
        In the order in which a client's rows stand.
    has
        Which kinds each row in use was put together of, shape (rows, kinds).
    holds
        By column, which kinds ever have something in it, shape (kinds,).
    left_out
        Kinds of which no row is in use, as a message names them.
    """

    names: Mapping[str, str]
    kinds: tuple[Kind, ...]
    has: Booleans
    holds: Mapping[str, Booleans]
    left_out: tuple[str, ...]

    @property
    def written(self) -> frozenset[str]:
        """Columns of REDCap's own that say what a row is of, not whose it is."""
        return frozenset(name for what, name in self.names.items() if what != IDENTIFIER)

    def place_for(self, column: str, has: Booleans) -> Booleans:
        """Tell which rows, given by their kinds, have a place for something in a column, shape (rows,)."""
        return np.asarray(has[:, self.holds[column]].any(axis=1), dtype=bool)

    def own_cell(self, what: str, kind: Kind, session: int) -> str:
        """Return the cell of a row in one of REDCap's own columns; nothing where it says whose it is."""
        own = {
            EVENT: kind.event,
            INSTRUMENT: kind.instrument,
            INSTANCE: "" if kind.session is not None else str(session),
        }
        return own.get(what, "")


def layout_of(table: Cells, rows: CleanRows, declared: Mapping[str, object]) -> Layout | None:
    """Return the layout of an export of REDCap, ``None`` for another table.

    Parameters
    ----------
    table
        The export, without what programs put around it.
    rows
        Its rows in use, put together by client and session.
    declared
        Columns the user named.
    """
    export = redcap_rows(table, declared)
    if export is None:
        return None
    of = {
        pair: row
        for row, pair in enumerate(zip(rows.texts("client"), rows.texts("session"), strict=True))
    }
    client = table.columns[table.header.index(rows.columns.names["client"])]
    number_of: dict[Kind, int] = {}
    first: dict[Kind, tuple[float, int]] = {}
    pairs: list[tuple[int, int]] = []
    places: dict[int, list[int]] = defaultdict(list)
    lost: dict[str, None] = {}
    for place, (event, instrument, instance, number) in enumerate(
        zip(export.events, export.instruments, export.instances, export.numbers, strict=True)
    ):
        row = of.get((client[place], session_text(number)))
        if row is None:
            lost.setdefault(" ".join(filter(None, (event, instrument))))
            continue
        kind = Kind(event, instrument, None if instance else int(number))
        one = number_of.setdefault(kind, len(number_of))
        first[kind] = min(first.get(kind, (number, place)), (number, place))
        pairs.append((row, one))
        places[one].append(place)
    kinds = sorted(number_of, key=lambda one: _order(one, first))
    rank = {number_of[kind]: place for place, kind in enumerate(kinds)}
    has = np.zeros((len(rows), len(kinds)), dtype=bool)
    for row, one in pairs:
        has[row, rank[one]] = True
    holds = {}
    for name, cells in zip(table.header, table.columns, strict=True):
        filled = np.array([bool(cell) for cell in cells])
        holds[name] = np.array(
            [filled[places[number_of[kind]]].any() for kind in kinds], dtype=bool
        )
    used = {" ".join(filter(None, (kind.event, kind.instrument))) for kind in kinds}
    return Layout(export.columns, tuple(kinds), has, holds, tuple(n for n in lost if n not in used))


def _order(kind: Kind, first: Mapping[Kind, tuple[float, int]]) -> tuple[object, ...]:
    """Sort as REDCap does: by event, within it first what does not repeat."""
    event = min(when for one, when in first.items() if one.event == kind.event)
    instrument = min(
        when
        for one, when in first.items()
        if (one.event, one.instrument) == (kind.event, kind.instrument)
    )
    return (event, kind.instrument != "", instrument[1], first[kind])


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
    """Return the patterns of each session; where few have it, those of all later ones, as far as instances go."""
    numbered = np.array([kind.session is None for kind in layout.kinds])
    fixed = [kind.session + 1 for kind in layout.kinds if kind.session not in {None, AFTER}]
    found: list[Categories] = []
    for number in range(max(MOST_NUMBERED, *fixed, 0)):
        here = _of(layout.has, person, own & (sessions == number))
        if number and not here.entries:
            later = own & (sessions >= number) & (sessions < AFTER)
            pooled = _of(layout.has & numbered, person, later)
            if pooled.entries:
                found.append(pooled)
                break
        found.append(here)
    return tuple(found)


def _of(has: Booleans, person: Integers, chosen: Booleans) -> Categories:
    chosen = chosen & has.any(axis=1)
    entries = [" ".join(map(str, np.flatnonzero(row))) for row in has[chosen]]
    return Categories.of(entries, person[chosen].tolist())
