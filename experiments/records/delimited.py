"""CSV in its dialects: separators, Excel's ``sep=`` line, row names, cells too many and too few.

Every row keeps the number of the line it stood on, so that a message can name it.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from experiments.records.cells import cells_of, rows_text
from experiments.records.encodings import decoded
from experiments.records.plain_delimited import plain_columns
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from experiments.records.cells import Cells

__all__ = ["delimited_cells", "separator_of"]

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE_LINES = 50
NAMED = re.compile(r'"?sep=(.)"?[ ,;\t|]*(\r\n|\r|\n)', re.IGNORECASE)
"""The first line by which Excel is told the separator."""

MOSTLY = 0.95
"""Share of rows with one cell more than the header from which on the first is the name of the row."""


def delimited_cells(path: Path, content: bytes) -> Cells:
    """Read text with separators.

    Raises
    ------
    AllianceError
        When it is no text or no table; says what to do.
    """
    text, _, said = decoded(path, content)
    notes = [said] if said else []
    if "\x00" in text:
        raise AllianceError(
            f"{path} has bytes that no text has, so it is not CSV, nor another form that is read here."
        )
    named = NAMED.match(text)
    separator = named[1] if named else separator_of(text)
    if named:
        text, skipped = text[named.end() :], 1
        notes.append(f"The first line says that columns are separated by {separator!r}.")
    else:
        skipped = 0
        if separator != ",":
            notes.append(f"Columns are separated by {SEPARATORS[separator]}.")
    plain = plain_columns(text, separator)
    if plain is not None:
        names, coded_columns, rows_at = plain
        return cells_of(path, names, coded_columns, (rows_at + skipped).tolist(), notes)
    numbered = _numbered(path, text, separator, skipped)
    first = next(numbered, None)
    if first is None:
        raise AllianceError(f"{path} is empty. Give a table with a header line.")
    header = first[1]
    rows = list(numbered)
    if len([name for name in header if name]) < 2 and len(header) < 2:
        raise AllianceError(
            f"{path} has only one column, {_short(header[0])}. Give a table with a client and a"
            " session column, separated by commas, semicolons, tabs or bars."
        )
    if _has_row_names(header, rows):
        header = ["", *header]
    lines, columns, left_out = _fitted(header, rows, notes)
    return cells_of(path, header, columns, lines, notes, left_out)


def _numbered(
    path: Path, text: str, separator: str, skipped: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    # The same few thousand texts fill most tables; each is stored once.
    once: dict[str, str] = {}
    last = 0
    try:
        for row in reader:
            line, last = last + 1, reader.line_num
            cells = [once.setdefault(cell, cell) for cell in map(str.strip, row)]
            if any(cells):
                yield line + skipped, cells
    except csv.Error as error:
        raise AllianceError(
            f"{path} is not readable as CSV: line {reader.line_num + skipped}: {error}."
            " Save it as CSV in UTF-8."
        ) from None


def _has_row_names(header: list[str], rows: list[tuple[int, list[str]]]) -> bool:
    """Whether rows begin with a name that the header has no column for, as R writes them."""
    longer = [cells for _, cells in rows if len(cells) == len(header) + 1]
    if not longer or len(longer) < MOSTLY * len(rows) or not any(cells[-1] for cells in longer):
        return False
    return len({cells[0] for cells in longer}) == len(longer)


def _fitted(
    header: list[str], rows: list[tuple[int, list[str]]], notes: list[str]
) -> tuple[list[int], list[tuple[str, ...]], list[int]]:
    """Return lines and columns of the rows that fit the header, and the lines of those that do not.

    Empty cells beyond the header are dropped, missing last cells are empty; both are noted.
    """
    width = len(header)
    fitting: list[list[str]] = []
    lines: list[int] = []
    too_long: list[int] = []
    too_short: list[int] = []
    trailing: list[int] = []
    for line, cells in rows:
        row = cells
        if len(row) != width:
            if any(row[width:]):
                too_long.append(line)
                continue
            (trailing if len(row) > width else too_short).append(line)
            row = [*row[:width], *[""] * (width - len(row))]
        fitting.append(row)
        lines.append(line)
    if trailing:
        notes.append(f"An empty cell after the last column is dropped in {rows_text(trailing)}.")
    if too_short:
        notes.append(
            f"Fewer than the {width} cells of the header in {rows_text(too_short)}; the last ones are"
            " taken as empty."
        )
    if too_long:
        notes.append(
            f"Left out {rows_text(too_long)}: more than the {width} cells that the header has."
        )
    columns: list[tuple[str, ...]] = list(zip(*fitting, strict=True)) or [()] * width
    return lines, columns, too_long


def separator_of(text: str) -> str:
    """Choose the separator that cuts the first lines into the most columns of the same number."""
    sample = "".join(text[: 1 << 20].splitlines(keepends=True)[:SAMPLE_LINES])
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        try:
            rows = [
                row
                for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
                if row
            ]
        except csv.Error:
            continue
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        same = sum(len(row) == width for row in rows) / len(rows)
        if (same, width) > best_score:
            best, best_score = separator, (same, width)
    return best


def _short(text: str) -> str:
    """Quote a name, cut after 60 letters."""
    shown = text if len(text) <= 60 else text[:59] + "…"
    return repr(shown)
