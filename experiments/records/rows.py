"""The rows of a file that can be used: whose they are, of which session, and when.

Nothing is repaired in silence: a row that cannot be used is left out and named in a note.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.cells import rows_text
from experiments.records.episodes import LONGEST_PAUSE, courses_by_date
from experiments.records.session_numbers import AFTER, MOST_SESSIONS, read_sessions
from experiments.records.values import read_dates, read_numbers

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
    clients
        Whose it is.
    sessions
        Number of the session; 0 is intake, `AFTER` a measurement after the last one.
    dates
        ``None`` where there is none, or none that can be read.
    notes
        What was found, guessed and left out so far.
    """

    cells: Cells
    columns: ColumnChoice
    places: Integers
    clients: tuple[ClientKey, ...]
    sessions: Integers
    dates: tuple[date | None, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.places)

    def has(self, meaning: str) -> bool:
        """Whether the file has a column for this meaning."""
        return meaning in self.columns.places

    def texts(self, meaning: str) -> list[str]:
        column = self.cells.columns[self.columns.places[meaning]]
        return [column[place] for place in self.places]

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
            clients=tuple(self.clients[row] for row in stay),
            sessions=self.sessions[stay],
            dates=tuple(self.dates[row] for row in stay),
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
    rows = rows.without(np.array([not client for _, client, _ in rows.clients]), "no client")
    rows = _by_course(rows, longest_pause)
    rows = _with_session_numbers(rows) if rows.has("session") else _numbered_by_date(rows)
    rows = _without_doubles(rows)
    return rows.noting(*_notes_on_order(rows), *_notes_on_gaps(rows))


def _all_rows(cells: Cells, columns: ColumnChoice, form: str | None) -> CleanRows:
    none = ("",) * len(cells.lines)
    texts = {meaning: cells.columns[place] for meaning, place in columns.places.items()}
    dates = read_dates(texts.get("date", none), form)
    notes = [*cells.notes, *columns.notes]
    if dates.note:
        notes.append(dates.note)
    if dates.unreadable:
        lines = [cells.lines[place] for place in dates.unreadable]
        notes.append(f"No date can be read in {rows_text(lines)}.")
    return CleanRows(
        cells=cells,
        columns=columns,
        places=np.arange(len(cells.lines), dtype=np.int64),
        clients=tuple(
            zip(texts.get("study", none), texts["client"], texts.get("episode", none), strict=True)
        ),
        sessions=np.full(len(cells.lines), UNNUMBERED, dtype=np.int64),
        dates=dates.values,
        notes=tuple(notes),
    )


def _by_course(rows: CleanRows, longest_pause: int) -> CleanRows:
    """Tell courses of the same client apart, by a column for them or by a long pause."""
    if rows.has("episode"):
        return rows
    courses = courses_by_date(rows.clients, rows.dates, longest_pause)
    if not courses.any():
        return rows
    again = {rows.clients[row] for row in np.flatnonzero(courses)}
    clients = tuple(
        (study, client, str(course + 1) if (study, client, "") in again else "")
        for (study, client, _), course in zip(rows.clients, courses.tolist(), strict=True)
    )
    return replace(rows, clients=clients).noting(
        f"{len(again)} of {len(set(rows.clients))} clients come again after {longest_pause} days or more:"
        f" {len(set(clients))} courses, each counted as a client of its own (else --pause DAYS); later ones"
        f" are {rows.name(courses > 0)}."
    )


def _with_session_numbers(rows: CleanRows) -> CleanRows:
    numbers = read_sessions(rows.texts("session"))
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
    first: dict[ClientKey, int] = {}
    for client, number in zip(rows.clients, rows.sessions.tolist(), strict=True):
        first[client] = min(first.get(client, AFTER), number)
    shift = {
        client: number - 1
        for client, number in first.items()
        if client[2].isdigit() and int(client[2]) > 1 and 1 < number < AFTER
    }
    if not shift or rows.has("episode"):
        return rows
    moved = np.array([shift.get(client, 0) for client in rows.clients])
    sessions = np.where(rows.sessions == AFTER, AFTER, rows.sessions - moved)
    return replace(rows, sessions=sessions).noting(
        f"Session numbers go on in {len(shift)} later courses; they are counted from 1 in"
        f" {rows.name(moved > 0)}."
    )


def _numbered_by_date(rows: CleanRows) -> CleanRows:
    rows = rows.without(
        np.array([day is None for day in rows.dates]), "neither session number nor date"
    )
    seen: Counter[ClientKey] = Counter()
    sessions = np.zeros(len(rows), dtype=np.int64)
    for row in sorted(range(len(rows)), key=lambda row: rows.dates[row] or date.min):
        seen[rows.clients[row]] += 1
        sessions[row] = seen[rows.clients[row]]
    return replace(rows, sessions=sessions).noting(
        "There are no session numbers; sessions are counted by date."
    )


def _without_doubles(rows: CleanRows) -> CleanRows:
    """Use one of several equal rows; leave out all rows that contradict each other."""
    keys = list(zip(rows.clients, rows.sessions.tolist(), strict=True))
    if len(set(keys)) == len(keys):
        return rows
    same_session: dict[tuple[ClientKey, int], list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        same_session[key].append(row)
    copies = np.zeros(len(rows), dtype=bool)
    contradicting = np.zeros(len(rows), dtype=bool)
    for together in same_session.values():
        if len(together) == 1:
            continue
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
    last: dict[ClientKey, int] = {}
    going_back: list[int] = []
    for row, (client, number) in enumerate(zip(rows.clients, rows.sessions.tolist(), strict=True)):
        if number < last.get(client, UNNUMBERED):
            going_back.append(row)
        last[client] = number
    if going_back:
        yield (
            f"Session numbers go back in {rows.name(going_back)}; sessions are taken by their number."
        )


def _notes_on_gaps(rows: CleanRows) -> Iterator[str]:
    """Say where dates contradict session numbers, and which sessions are missing."""
    too_early: list[int] = []
    after_gap: list[int] = []
    missing = 0
    latest: dict[ClientKey, date] = {}
    expected: dict[ClientKey, int] = {}
    for row in np.argsort(rows.sessions, kind="stable").tolist():
        client, day, number = rows.clients[row], rows.dates[row], int(rows.sessions[row])
        if day is not None:
            if day < latest.get(client, date.min):
                too_early.append(row)
            latest[client] = day
        if number == AFTER:
            continue
        gap = number - expected.get(client, 1)
        if gap > 0:
            after_gap.append(row)
            missing += gap
        expected[client] = number + 1
    if too_early:
        yield (
            f"The date is before that of an earlier session in {rows.name(too_early)};"
            " sessions are taken by their number."
        )
    if after_gap:
        yield (
            f"Sessions are missing before {rows.name(after_gap)} ({missing} in all); they count as attended,"
            " without scores."
        )
