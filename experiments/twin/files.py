"""The file of a twin: the records' own header, shape and form, and a word that nobody in it is real."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.delimited import separator_of
from experiments.records.encodings import decoded
from experiments.records.files import LARGEST
from experiments.records.names import plain
from experiments.records.tidying import ROW_NAMES
from experiments.records.values import POINT
from experiments.records.wide import SESSIONS_COUNTED
from experiments.twin.cell_texts import date_pattern, new_identifiers
from experiments.twin.packages import ColumnForms, package_bytes
from simulation.errors import AllianceError
from simulation.input_files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from experiments.twin.original import Original
    from experiments.twin.redcap_layout import Layout
    from experiments.twin.table import TwinTable

__all__ = ["ENDINGS_OF_FILES", "NOTE", "check_target", "file_bytes", "file_columns"]

NOTE = "simulated, not real people"

ENDINGS_OF_FILES = (".csv", ".sav", ".xlsx", ".dta")
CODECS = ("cp1252", "utf-8-sig")
"""Encodings that a twin shares with its records."""

LIBRARIES = {".sav": "pyreadstat", ".dta": "pyreadstat", ".xlsx": "xlsxwriter"}


def check_target(target: Path) -> None:
    """Make sure that a twin can be written in a form, before it is made.

    Raises
    ------
    AllianceError
        If the form is none that is written, or what it needs is not installed.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS_OF_FILES:
        raise AllianceError(
            f"{target} is not written: a twin is a .csv, .sav, .xlsx or .dta file, by the ending of its name."
        )
    from importlib.util import find_spec

    needed = LIBRARIES.get(ending)
    if needed and find_spec(needed) is None:
        raise AllianceError(
            f"A {ending} file needs {needed}, which is not installed: pip install 'alliance-dynamics[data]'."
        )


def file_columns(original: Original, twin: TwinTable) -> dict[str, list[str]]:
    """Return the twin in the header and the shape of the records' file.

    That is one row a session, one row a client, or one row an event and instrument.
    """
    if original.layout is not None:
        table = _redcap(original.layout, twin)
    else:
        table = _wide(original, twin) if original.is_wide else dict(twin.columns)
    height = len(next(iter(table.values())))
    found = {}
    for place, name in enumerate(original.file.header):
        if name in table:
            found[name] = table[name]
        elif place == 0 and plain(name) in ROW_NAMES:
            found[name] = [str(number) for number in range(1, height + 1)]
        elif original.survey is not None and name == original.survey.response:
            found[name] = new_identifiers(original.texts(name), height, "R_twin")
        else:
            found[name] = [""] * height
    return found


def _redcap(layout: Layout, twin: TwinTable) -> dict[str, list[str]]:
    """Take the rows apart, one a kind, in the order in which REDCap writes them."""
    rows, kinds = np.nonzero(twin.has)
    order = np.lexsort((twin.session[rows], kinds, twin.course[rows]))
    rows, kinds = rows[order], kinds[order]
    sessions = twin.session[rows].tolist()
    found = {}
    for what, name in layout.names.items():
        found[name] = [
            layout.own_cell(what, layout.kinds[kind], session)
            for kind, session in zip(kinds.tolist(), sessions, strict=True)
        ]
    for name, cells in twin.columns.items():
        if name in layout.holds:
            found[name] = [
                cells[row] if there else ""
                for row, there in zip(rows.tolist(), layout.holds[name][kinds], strict=True)
            ]
    return found


def _wide(original: Original, twin: TwinTable) -> dict[str, list[str]]:
    """Lay the rows of each client side by side."""
    clients = len(twin.therapies)
    first: dict[int, int] = {}
    row_of: dict[tuple[int, int], int] = {}
    for row, (one, number) in enumerate(
        zip(twin.course.tolist(), twin.session.tolist(), strict=True)
    ):
        first.setdefault(one, row)
        row_of[one, number] = row
    last = {one: row for row, one in enumerate(twin.course.tolist())}
    found = {}
    for place, name in enumerate(original.tidied.header):
        occasion = original.occasions.get(place)
        if occasion is not None:
            cells = twin.columns[occasion.stem.replace(" ", "_")]
            rows = [row_of.get((one, occasion.session)) for one in range(clients)]
            found[name] = ["" if row is None else cells[row] for row in rows]
        elif plain(name) in SESSIONS_COUNTED:
            found[name] = [str(one.sessions) for one in twin.therapies]
    for name in original.file.header:
        if name in twin.columns and name not in found:
            cells = twin.columns[name]
            found[name] = [cells[first[one]] or cells[last[one]] for one in range(clients)]
    return found


def file_bytes(
    original: Original,
    columns: Mapping[str, Sequence[str]],
    target: Path,
    forms: ColumnForms | None = None,
) -> bytes:
    """Return the file of a twin, in the form that the ending of its name says.

    Parameters
    ----------
    original
        The records.
    columns
        Cells by column, from `file_columns`.
    target
        The file it is for.
    forms
        What it says of its columns, from `experiments.twin.labels.shared_forms`; nothing if left out.

    Raises
    ------
    AllianceError
        If the form cannot hold the columns.
    """
    days = {
        name: date_pattern(cells, original.wanted.dates)
        for name, cells in columns.items()
        if name in _day_columns(original)
    }
    match target.suffix.lower():
        case ".csv":
            return _delimited(_lines(original, columns), *_separator_and_codec(original))
        case ".xlsx":
            return _workbook(columns, days, original)
        case _:
            return package_bytes(columns, target, forms or ColumnForms(), days, NOTE)


def _lines(original: Original, columns: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the lines of a table: its header, which a survey has three rows of, and its rows."""
    yield tuple(columns)
    if original.survey is not None:
        yield from original.survey.heads
    yield from zip(*columns.values(), strict=True)


def _day_columns(original: Original) -> set[str]:
    name = original.rows.columns.names.get("date")
    if name is None:
        return set()
    if not original.is_wide:
        return {name}
    header = original.tidied.header
    stems = original.occasions.items()
    return {header[place] for place, one in stems if one.stem.replace(" ", "_") == name} | {name}


def _separator_and_codec(original: Original) -> tuple[str, str]:
    """Return the separator and the encoding of a text file; a comma and UTF-8 for other forms and encodings."""
    if original.path.suffix.lower() not in {".csv", ".txt", ".tsv", ".tab", ".dat"}:
        return ",", "utf-8"
    content = read_bytes(original.path, most=LARGEST)
    text, codec, _ = decoded(original.path, content)
    return separator_of(text), codec if codec in CODECS else "utf-8"


def _delimited(lines: Iterable[Sequence[str]], separator: str, codec: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(lines)
    return text.getvalue().encode(codec)


def _workbook(
    columns: Mapping[str, Sequence[str]], days: Mapping[str, str], original: Original
) -> bytes:
    import xlsxwriter

    memory = io.BytesIO()
    # A date of making would differ from run to run; the twin is the same for the same seed.
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": NOTE, "comments": NOTE, "created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet((original.wanted.table or "data")[:31])
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    heads = 1 + (0 if original.survey is None else len(original.survey.heads))
    names = tuple(columns)
    for row, cells in enumerate(_lines(original, columns)):
        for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
            if not cell:
                continue
            if row < heads:
                sheet.write_string(row, place, cell)
            elif name in days:
                sheet.write_datetime(row, place, datetime.strptime(cell, days[name]), as_day)
            elif POINT.fullmatch(cell):
                sheet.write_number(row, place, float(cell))
            else:
                sheet.write_string(row, place, cell)
    book.close()
    return memory.getvalue()
