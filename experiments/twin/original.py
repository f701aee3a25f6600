"""The records that a twin is made of, with everything about their form that the twin is to have, too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.files import LARGEST, package_form, table_of_cells
from experiments.records.mapping import DataMapping, read_mapping
from experiments.records.names import plain
from experiments.records.reading import read_records, read_rows
from experiments.records.redcap import from_redcap
from experiments.records.redcap_rows import is_of_redcap
from experiments.records.scores import MAIN
from experiments.records.tidying import tidy
from experiments.records.wide import SESSIONS_COUNTED, from_wide, occasions_in
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.naming import Naming, naming_of, numbers_clients
from experiments.twin.packages import ColumnForms, column_forms
from experiments.twin.redcap_layout import Layout, layout_of
from experiments.twin.survey import Survey, survey_of
from simulation.errors import AllianceError
from simulation.input_files import read_bytes
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.cells import Cells
    from experiments.records.reading import Records
    from experiments.records.rows import CleanRows
    from experiments.records.scores import Scores
    from experiments.records.wide import Occasion
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["FEWEST_CLIENTS", "Original", "read_original", "refuse_few"]

FEWEST_CLIENTS = 60
"""Below which a twin is refused: margins would be too coarse, and attacks could not be judged."""


@dataclass(frozen=True, eq=False)
class Original:
    """Records as their file has them, and as they are read.

    Attributes
    ----------
    path
        The file.
    file
        Its table as it stands there.
    rows, scores
        The rows that can be used, one a session, and their scores on the model's scales.
    records
        The same as tables.
    wanted
        How the user says it is to be read.
    """

    path: Path
    file: Cells
    rows: CleanRows
    scores: Scores
    records: Records
    wanted: DataMapping

    @cached_property
    def is_wide(self) -> bool:
        """Whether the file has one row a client."""
        long = from_redcap(self.tidied, self.wanted.columns)
        return from_wide(long, self.wanted.columns).header != long.header

    @cached_property
    def layout(self) -> Layout | None:
        """The kinds of rows of an export of REDCap; ``None`` for another file."""
        return layout_of(self.tidied, self.rows, self.wanted.columns)

    @cached_property
    def written_survey(self) -> Survey | None:
        """What an export of Qualtrics has around its records, word for word; ``None`` for another file."""
        return survey_of(self.file)

    @cached_property
    def survey(self) -> Survey | None:
        """The same without texts that contain an entry of a column that says who somebody is."""
        found = self.written_survey
        return None if found is None else found.without(self.file.header, self.naming.found_in)

    @cached_property
    def naming(self) -> Naming:
        """Columns that say who or where somebody is, and what stands in them."""
        names, people = self.rows.columns.names, self.person.tolist()
        called = {names[role] for role in ("client", "therapist", "study") if role in names}
        called |= {one for one in self.others if numbers_clients(people, self.texts(one))}
        return naming_of(self.file, self.forms, self.records.mapping.endings, called)

    def long_name(self, column: str) -> str:
        """Return what a column of the file is called in the long table."""
        header = self.tidied.header
        occasion = self.occasions.get(header.index(column)) if column in header else None
        return column if occasion is None else occasion.stem.replace(" ", "_")

    def is_of_redcap(self, column: str) -> bool:
        """Whether REDCap says in a column what a row is of."""
        return self.layout is not None and column in self.layout.written

    def has_new_entries(self, column: str) -> bool:
        """Whether nothing in a column of a twin is an entry of the records: identifiers, days, counts."""
        name = self.long_name(column)
        meaning = {own: one for one, own in self.rows.columns.names.items()}.get(name)
        return meaning in {"client", "therapist", "study", "date", "session", "episode"} or (
            column in self.naming.columns
        )

    @cached_property
    def tidied(self) -> Cells:
        """The file without what programs put around it."""
        return tidy(self.file)

    @cached_property
    def occasions(self) -> Mapping[int, Occasion]:
        """Which columns of a wide file hold which measure at which session, by place in `tidied`."""
        return occasions_in(self.tidied.header) if self.is_wide else {}

    @cached_property
    def course(self) -> Integers:
        """Number of the course of each row, from 0, shape (rows,)."""
        number = {key: place for place, key in enumerate(dict.fromkeys(self.rows.clients))}
        return np.array([number[key] for key in self.rows.clients], dtype=np.int64)

    @cached_property
    def person(self) -> Integers:
        """Number of the client of each row, all courses together, shape (rows,)."""
        keys = [(study, client) for study, client, _ in self.rows.clients]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        return np.array([number[key] for key in keys], dtype=np.int64)

    @cached_property
    def score_columns(self) -> Mapping[str, str]:
        """Name of the column of each questionnaire, by the simulation's name of the questionnaire."""
        names = self.rows.columns.names
        own = {questionnaire: names[kind] for kind, questionnaire in MAIN.items() if kind in names}
        further = {name: name for name in self.scores.values if name not in own}
        return own | {name: column for name, column in further.items() if name in INSTRUMENTS}

    def values(self, questionnaire: str) -> Floats:
        """Return the scores of a questionnaire as the file has them, shape (rows,); ``nan`` for missing."""
        column = self.rows.cells.header.index(self.score_columns[questionnaire])
        own = self.rows.numbers(column).values
        return np.where(np.isfinite(self.scores.values[questionnaire]), own, np.nan)

    def texts(self, column: str) -> list[str]:
        """Return a column of the long table, or else of the file, as text, shape (rows,)."""
        cells = self.rows.cells
        if column in cells.header:
            return [cells.columns[cells.header.index(column)][place] for place in self.rows.places]
        of_line = dict(
            zip(self.file.lines, self.file.columns[self.file.header.index(column)], strict=True)
        )
        return [of_line[cells.lines[place]] for place in self.rows.places]

    def place_for(self, column: str, has: Booleans | None = None) -> Booleans:
        """Tell which rows have a place for something in a column, shape (rows,).

        Parameters
        ----------
        column
            Name of the column; one that the export does not have has a place in every row.
        has
            The rows by their kinds, shape (rows, kinds); those of the long table if left out.
        """
        if self.layout is None or column not in self.layout.holds:
            return np.ones(len(self.rows if has is None else has), dtype=bool)
        return self.layout.place_for(column, self.layout.has if has is None else has)

    @cached_property
    def forms(self) -> ColumnForms:
        """What the file says about its columns, if it is one of SPSS or Stata."""
        form = package_form(read_bytes(self.path, most=LARGEST))
        return column_forms(self.path, form) if form else ColumnForms()

    def missing_texts(self, column: str) -> list[str]:
        """Return what stands in a column of the long table, with the codes that the file declares missing."""
        declared = self.forms.declared.get(column)
        if declared is None or self.is_wide or self.layout is not None:
            return self.texts(column)
        # A file of SPSS or Stata has its rows as they are read: rows are counted from 1.
        lines = [self.rows.cells.lines[place] - 1 for place in self.rows.places]
        return [
            declared[line] or text for line, text in zip(lines, self.texts(column), strict=True)
        ]

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Columns of the long table that nothing is known about."""
        used = {*self.rows.columns.names.values(), *self.score_columns.values()}
        given = set(self.tidied.header) if not self.is_wide else set(self.rows.cells.header[:-1])
        about = () if self.written_survey is None else self.written_survey.about_filling_in
        # How many sessions a client of a wide file had is counted, not drawn.
        counted = {name for name in given if self.is_wide and plain(name) in SESSIONS_COUNTED}
        return (
            *(name for name in self.rows.cells.header if name in given - used - counted),
            *(name for name in about if name not in self.rows.cells.header),
        )


def read_original(path: str | Path, mapping: str | Path | DataMapping | None = None) -> Original:
    """Read records as `experiments.records.read_records` does, with their form.

    Raises
    ------
    AllianceError
        As for `read_records`; for an export of REDCap whose sessions another column says than REDCap's own; for
        columns of the same name.
    """
    path = Path(path)
    if isinstance(mapping, DataMapping):
        wanted = mapping
    else:
        wanted = DataMapping() if mapping is None else read_mapping(mapping)
    file = table_of_cells(path, wanted.table)
    records = read_records(path, wanted)
    rows, scores = read_rows(path, wanted)
    original = Original(path, file, rows, scores, records, wanted)
    double = {name for name in file.header if file.header.count(name) > 1}
    if is_of_redcap(file.header) and (not rows.has("session") or original.layout is None):
        raise AllianceError(
            f"{path} is an export of REDCap in which a column of yours says the session, which a twin cannot have:"
            " leave session out of the mapping, so that events and instances say it, or save it one row a session,"
            " without the columns redcap_event_name and redcap_repeat_instance."
        )
    if double:
        raise AllianceError(
            f"Two columns of {path} are called {min(double)!r}: give each a name of its own."
        )
    return original


def refuse_few(original: Original) -> None:
    """Refuse records of which a twin would say too much about each client.

    Raises
    ------
    AllianceError
        For fewer than 60 clients.
    """
    clients = original.records.clients
    if clients < FEWEST_CLIENTS:
        raise AllianceError(
            f"{original.path} has {clients} clients; a twin needs {FEWEST_CLIENTS}, so that nothing in it rests on"
            f" fewer than {SMALLEST_CELL}."
        )
