"""`read_records`: a file of session records as tables, with a note for everything that was done.

Nothing is repaired in silence. A row that cannot be used is left out and named; a score that cannot
be right is taken as missing and named; everything that was guessed is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.building import Builder
from experiments.records.cells import rows_text, table_of_cells
from experiments.records.columns import choose_columns
from experiments.records.instruments import find_instrument
from experiments.records.values import read_dates, read_numbers
from experiments.statistics.tables import INSTRUMENT_RANGE
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from experiments.records.cells import Cells
    from experiments.records.columns import Chosen
    from experiments.records.instruments import Instrument
    from experiments.statistics.tables import Floats, Tables

__all__ = ["MOST_SESSIONS", "Records", "read_records"]

MOST_SESSIONS = 1000
"""A session number above this one is taken for a slip."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Records:
    """Real session records.

    Attributes
    ----------
    path
        Where they came from.
    tables
        The tables that every statistic is computed on.
    columns
        Which column of the file was taken for what.
    notes
        What was found, guessed and left out, with row numbers; the header is row 1 of a CSV file.
    rows, rows_left_out
        Rows of the file below the header, and how many of them were not used.
    clients, sessions, therapists, studies
        How many of each the tables have; therapists are 0 where none is told.
    has_cut_off
        Whether recovery and reliable change can be told for the symptom score.
    """

    path: Path
    tables: Tables
    columns: Mapping[str, str]
    notes: tuple[str, ...]
    rows: int
    rows_left_out: int
    clients: int
    sessions: int
    therapists: int
    studies: int
    has_cut_off: bool


def read_records(
    path: str | Path,
    *,
    client: str | None = None,
    session: str | None = None,
    therapist: str | None = None,
    date: str | None = None,
    alliance: str | None = None,
    symptom: str | None = None,
    ended: str | None = None,
    study: str | None = None,
    alliance_range: tuple[float, float] | None = None,
    symptom_range: tuple[float, float] | None = None,
) -> Records:
    """Read session records, one row a session, from CSV or Parquet.

    Parameters
    ----------
    path
        The file. It is read and nothing else: nothing leaves the machine.
    client, session, therapist, date, alliance, symptom, ended, study
        Names of the columns; guessed from their names where left out, ``"-"`` for none. Only
        client and session (or date) are needed. Session 0 is intake. ``study`` tells sites apart
        whose client numbers repeat.
    alliance_range, symptom_range
        Lowest and highest possible score; guessed from known questionnaires where left out.

    Raises
    ------
    AllianceError
        When the file is no table, a needed column is missing, or no row can be used.
    """
    cells = table_of_cells(Path(path))
    declared = {
        "client": client,
        "session": session,
        "therapist": therapist,
        "date": date,
        "alliance": alliance,
        "symptom": symptom,
        "ended": ended,
        "study": study,
    }
    chosen = choose_columns(cells.header, declared)
    reader = Reader(cells, chosen)
    reader.identify()
    reader.number_sessions()
    reader.drop_doubles()
    reader.look_at_order()
    if not reader.kept:
        raise AllianceError(f"{path} has no row that can be used. " + " ".join(reader.notes[-3:]))
    scores: dict[str, Instrument] = {}
    for kind, limits in (("alliance", alliance_range), ("symptom", symptom_range)):
        if kind in chosen.places:
            scores[kind] = reader.score(kind, limits)
    reader.look_for_more()
    tables = Builder(reader).tables(scores)
    return Records(
        path=Path(path),
        tables=tables,
        columns=chosen.names,
        notes=tuple(reader.notes),
        rows=len(cells.lines),
        rows_left_out=len(cells.lines) - len(reader.kept),
        clients=tables.count,
        sessions=int(tables.held.sum()),
        therapists=len(set(tables.therapist[tables.therapist >= 0].tolist()))
        if "therapist" in chosen.places
        else 0,
        studies=tables.studies,
        has_cut_off="symptom" in scores and scores["symptom"].has_cut_off,
    )


class Reader:
    """Goes through the rows once for every question; `kept` are the places still in use."""

    def __init__(self, cells: Cells, chosen: Chosen) -> None:
        self.cells, self.chosen = cells, chosen
        self.notes = [*cells.notes]
        for word, these in (
            ("guessed", [m for m in chosen.names if m in chosen.guessed]),
            ("declared", [m for m in chosen.names if m not in chosen.guessed]),
        ):
            if these:
                pairs = ", ".join(f"{meaning} = {chosen.names[meaning]}" for meaning in these)
                self.notes.append(f"Columns {word}: {pairs}.")
        self.notes.extend(chosen.notes)
        self.kept: list[int] = list(range(len(cells.lines)))
        self.keys: list[Key] = []
        self.sessions = np.zeros(len(cells.lines), dtype=np.int64)
        self.dates: list[date | None] = [None] * len(cells.lines)
        self.scores: dict[str, Floats] = {}
        self.more: dict[str, Floats] = {}

    def column(self, meaning: str) -> tuple[str, ...]:
        return self.cells.columns[self.chosen.places[meaning]]

    def rows(self, places: list[int]) -> str:
        return rows_text([self.cells.lines[place] for place in places])

    def leave_out(self, places: list[int], why: str) -> None:
        if places:
            gone = set(places)
            self.kept = [place for place in self.kept if place not in gone]
            self.notes.append(f"Left out {self.rows(places)}: {why}.")

    # -- who and when ----------------------------------------------------------------------

    def identify(self) -> None:
        """Find out whose row each is, and its date."""
        clients = self.column("client")
        studies = self.column("study") if "study" in self.chosen.places else ("",) * len(clients)
        self.keys = list(zip(studies, clients, strict=True))
        self.leave_out([p for p in self.kept if not clients[p]], "no client")
        if "date" in self.chosen.places:
            self.dates, unreadable, note = read_dates(self.column("date"))
            if note:
                self.notes.append(note)
            if unreadable:
                self.notes.append(f"No date can be read in {self.rows(list(unreadable))}.")

    def number_sessions(self) -> None:
        """Read the session numbers, or number the sessions by date."""
        if "session" not in self.chosen.places:
            self._number_by_date()
            return
        read = read_numbers(self.column("session"))
        with np.errstate(invalid="ignore"):
            whole = (read.values >= 0) & (read.values <= MOST_SESSIONS) & (read.values % 1 == 0)
        unusable = [place for place in self.kept if not whole[place]]
        self.leave_out(
            unusable, f"the session number is not a whole number from 1 to {MOST_SESSIONS}"
        )
        self.sessions[whole] = read.values[whole].astype(np.int64)

    def _number_by_date(self) -> None:
        self.leave_out(
            [place for place in self.kept if self.dates[place] is None],
            "neither session number nor date",
        )
        seen: Counter[Key] = Counter()
        for place in sorted(
            self.kept, key=lambda p: (self.dates[p] or _EARLY, self.cells.lines[p])
        ):
            seen[self.keys[place]] += 1
            self.sessions[place] = seen[self.keys[place]]
        self.notes.append("There are no session numbers; sessions are counted by date.")

    def drop_doubles(self) -> None:
        """Keep one of several equal rows; leave out all rows that contradict each other."""
        together: dict[tuple[Key, int], list[int]] = defaultdict(list)
        for place in self.kept:
            together[self.keys[place], int(self.sessions[place])].append(place)
        copies: list[int] = []
        contradicting: list[int] = []
        for places in together.values():
            if len(places) > 1:
                rows = {tuple(column[p] for column in self.cells.columns) for p in places}
                if len(rows) == 1:
                    copies.extend(places[1:])
                else:
                    contradicting.extend(places)
        self.leave_out(copies, "copies of a row above, word for word")
        self.leave_out(contradicting, "the same session of the same client twice, not alike")

    def look_at_order(self) -> None:
        """Say where the order of rows, dates and session numbers do not agree, and what is missing."""
        last: dict[Key, tuple[int, int]] = {}
        shuffled: list[int] = []
        by_client: dict[Key, list[int]] = defaultdict(list)
        for place in self.kept:
            key, number = self.keys[place], int(self.sessions[place])
            by_client[key].append(place)
            if key in last and number < last[key][0]:
                shuffled.append(place)
            last[key] = (number, place)
        if shuffled and "session" in self.chosen.places:
            self.notes.append(
                f"Session numbers go back in {self.rows(shuffled)}; sessions are taken by their number."
            )
        against: list[int] = []
        gaps: list[int] = []
        missing = 0
        for places in by_client.values():
            ordered = sorted(places, key=lambda p: int(self.sessions[p]))
            latest: date | None = None
            expected = 1
            for place in ordered:
                day, number = self.dates[place], int(self.sessions[place])
                if day is not None:
                    if latest is not None and day < latest:
                        against.append(place)
                    latest = day
                if number > expected:
                    gaps.append(place)
                    missing += number - expected
                expected = number + 1
        if against:
            self.notes.append(
                f"The date is before that of an earlier session in {self.rows(against)};"
                " sessions are taken by their number."
            )
        if gaps:
            self.notes.append(
                f"Sessions are missing before {self.rows(gaps)} ({missing} in all); they count as held,"
                " without scores."
            )

    # -- scores, endings, tables -----------------------------------------------------------

    def score(self, kind: str, limits: tuple[float, float] | None) -> Instrument:
        """Read a score, take the impossible ones as missing, put the rest on the model's scale."""
        name = self.chosen.names[kind]
        read = read_numbers(self.column(kind))
        kept = set(self.kept)
        unreadable = [place for place in read.unreadable if place in kept]
        if unreadable:
            self.notes.append(f"{name} is no number in {self.rows(unreadable)}; taken as missing.")
        if read.decimal_comma:
            self.notes.append(f"{name} is read with decimal commas.")
        values = read.values
        instrument, note = find_instrument(kind, name, values[self.kept], limits)
        self.notes.append(note)
        with np.errstate(invalid="ignore"):
            beyond = (values < instrument.low) | (values > instrument.high)
        impossible = [place for place in self.kept if beyond[place]]
        if impossible:
            self.notes.append(
                f"{name} is not from {instrument.low:g} to {instrument.high:g} in"
                f" {self.rows(impossible)}; taken as missing."
            )
        values = np.where(beyond, np.nan, values)
        scale = instrument.to_alliance if kind == "alliance" else instrument.to_symptom
        self.scores[kind] = scale(values)
        if not np.isfinite(self.scores[kind][self.kept]).any():
            self.notes.append(f"{name} has no score that can be used.")
        return instrument

    def look_for_more(self) -> None:
        """Take further questionnaires whose columns have the names of the simulation's own."""
        used = set(self.chosen.places.values())
        kept = set(self.kept)
        for name, (low, high) in INSTRUMENT_RANGE.items():
            places = [p for p, column in enumerate(self.cells.header) if column == name]
            if name in {"wai_sr_client", "core_10"} or len(places) != 1 or places[0] in used:
                continue
            read = read_numbers(self.cells.columns[places[0]])
            with np.errstate(invalid="ignore"):
                beyond = (read.values < low) | (read.values > high)
            bad = [place for place in read.unreadable if place in kept]
            bad += [place for place in self.kept if beyond[place]]
            self.more[name] = np.where(beyond, np.nan, read.values)
            self.notes.append(f"{name} is read, too, as {low:g} to {high:g}.")
            if bad:
                self.notes.append(
                    f"{name} is taken as missing in {self.rows(bad)}: not in that range."
                )


def _early() -> date:
    from datetime import date

    return date.min


_EARLY = _early()
