"""A table of text, as every form of file is read into, and how its rows are named in a message."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.coded import CodedCells
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Cells", "cells_of", "rows_text", "text_of", "times"]

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of text.

    Attributes
    ----------
    header
        Names of the columns.
    columns
        Their cells, stripped of blanks; an empty cell is ``""``.
    lines
        The line of the file (the row of the table, where a file has no lines) each row stood on, from 1.
    notes
        What was found on the way.
    left_out
        Lines that are no rows of the table: they were left out, and a note says why.
    labels
        What codes mean, by column and code as written in the cells, where the file says so.
    counted
        Column that says how many sessions a client had, where it was read; empty for none.
    """

    header: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()
    left_out: tuple[int, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counted: str = ""

    def noting(self, *notes: str) -> Cells:
        return replace(self, notes=(*self.notes, *notes))

    def named_in_a_line(self) -> Cells:
        """Return it with names of columns that have no line breaks and the like, as questionnaires' texts may."""
        plain = {name: " ".join(name.split()) for name in self.header}
        return replace(
            self,
            header=tuple(plain[name] for name in self.header),
            notes=tuple(" ".join(note.split()) for note in self.notes),
            labels={plain.get(name, name): labels for name, labels in self.labels.items()},
        )

    def only_columns(self, places: Sequence[int]) -> Cells:
        """Return the columns at some places, in that order."""
        return replace(
            self,
            header=tuple(self.header[place] for place in places),
            columns=tuple(self.columns[place] for place in places),
        )

    def only_rows(self, places: Sequence[int]) -> Cells:
        """Return the rows at some places, in that order; what becomes of the others is for the caller to say."""
        return replace(
            self,
            columns=tuple(_only(column, places) for column in self.columns),
            lines=tuple(self.lines[place] for place in places),
        )


def _only(column: Sequence[str], places: Sequence[int]) -> Sequence[str]:
    if isinstance(column, CodedCells):
        return column.at(np.asarray(places, dtype=np.int64))
    return tuple(column[place] for place in places)


def cells_of(
    path: Path,
    header: Iterable[str],
    columns: Iterable[Sequence[str]],
    lines: Sequence[int],
    notes: Iterable[str] = (),
    left_out: Iterable[int] = (),
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Cells:
    """Return a table that has at least one row.

    Raises
    ------
    AllianceError
        When it has none.
    """
    if not lines:
        raise AllianceError(f"{path} has a header line but no rows. " + " ".join(notes))
    return Cells(
        tuple(header),
        tuple(one if isinstance(one, CodedCells) else tuple(one) for one in columns),
        tuple(lines),
        tuple(notes),
        tuple(left_out),
        labels or {},
    )


def rows_text(lines: Iterable[int]) -> str:
    """Name rows for a message: the first few by number, the rest as a count."""
    ordered = sorted(set(lines))
    word = "row" if len(ordered) == 1 else "rows"
    shown = ", ".join(str(line) for line in ordered[:SHOWN])
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    return f"{word} {shown}{more}"


def times(count: int) -> str:
    """Say how often: ``"once"``, ``"3 times"``."""
    return "once" if count == 1 else f"{count} times"


def text_of(value: object) -> str:
    """Write a value of a typed table as a cell of text; what is missing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  # not a number is missing
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value).strip()
