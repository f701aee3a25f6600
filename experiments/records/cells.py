"""From bytes to cells of text: encodings, separators, and what a file that is no table says.

Every row keeps the number of the line it stood on, so that a message can name it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Cells", "rows_text", "table_of_cells"]

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with a byte order mark"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
LARGEST = 256 * MEBIBYTE
"""Of a file of session records: some ten million sessions."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SHOWN = 8
SAMPLE_LINES = 50
NUL_SHARE = 0.2


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
        The line of the file (the row of the table, for Parquet) each row stood on, from 1.
    notes
        What was found on the way.
    """

    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    notes: tuple[str, ...]


def rows_text(lines: list[int]) -> str:
    """Name rows for a message: the first few by number, the rest as a count."""
    ordered = sorted(lines)
    word = "row" if len(ordered) == 1 else "rows"
    shown = ", ".join(str(line) for line in ordered[:SHOWN])
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    return f"{word} {shown}{more}"


def table_of_cells(path: Path) -> Cells:
    """Read a CSV or Parquet file as a table of text.

    Raises
    ------
    AllianceError
        When the file cannot be read or is no table; says what it looks like and what to do.
    """
    content = read_bytes(path, most=LARGEST)
    if not content.strip():
        raise AllianceError(f"{path} is empty. Give a table with a header line.")
    if content[:4] == b"PAR1":
        return _parquet(path, content)
    for magic, what in (
        (b"PK\x03\x04", "a spreadsheet or a ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
        (b"\x1f\x8b", "compressed"),
        (b"%PDF", "a PDF"),
        (b"$FL2", "an SPSS file"),
    ):
        if content.startswith(magic):
            raise AllianceError(f"{path} is {what}, not CSV or Parquet. Save it as CSV.")
    return _csv(path, content)


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """Return the text and what to say about its encoding."""
    for mark, codec, name in BOMS:
        if content.startswith(mark):
            return _decode(path, content, codec, name), f"Read as {name}."
    head = content[:4000]
    if head.count(0) > NUL_SHARE * len(head):
        even, odd = head[::2].count(0), head[1::2].count(0)
        codec = "utf-16-le" if odd >= even else "utf-16-be"
        return _decode(
            path, content, codec, "UTF-16"
        ), "Read as UTF-16 (it has no byte order mark)."
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        codec = "cp1252"
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            text, codec = content.decode("latin-1"), "latin-1"
        name = {"cp1252": "Windows-1252 (Latin-1)", "latin-1": "Latin-1"}[codec]
        return text, f"Not UTF-8, so read as {name}; check names with accents."


def _decode(path: Path, content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise AllianceError(
            f"{path} looks like {name}, but byte {error.start} does not belong there."
            " Save it as CSV in UTF-8."
        ) from None


def _csv(path: Path, content: bytes) -> Cells:
    text, said = _decoded(path, content)
    notes = [said] if said else []
    if "\x00" in text:
        raise AllianceError(
            f"{path} has bytes that no text has, so it is not CSV. Give CSV or Parquet."
        )
    separator = _separator(text)
    if separator != ",":
        notes.append(f"Columns are separated by {SEPARATORS[separator]}.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    header: list[str] | None = None
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[int] = []
    last = 0
    try:
        for row in reader:
            line, last = last + 1, reader.line_num
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = cells
            elif len(cells) != len(header):
                ragged.append(line)
            else:
                rows.append(cells)
                lines.append(line)
    except csv.Error as error:
        raise AllianceError(
            f"{path} is not readable as CSV: line {reader.line_num}: {error}. Save it as CSV in UTF-8."
        ) from None
    if header is None:
        raise AllianceError(f"{path} is empty. Give a table with a header line.")
    if len(header) < 2:
        raise AllianceError(
            f"{path} has only one column, {_short(header[0])}. Give a table with a client and a"
            " session column, separated by commas, semicolons, tabs or bars."
        )
    if ragged:
        notes.append(
            f"Left out {rows_text(ragged)}: not the {len(header)} cells that the header has."
        )
    return _cells(path, header, list(zip(*rows, strict=True)) if rows else [], lines, notes)


def _separator(text: str) -> str:
    """Choose the separator that cuts the first lines into the most columns of the same number."""
    sample = "".join(text.splitlines(keepends=True)[:SAMPLE_LINES])
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


def _parquet(path: Path, content: bytes) -> Cells:
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(content))
        columns = [
            tuple("" if value is None else _text(value) for value in frame[name].to_list())
            for name in frame.columns
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside polars is no Exception
        reason = str(error).partition("\n")[0][:120]
        raise AllianceError(f"{path} is damaged Parquet: {reason}.") from None
    return _cells(
        path, list(frame.columns), columns, list(range(1, frame.height + 1)), ["Read as Parquet."]
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if value != value else f"{value:.17g}"  # noqa: PLR0124  # not a number is missing
    return str(value).strip()


def _cells(
    path: Path,
    header: list[str],
    columns: list[tuple[str, ...]],
    lines: list[int],
    notes: list[str],
) -> Cells:
    if not lines:
        raise AllianceError(f"{path} has a header line but no rows.")
    return Cells(tuple(header), tuple(columns), tuple(lines), tuple(notes))


def _short(text: str, most: int = 60) -> str:
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return repr(shown)
