"""What kind of file somebody gave, by its first bytes, and who reads it."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from experiments.records.archives import DATABASE, MANIFESTS
from experiments.records.delimited import delimited_cells
from experiments.records.frames import json_lines_cells, polars_cells
from experiments.records.r_tables import is_of_r, r_cells, unpacked
from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.records.cells import Cells

__all__ = ["FORMS", "LARGEST", "package_form", "table_of_cells"]

FORMS = "CSV, Parquet, Arrow, JSON lines, Excel, OpenDocument, SPSS, Stata, R, jamovi or JASP"
"""What is read, for messages."""

LARGEST = 256 * MEBIBYTE
"""Of a file of session records: some ten million sessions."""

OTHERS = (
    (b"PK", "a ZIP archive"),
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"),
    (b"%PDF", "a PDF"),
    (b"HEADER RECORD***", "a SAS transport file"),
    (b"\x00" * 12 + b"\xc2\xea\x81\x60", "a SAS file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a text document"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a picture"),
)
"""Kinds of files that are not read, by their first bytes."""

ARCHIVES = (("word/", "a Word document"), ("ppt/", "a presentation"))
"""Kinds of ZIP archives by what is in them."""


def table_of_cells(path: Path, table: str | None = None) -> Cells:
    """Read a file of any form that is known as a table of text.

    Parameters
    ----------
    path
        The file.
    table
        Which table of it, for a workbook or a workspace of R that has several.

    Raises
    ------
    AllianceError
        When the file cannot be read, is no table or needs a library that is not installed; says what
        it looks like and what to do.
    """
    cells = _cells(path, table)
    if any(len(column) != len(cells.lines) for column in cells.columns):
        raise AllianceError(f"{path} is damaged: its columns are not of the same length.")
    return cells.named_in_a_line()


def _cells(path: Path, table: str | None) -> Cells:
    content = read_bytes(path, most=LARGEST)
    if table is not None and not _has_tables(content):
        raise AllianceError(f"{path} is one table and has no other: leave --table {table} out.")
    if not content.strip():
        raise AllianceError(f"{path} is empty. Give a table with a header line.")
    for magic, form in ((b"PAR1", "Parquet"), (b"ARROW1", "Arrow"), (b"\xff" * 4, "Arrow stream")):
        if content.startswith(magic):
            return polars_cells(path, content, form)
    if package := package_form(content):
        from experiments.records.packages import package_cells

        return package_cells(path, package)
    program = _program(content)
    if program:
        return _of_program(path, content, program, table)
    inside = unpacked(content) or content
    if is_of_r(inside):
        return r_cells(path, inside, table)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"', b'[{"')):
        return json_lines_cells(path, content)
    for magic, what in OTHERS:
        if content.startswith(magic):
            name = _archive(content) or what
            raise AllianceError(f"{path} is {name}, not {FORMS}. Save it as CSV.")
    return delimited_cells(path, content)


def _has_tables(content: bytes) -> bool:
    """Whether a file is of a form that can hold several tables."""
    return _program(content) in {"a spreadsheet program", "JASP"} or is_of_r(
        unpacked(content) or content
    )


def package_form(content: bytes) -> str:
    """Return ``"SPSS"`` or ``"Stata"`` for a file of such a package, by its first bytes; else empty."""
    if content.startswith((b"$FL2", b"$FL3")):
        return "SPSS"
    return "Stata" if _is_stata(content) else ""


def _is_stata(content: bytes) -> bool:
    """Whether a file is Stata's, of the versions since 1999 (release 104 and later)."""
    if content.startswith(b"<stata_dta>"):
        return True
    return (
        len(content) > 4
        and 104 <= content[0] <= 115
        and content[1] in {1, 2}
        and content[2:4] == b"\x01\x00"
    )


def _of_program(path: Path, content: bytes, program: str, table: str | None) -> Cells:
    """Read an archive of a program that `_program` names."""
    if program == "jamovi":
        from experiments.records.jamovi import jamovi_cells

        return jamovi_cells(path, content)
    if program == "JASP":
        from experiments.records.jasp import jasp_cells

        return jasp_cells(path, content, table)
    from experiments.records.workbooks import workbook_cells

    return workbook_cells(path, content, table)


def _program(content: bytes) -> str:
    """Return of what an archive is: a spreadsheet program, jamovi or JASP; empty for none of them."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "a spreadsheet program"
    names = _names(content)
    if "content.xml" in names or any(name.startswith("xl/workbook") for name in names):
        return "a spreadsheet program"
    if DATABASE in names:
        return "JASP"
    manifest = next((name for name in MANIFESTS if name in names), "")
    if not manifest or not {"metadata.json", "data.bin"} & set(names):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)).open(manifest) as part:
            return "JASP" if b"JASP-Archive-Version" in part.read(1 << 16) else "jamovi"
    except (
        zipfile.BadZipFile, zlib.error, LookupError, EOFError, OSError, ValueError, RuntimeError
    ):  # fmt: skip
        return "jamovi"  # which will say what is wrong with it


def _archive(content: bytes) -> str:
    """Say what a ZIP archive is by what is in it; empty where that says nothing."""
    names = _names(content)
    return next(
        (what for part, what in ARCHIVES if any(name.startswith(part) for name in names)), ""
    )


def _names(content: bytes) -> list[str]:
    if not content.startswith(b"PK"):
        return []
    try:
        return zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []
