"""`read_records`: a file of session records as tables, with a note for everything that was done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from experiments.records.building import build_tables
from experiments.records.columns import choose_columns
from experiments.records.episodes import LONGEST_PAUSE
from experiments.records.files import table_of_cells
from experiments.records.missing_codes import read_missing
from experiments.records.redcap import from_redcap
from experiments.records.row_order import numbered_by_order
from experiments.records.rows import clean_rows
from experiments.records.scores import Scale, read_scores
from experiments.records.tidying import tidy
from experiments.records.wide import from_wide
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.run_tables import RunTables

__all__ = ["ColumnNames", "Records", "read_records"]


class ColumnNames(TypedDict, total=False):
    """Names of columns by what they hold; see `read_records`."""

    client: str | None
    episode: str | None
    session: str | None
    therapist: str | None
    date: str | None
    alliance: str | None
    alliance_therapist: str | None
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
        Rows below the header, after reshaping, and how many of them were not used.
    clients, sessions, therapists, studies
        How many of each the tables have; therapists are 0 where the file names none.
    has_cut_off
        Whether recovery and reliable change can be computed from the symptom score.
    doubtful
        Questionnaires of the simulation whose scores are of a scale whose range is not known.
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
    doubtful: frozenset[str] = frozenset()


def read_records(
    path: str | Path,
    *,
    alliance_range: tuple[float, float] | None = None,
    symptom_range: tuple[float, float] | None = None,
    missing: str | None = None,
    pause: int = LONGEST_PAUSE,
    table: str | None = None,
    **columns: Unpack[ColumnNames],
) -> Records:
    """Read session records: one row a session, or a table of another shape that is known.

    Parameters
    ----------
    path
        The file. It is read and nothing else: nothing leaves the machine.
    alliance_range, symptom_range
        Lowest and highest possible score; guessed from the names of known questionnaires where left out.
    missing
        Codes for a missing score, parted by commas, ``"none"`` for none; guessed with care where left out.
    pause
        Days without a session after which a client begins another course; 0 for never.
    table
        Which sheet of a workbook, or data frame of R, where the file has several.
    client, episode, session, therapist, date, alliance, alliance_therapist, symptom, ended, study
        Names of the columns; guessed from their names where left out, ``"-"`` for none. Only
        client and session (or date) are needed. Session 0 is intake. ``study`` tells sites apart
        whose client numbers repeat, ``episode`` courses of the same client.

    Raises
    ------
    AllianceError
        When the file is no table, a needed column is missing, no row can be used, or a score may be a
        code for missing.
    """
    path = Path(path)
    cells = from_wide(from_redcap(tidy(table_of_cells(path, table)), columns), columns)
    cells = numbered_by_order(cells, columns)
    rows = clean_rows(cells, choose_columns(cells.header, columns), longest_pause=pause)
    if not len(rows):
        raise AllianceError(f"{path} has no row that can be used. " + " ".join(rows.notes[-3:]))
    scales = {"alliance": Scale(alliance_range), "symptom": Scale(symptom_range)}
    scores = read_scores(rows, scales, read_missing(missing))
    tables, notes = build_tables(rows, scores)
    therapists = set(tables.therapist.tolist()) - {-1} if rows.has("therapist") else set()
    lines = len(cells.lines) + len(cells.left_out)
    return Records(
        path=path,
        tables=tables,
        columns=rows.columns.names,
        notes=(*rows.notes, *scores.notes, *notes),
        rows=lines,
        rows_left_out=lines - len(rows),
        clients=tables.count,
        sessions=int(tables.attended.sum()),
        therapists=len(therapists),
        studies=tables.studies,
        has_cut_off=scores.has_cut_off,
        doubtful=scores.doubtful,
    )
