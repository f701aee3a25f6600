"""`read_records`: a file of session records as tables, with a note for everything that was done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from experiments.records.building import build_tables, ending_words, sessions_measured
from experiments.records.columns import choose_columns
from experiments.records.episodes import LONGEST_PAUSE
from experiments.records.files import table_of_cells
from experiments.records.mapping import DataMapping, read_mapping
from experiments.records.missing_codes import read_missing, unused_note
from experiments.records.redcap import from_redcap
from experiments.records.row_order import numbered_by_order
from experiments.records.rows import clean_rows
from experiments.records.scores import Scale, read_scores
from experiments.records.tidying import tidy
from experiments.records.wide import from_wide
from simulation.collecting import uncollected
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.rows import CleanRows
    from experiments.records.scores import Scores
    from experiments.tables.run_tables import RunTables

__all__ = ["ColumnNames", "Records", "read_records", "read_rows"]

MOST_NAMES = 30
"""Columns that were not used, of which the names are shown."""


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
    mapping
        How the file was read, to be stored and used again.
    measured
        The sessions at which scores were asked for, in order, where sessions are seen through scores alone; empty
        where they are seen one by one, or counted.
    questionnaires
        What scores were recognised as, by the simulation's name of the questionnaire.
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
    mapping: DataMapping = field(default_factory=DataMapping)
    measured: tuple[int, ...] = ()
    questionnaires: Mapping[str, str] = field(default_factory=dict)


def read_records(
    path: str | Path,
    mapping: str | Path | DataMapping | None = None,
    *,
    alliance_range: tuple[float, float] | None = None,
    symptom_range: tuple[float, float] | None = None,
    missing: str | None = None,
    pause: int | None = None,
    table: str | None = None,
    **columns: Unpack[ColumnNames],
) -> Records:
    """Read session records: one row a session, or a table of another shape that is known.

    Parameters
    ----------
    path
        The file. It is read and nothing else: nothing leaves the machine.
    mapping
        How it is read, or a TOML file that says so; what else is given here goes before it.
    alliance_range, symptom_range
        Lowest and highest possible score; guessed from the names of known questionnaires where left out.
    missing
        Codes for a missing score, parted by commas, ``"none"`` for none; guessed with care where left out.
    pause
        Days without a session after which a client begins another course, 365 where left out; 0 for never.
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
    given = mapping if isinstance(mapping, DataMapping) else DataMapping()
    if mapping is not None and not isinstance(mapping, DataMapping):
        given = read_mapping(mapping)
    ranges = {"alliance": alliance_range, "symptom": symptom_range}
    named = {meaning: name for meaning, name in columns.items() if isinstance(name, str)}
    codes = read_missing(missing)
    wanted = DataMapping(
        columns={**given.columns, **named},
        scales=_scales(given, ranges, codes),
        endings=given.endings,
        table=given.table if table is None else table,
        pause=given.pause if pause is None else pause,
        dates=given.dates,
    )
    with uncollected():
        return _read(path, wanted, codes or ())


def read_rows(path: Path, wanted: DataMapping) -> tuple[CleanRows, Scores]:
    """Read the rows that can be used, one a session, and their scores, before they become tables.

    Raises
    ------
    AllianceError
        As for `read_records`.
    """
    named = wanted.columns
    cells = from_wide(from_redcap(tidy(table_of_cells(path, wanted.table)), named), named)
    cells = numbered_by_order(cells, named)
    rows = clean_rows(
        cells,
        choose_columns(cells.header, named),
        longest_pause=LONGEST_PAUSE if wanted.pause is None else wanted.pause,
        dates=wanted.dates,
    )
    if not len(rows):
        raise AllianceError(f"{path} has no row that can be used. " + " ".join(rows.notes[-3:]))
    return rows, read_scores(rows, wanted.scales)


def _read(path: Path, wanted: DataMapping, codes: tuple[str, ...]) -> Records:
    """Read a file; `codes` for missing were asked for now, while those of a mapping may be of another file."""
    rows, scores = read_rows(path, wanted)
    named, cells = wanted.columns, rows.cells
    tables, notes = build_tables(rows, scores, wanted.endings)
    therapists = set(tables.therapist.tolist()) - {-1} if rows.has("therapist") else set()
    lines = len(cells.lines) + len(cells.left_out)
    nowhere = unused_note([code for code in codes if code in scores.unused])
    return Records(
        path=path,
        tables=tables,
        columns=rows.columns.names,
        notes=(
            *rows.notes,
            *_not_used(rows, scores),
            *scores.notes,
            *notes,
            *([nowhere] if nowhere else []),
        ),
        rows=lines,
        rows_left_out=lines - len(rows),
        clients=tables.count,
        sessions=int(tables.attended.sum()),
        therapists=len(therapists),
        studies=tables.studies,
        has_cut_off=scores.has_cut_off,
        doubtful=scores.doubtful,
        mapping=replace(
            wanted,
            pause=LONGEST_PAUSE if wanted.pause is None else wanted.pause,
            columns={**{m: name for m, name in named.items() if name == "-"}, **rows.columns.names},
            scales=scores.scales,
            endings=ending_words(rows, wanted.endings),
        ),
        measured=sessions_measured(rows),
        questionnaires=scores.questionnaires,
    )


def _not_used(rows: CleanRows, scores: Scores) -> list[str]:
    """Name the columns of which nothing was read."""
    used = {*rows.columns.names.values(), *scores.values, rows.cells.counted, ""}
    names = [name for name in dict.fromkeys(rows.cells.header) if name not in used]
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return [f"Not used: {', '.join(names[:MOST_NAMES])}{more}."]


def _scales(
    given: DataMapping,
    ranges: Mapping[str, tuple[float, float] | None],
    missing: tuple[str, ...] | None,
) -> dict[str, Scale]:
    """Return what is said about the scales; what is given as an option goes before the mapping."""
    scales: dict[str, Scale] = {**dict.fromkeys(ranges, Scale()), **given.scales}
    for kind, scale in scales.items():
        limits = ranges.get(kind.partition("_")[0])
        scales[kind] = replace(
            scale,
            range=scale.range if limits is None else limits,
            missing=scale.missing if missing is None else missing,
        )
    return scales
