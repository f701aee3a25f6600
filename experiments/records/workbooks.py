"""Workbooks of Excel and OpenDocument, read by python-calamine: every cell as it is, typed afterwards."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from experiments.records.cells import Cells, text_of
from experiments.records.libraries import library, reason, silent
from experiments.records.several_tables import one_table
from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["workbook_cells"]

LARGEST_INSIDE = 2048 * MEBIBYTE
"""Of a workbook, once unpacked."""

HALF = 0.5
"""Share of the widest row that the header has at least; what stands above it is a title."""


def workbook_cells(path: Path, content: bytes, table: str | None) -> Cells:
    """Read a sheet of a workbook (.xlsx, .xlsb, .xls, .ods) as a table of text.

    Rows have their numbers in the sheet.

    Parameters
    ----------
    path
        For messages.
    content
        The file.
    table
        The sheet; without it, the one that has a column for the client.

    Raises
    ------
    AllianceError
        When python-calamine is not installed, the file is damaged or locked, or no sheet is a table.
    """
    calamine = library("python_calamine", path, "a spreadsheet program", package="python-calamine")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST_INSIDE:
                raise AllianceError(f"{path} is too large once it is unpacked. Save it as CSV.")
    try:
        with silent():
            workbook = calamine.load_workbook(io.BytesIO(content))
            sheets = {
                name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in workbook.sheet_names
            }
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside calamine is no Exception
        raise AllianceError(f"{path} cannot be read as a workbook: {reason(error)}.") from None
    found = {name: _table(rows) for name, rows in sheets.items()}
    return one_table(
        path, {name: one for name, one in found.items() if one is not None}, table, "sheet"
    ).noting("Read as a workbook.")


def _table(rows: Sequence[Sequence[Any]]) -> Cells | None:
    """Return the table on a sheet; ``None`` where there is none of two columns with a row below the header."""
    texts = [(line, [text_of(cell) for cell in row]) for line, row in enumerate(rows, 1)]
    full = [(line, row) for line, row in texts if any(row)]
    counts = [sum(map(bool, row)) for _, row in full]
    widest = max(counts, default=0)
    if widest < 2:
        return None
    first = next(i for i, count in enumerate(counts) if count >= max(2, HALF * widest))
    if first + 1 == len(full):
        return None
    _, header = full[first]
    below = full[first + 1 :]
    notes = []
    if first:
        notes.append(f"The header is row {full[first][0]}; what stands above it is not read.")
    return Cells(
        tuple(header),
        tuple(zip(*(row for _, row in below), strict=True)),
        tuple(line for line, _ in below),
        tuple(notes),
    )
