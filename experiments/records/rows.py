"""The rows of a file that can be used: whose they are, of which session, and when.

Nothing is repaired in silence: a row that cannot be used is left out and named in a note.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.cells import rows_text
from experiments.records.coded import CodedCells, coded, in_order
from experiments.records.episodes import LONGEST_PAUSE, courses_by_date
from experiments.records.session_numbers import AFTER, MOST_SESSIONS, read_sessions
from experiments.records.values import NO_DAY, read_dates, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from experiments.records.cells import Cells
    from experiments.records.columns import ColumnChoice
    from experiments.records.values import Numbers
    from experiments.tables.columns import Booleans, Integers

__all__ = ["CleanRows", "ClientKey", "clean_rows"]

ClientKey = tuple[str, str, str]
"""Study, client and course of treatment; the course is empty where a client has only one."""

UNNUMBERED = -1


@dataclass(frozen=True, slots=True, eq=False)
class CleanRows:
    """Rows of a file that can be used, in the order of the file.

    Attributes
    ----------
    cells, columns
        The whole file, and which of its columns holds what.
    places
        Place of each row in the file, shape (rows,), as are all that follow.
    client
        Whose it is, as the place of the client among `keys`.
    sessions
        Number of the session; 0 is intake, `AFTER` a measurement after the last one.
    days
        Day as its number in the calendar (`datetime.date.toordinal`); `NO_DAY` where there is none, or none that can
        be read.
    keys
        The clients. Not all of them need to have a row.
    notes
        What was found, guessed and left out so far.
    """

    cells: Cells
    columns: ColumnChoice
    places: Integers
    client: Integers
    sessions: Integers
    days: Integers
    keys: tuple[ClientKey, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def clients(self) -> tuple[ClientKey, ...]:
        """Whose each row is."""
        return tuple(map(self.keys.__getitem__, self.client.tolist()))

    @property
    def dates(self) -> tuple[date | None, ...]:
        """When each row was; ``None`` where there is no date, or none that can be read."""
        of_day = {day: date.fromordinal(day) for day in set(self.days.tolist()) - {NO_DAY}}
        return tuple(of_day.get(day) for day in self.days.tolist())

    def has(self, meaning: str) -> bool:
        """Whether the file has a column for this meaning."""
        return meaning in self.columns.places

    def coded(self, meaning: str) -> CodedCells:
        """Return the cells of the column for a meaning."""
        return coded(self.cells.columns[self.columns.places[meaning]]).at(self.places)

    def texts(self, meaning: str) -> list[str]:
        return list(self.coded(meaning))

    def numbers(self, column: int, missing: Sequence[str] = ()) -> Numbers:
        """Return a column of the file as numbers; how decimals are written is seen from all its cells."""
        return read_numbers(self.cells.columns[column], missing).at(self.places)

    def name(self, rows: Iterable[int] | Booleans) -> str:
        """Name rows, given by number or by a mask, as the file counts them: ``"rows 3, 7"``."""
        if isinstance(rows, np.ndarray):
            rows = np.flatnonzero(rows)
        return rows_text([self.cells.lines[self.places[row]] for row in rows])

    def noting(self, *notes: str) -> CleanRows:
        return replace(self, notes=(*self.notes, *notes))

    def without(self, rows: Booleans, why: str) -> CleanRows:
        """Return the other rows, with a note if there are any to leave out."""
        if not rows.any():
            return self
        stay = np.flatnonzero(~rows)
        return replace(
            self,
            places=self.places[stay],
            client=self.client[stay],
            sessions=self.sessions[stay],
            days=self.days[stay],
            notes=(*self.notes, f"Left out {self.name(rows)}: {why}."),
        )


def clean_rows(
    cells: Cells,
    columns: ColumnChoice,
    *,
    longest_pause: int = LONGEST_PAUSE,
    dates: str | None = None,
) -> CleanRows:
    """Return the rows that can be used; there may be none.

    Parameters
    ----------
    cells, columns
        The file, and what its columns hold.
    longest_pause
        Days without a session after which a client begins another course; 0 for never.
    dates
        How dates are written; ``None`` for what most of them fit.
    """
    rows = _all_rows(cells, columns, dates)
    nobody = np.array([not client for _, client, _ in rows.keys], dtype=bool)
    rows = rows.without(nobody[rows.client], "no client")
    rows = _by_course(rows, longest_pause)
    rows = _with_session_numbers(rows) if rows.has("session") else _numbered_by_date(rows)
    rows = _without_doubles(rows)
    return rows.noting(*_notes_on_order(rows), *_notes_on_gaps(rows))


def _all_rows(cells: Cells, columns: ColumnChoice, form: str | None) -> CleanRows:
    none = CodedCells(("",), np.zeros(len(cells.lines), dtype=np.int64))
    texts = {meaning: coded(cells.columns[place]) for meaning, place in columns.places.items()}
    dates = read_dates(texts.get("date", none), form)
    notes = [*cells.notes, *columns.notes]
    if dates.note:
        notes.append(dates.note)
    if dates.unreadable:
        lines = [cells.lines[place] for place in dates.unreadable]
        notes.append(f"No date can be read in {rows_text(lines)}.")
    parts = texts.get("study", none), texts["client"], texts.get("episode", none)
    client, keys = _together(*parts)
    return CleanRows(
        cells=cells,
        columns=columns,
        places=np.arange(len(cells.lines), dtype=np.int64),
        client=client,
        sessions=np.full(len(cells.lines), UNNUMBERED, dtype=np.int64),
        days=dates.days,
        keys=keys,
        notes=tuple(notes),
    )


def _together(
    study: CodedCells, client: CodedCells, course: CodedCells
) -> tuple[Integers, tuple[ClientKey, ...]]:
    """Return which client each row is of, and the clients by study, name and course."""
    if len(study.words) == len(course.words) == 1:
        return client.codes, tuple((*study.words, name, *course.words) for name in client.words)
    code = (study.codes * len(client.words) + client.codes) * len(course.words) + course.codes
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    rows = first.tolist()
    return number.astype(np.int64), tuple((study[r], client[r], course[r]) for r in rows)


def _by_course(rows: CleanRows, longest_pause: int) -> CleanRows:
    """Tell courses of the same client apart, by a column for them or by a long pause."""
    if rows.has("episode"):
        return rows
    courses = courses_by_date(rows.client, rows.days, longest_pause)
    if not courses.any():
        return rows
    again = np.zeros(len(rows.keys), dtype=bool)
    again[rows.client[courses > 0]] = True
    most = int(courses.max()) + 1
    code, client = np.unique(rows.client * most + courses, return_inverse=True)
    keys = tuple(
        (study, name, str(course + 1) if again[number] else "")
        for number, course in zip((code // most).tolist(), (code % most).tolist(), strict=True)
        for study, name, _ in (rows.keys[number],)
    )
    clients = int((np.bincount(rows.client) > 0).sum())
    return replace(rows, client=client.astype(np.int64), keys=keys).noting(
        f"{int(again.sum())} of {clients} clients come again after {longest_pause} days or more:"
        f" {len(keys)} courses, each counted as a client of its own (else --pause DAYS); later ones"
        f" are {rows.name(courses > 0)}."
    )


def _with_session_numbers(rows: CleanRows) -> CleanRows:
    numbers = read_sessions(rows.coded("session"))
    usable = np.isfinite(numbers)
    numbered = replace(rows, sessions=np.where(usable, numbers, UNNUMBERED).astype(np.int64))
    numbered = numbered.without(
        ~usable,
        f"the session number is not a whole number from 0 to {MOST_SESSIONS}, nor a word for intake or"
        " the end",
    )
    numbered = _counted_from_one(numbered)
    after = numbered.sessions == AFTER
    if after.any():
        numbered = numbered.noting(
            f"Measurements after the last session, not sessions: {numbered.name(after)}; their scores are"
            " the last."
        )
    return numbered


def _counted_from_one(rows: CleanRows) -> CleanRows:
    """Count the sessions of a later course from 1 where the file goes on counting."""
    if rows.has("episode") or not any(course for _, _, course in rows.keys):
        return rows
    later = np.array([course.isdigit() and int(course) > 1 for _, _, course in rows.keys])
    first = np.full(len(rows.keys), AFTER, dtype=np.int64)
    np.minimum.at(first, rows.client, rows.sessions)
    shifted = later & (first > 1) & (first < AFTER)
    if not shifted.any():
        return rows
    moved = np.where(shifted, first - 1, 0)[rows.client]
    sessions = np.where(rows.sessions == AFTER, AFTER, rows.sessions - moved)
    return replace(rows, sessions=sessions).noting(
        f"Session numbers go on in {int(shifted.sum())} later courses; they are counted from 1 in"
        f" {rows.name(moved > 0)}."
    )


def _numbered_by_date(rows: CleanRows) -> CleanRows:
    rows = rows.without(rows.days == NO_DAY, "neither session number nor date")
    order = in_order(rows.client, rows.days)
    client = rows.client[order]
    begin = np.flatnonzero(np.diff(client, prepend=-1))
    number = np.arange(len(order)) - np.repeat(begin, np.diff(begin, append=len(order)))
    sessions = np.zeros(len(rows), dtype=np.int64)
    sessions[order] = number + 1
    return replace(rows, sessions=sessions).noting(
        "There are no session numbers; sessions are counted by date."
    )


def _without_doubles(rows: CleanRows) -> CleanRows:
    """Use one of several equal rows; leave out all rows that contradict each other."""
    order = in_order(rows.client, rows.sessions)
    client, number = rows.client[order], rows.sessions[order]
    alike = (client[1:] == client[:-1]) & (number[1:] == number[:-1])
    if not alike.any():
        return rows
    same_session: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place in np.flatnonzero(np.append(alike, False) | np.append(False, alike)).tolist():
        same_session[int(client[place]), int(number[place])].append(int(order[place]))
    copies = np.zeros(len(rows), dtype=bool)
    contradicting = np.zeros(len(rows), dtype=bool)
    for together in same_session.values():
        contents = {
            tuple(column[rows.places[row]] for column in rows.cells.columns) for row in together
        }
        if len(contents) == 1:
            copies[together[1:]] = True
        else:
            contradicting[together] = True
    contradictions = contradicting[~copies]
    rows = rows.without(copies, "copies of a row above, word for word")
    return rows.without(contradictions, "the same session of the same client twice, not alike")


def _notes_on_order(rows: CleanRows) -> Iterator[str]:
    """Say where the rows of a client are not in the order of their session numbers."""
    if not rows.has("session"):
        return
    order = in_order(rows.client)
    client, number = rows.client[order], rows.sessions[order]
    back = (client[1:] == client[:-1]) & (number[1:] < number[:-1])
    if back.any():
        yield (
            f"Session numbers go back in {rows.name(order[1:][back].tolist())}; sessions are taken by their"
            " number."
        )


def _notes_on_gaps(rows: CleanRows) -> Iterator[str]:
    """Say where dates contradict session numbers, and which sessions are missing."""
    order = in_order(rows.client, rows.sessions)
    dated = order[rows.days[order] != NO_DAY]
    client, day = rows.client[dated], rows.days[dated]
    too_early = (client[1:] == client[:-1]) & (day[1:] < day[:-1])
    if too_early.any():
        yield (
            "The date is before that of an earlier session in"
            f" {rows.name(dated[1:][too_early].tolist())}; sessions are taken by their number."
        )
    held = order[rows.sessions[order] != AFTER]
    client, number = rows.client[held], rows.sessions[held]
    expected = np.ones(len(held), dtype=np.int64)
    again = client[1:] == client[:-1]
    expected[1:][again] = number[:-1][again] + 1
    gap = np.maximum(number - expected, 0)
    if gap.any():
        yield (
            f"Sessions are missing before {rows.name(held[gap > 0].tolist())} ({int(gap.sum())} in all);"
            " they count as attended, without scores."
        )
