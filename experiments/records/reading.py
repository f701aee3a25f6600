"""`read_records`: a file of session records as tables, with a note for everything that was done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from experiments.records.building import build_tables
from experiments.records.cells import table_of_cells
from experiments.records.columns import choose_columns
from experiments.records.rows import clean_rows
from experiments.records.scores import read_scores
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.run_tables import RunTables

__all__ = ["ColumnNames", "Records", "read_records"]


class ColumnNames(TypedDict, total=False):
    """Names of columns by what they hold; see `read_records`."""

    client: str | None
    session: str | None
    therapist: str | None
    date: str | None
    alliance: str | None
    symptom: str | None
    ended: str | None
    study: str | None


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
        How many of each the tables have; therapists are 0 where the file names none.
    has_cut_off
        Whether recovery and reliable change can be computed from the symptom score.
    """

    path: Path
    tables: RunTables
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
    alliance_range: tuple[float, float] | None = None,
    symptom_range: tuple[float, float] | None = None,
    **columns: Unpack[ColumnNames],
) -> Records:
    """Read session records, one row a session, from CSV or Parquet.

    Parameters
    ----------
    path
        The file. It is read and nothing else: nothing leaves the machine.
    alliance_range, symptom_range
        Lowest and highest possible score; guessed from known questionnaires where left out.
    client, session, therapist, date, alliance, symptom, ended, study
        Names of the columns; guessed from their names where left out, ``"-"`` for none. Only
        client and session (or date) are needed. Session 0 is intake. ``study`` tells sites apart
        whose client numbers repeat.

    Raises
    ------
    AllianceError
        When the file is no table, a needed column is missing, or no row can be used.
    """
    path = Path(path)
    cells = table_of_cells(path)
    rows = clean_rows(cells, choose_columns(cells.header, columns))
    if not len(rows):
        raise AllianceError(f"{path} has no row that can be used. " + " ".join(rows.notes[-3:]))
    scores = read_scores(rows, {"alliance": alliance_range, "symptom": symptom_range})
    tables, notes = build_tables(rows, scores)
    therapists = set(tables.therapist.tolist()) - {-1} if rows.has("therapist") else set()
    return Records(
        path=path,
        tables=tables,
        columns=rows.columns.names,
        notes=(*rows.notes, *scores.notes, *notes),
        rows=len(cells.lines),
        rows_left_out=len(cells.lines) - len(rows),
        clients=tables.count,
        sessions=int(tables.attended.sum()),
        therapists=len(therapists),
        studies=tables.studies,
        has_cut_off=scores.has_cut_off,
    )
