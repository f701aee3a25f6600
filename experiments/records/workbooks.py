"""Workbooks of Excel and OpenDocument, read by python-calamine: every cell as it is, typed afterwards."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.records.cells import Cells, text_of
from experiments.records.libraries import bounded_memory, library, reason, silent
from experiments.records.own_process import read_apart
from experiments.records.several_tables import one_table
from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_workbook", "workbook_cells"]

LARGEST_INSIDE = 2048 * MEBIBYTE
"""Of a workbook, once unpacked."""

HALF = 0.5
"""Share of the widest row that the header has at least; what stands above it is a title."""


def workbook_cells(path: Path, content: bytes, table: str | None) -> Cells:
    """Read a sheet of a workbook (.xlsx, .xlsb, .xls, .ods) as a table of text.

    Rows have their numbers in the sheet. A process of its own reads the file, as for `package_cells`.

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
    library("python_calamine", path, "a spreadsheet program", package="python-calamine")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST_INSIDE:
                raise AllianceError(f"{path} is too large once it is unpacked. Save it as CSV.")
    read = read_apart(read_workbook, str(path))
    if "error" in read:
        raise AllianceError(
            f"{path} cannot be read as a workbook: {read['error']}. Save it as CSV."
        )
    found = {name: _table(rows) for name, rows in read["sheets"].items()}
    return one_table(
        path, {name: one for name, one in found.items() if one is not None}, table, "sheet"
    ).noting("Read as a workbook.")


def read_workbook(path: str) -> dict[str, Any]:
    """Read a workbook in this process.

    calamine lays out every cell between the first and the last of a sheet: two cells far from each other can ask for
    more memory than there is, which ends the process.

    Returns
    -------
    dict
        ``sheets``: the rows of text of each, with their numbers, empty rows left out; or the ``error``.
    """
    import python_calamine as calamine

    content = Path(path).read_bytes()
    try:
        with silent(), bounded_memory(len(content)):
            workbook = calamine.load_workbook(io.BytesIO(content))
            return {
                "sheets": {
                    name: _rows(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names
                }
            }
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside calamine is no Exception
        return {"error": reason(error)}


def _rows(sheet: Any) -> list[tuple[int, list[str]]]:
    rows = enumerate(sheet.to_python(skip_empty_area=False), 1)
    texts = ((line, [text_of(cell) for cell in row]) for line, row in rows)
    return [(line, row) for line, row in texts if any(row)]


def _table(full: Sequence[tuple[int, Sequence[str]]]) -> Cells | None:
    """Return the table on a sheet; ``None`` where there is none of two columns with a row below the header."""
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
