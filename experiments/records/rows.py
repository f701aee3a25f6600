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
from experiments.records.values import outside, read_dates, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from experiments.records.cells import Cells
    from experiments.records.columns import ColumnChoice
    from experiments.records.values import Numbers
    from experiments.tables.columns import Booleans, Integers

__all__ = ["MOST_SESSIONS", "CleanRows", "ClientKey", "clean_rows"]

MOST_SESSIONS = 1000
"""A session number above this one is taken for a slip."""

ClientKey = tuple[str, str]
"""Study and client, as the file calls them."""

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
        Number of the session; 0 is intake.
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

    def numbers(self, column: int) -> Numbers:
        """Return a column of the file as numbers; how decimals are written is seen from all its cells."""
        return read_numbers(self.cells.columns[column]).at(self.places)

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


def clean_rows(cells: Cells, columns: ColumnChoice) -> CleanRows:
    """Return the rows that can be used; there may be none."""
    rows = _all_rows(cells, columns)
    rows = rows.without(np.array([not client for _, client in rows.clients]), "no client")
    rows = _with_session_numbers(rows) if rows.has("session") else _numbered_by_date(rows)
    rows = _without_doubles(rows)
    return rows.noting(*_notes_on_order(rows), *_notes_on_gaps(rows))


def _all_rows(cells: Cells, columns: ColumnChoice) -> CleanRows:
    none = ("",) * len(cells.lines)
    texts = {meaning: cells.columns[place] for meaning, place in columns.places.items()}
    dates = read_dates(texts.get("date", none))
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
        clients=tuple(zip(texts.get("study", none), texts["client"], strict=True)),
        sessions=np.full(len(cells.lines), UNNUMBERED, dtype=np.int64),
        dates=dates.values,
        notes=tuple(notes),
    )


def _with_session_numbers(rows: CleanRows) -> CleanRows:
    numbers = rows.numbers(rows.columns.places["session"]).values
    usable = (np.floor(numbers) == numbers) & ~outside(numbers, 0, MOST_SESSIONS)
    numbered = replace(rows, sessions=np.where(usable, numbers, UNNUMBERED).astype(np.int64))
    return numbered.without(
        ~usable, f"the session number is not a whole number from 1 to {MOST_SESSIONS}"
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
    same_session: dict[tuple[ClientKey, int], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(rows.clients, rows.sessions.tolist(), strict=True)):
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
