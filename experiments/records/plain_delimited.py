"""CSV whose rows all have the cells of the header, and whose cells hold no separators: long files are read at once.

Cells are found as stretches of bytes and compared as whole numbers of eight bytes each; only distinct ones become
text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.records.coded import CodedCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.tables.columns import Integers

__all__ = ["plain_columns"]

LONGEST_CELL = 64
"""Bytes; files with longer cells are read row by row."""

WORD = 8
BITS = 18
"""Cells are first numbered by so many bits of a product, which few distinct ones share."""

FACTOR = 0x9E3779B97F4A7C15
"""An odd number without a pattern: multiplied by it, cells that are alike but for a digit are far from each other."""


def plain_columns(text: str, separator: str) -> tuple[list[str], list[CodedCells], Integers] | None:
    """Return the names in the first row, the columns below, and the line of each of their rows.

    None where rows differ in their number of cells, where quotation marks are around more than whole cells without
    separators, where a cell is very long, and where there is no row.
    """
    content = _plain_bytes(text, separator)
    if content is None:
        return None
    data = np.frombuffer(content, dtype=np.uint8)
    flat = np.flatnonzero((data == ord(separator)) | (data == ord("\n")))
    width = int(np.argmax(data[flat] == ord("\n"))) + 1
    if width < 2 or len(flat) % width or len(flat) == width:
        return None
    ends = flat.reshape(-1, width)
    is_line = data[ends] == ord("\n")
    if is_line[:, :-1].any() or not is_line[:, -1].all():
        return None
    sizes = (np.diff(flat, prepend=-1) - 1).reshape(-1, width)
    if int(sizes.max()) > LONGEST_CELL:
        return None
    header = _words(content, ends[0] - sizes[0], ends[0])
    padded = content + bytes(LONGEST_CELL + WORD)
    columns = [_column(padded, ends[1:, place], sizes[1:, place]) for place in range(width)]
    lines = np.arange(2, len(ends) + 1, dtype=np.int64)
    empty = np.logical_and.reduce([_is_empty(column) for column in columns])
    if empty.any():
        columns = [column.at(np.flatnonzero(~empty)) for column in columns]
        lines = lines[~empty]
    return (header, columns, lines) if lines.size else None


def _plain_bytes(text: str, separator: str) -> bytes | None:
    """Return text as bytes with one kind of line break and no quotation marks, if they have no other meaning."""
    if not separator.isascii():
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    content = text.rstrip("\n").encode() + b"\n"
    if '"' not in text:
        return content
    return content.replace(b'"', b"") if _quotes_are_around_cells(content, separator) else None


def _quotes_are_around_cells(content: bytes, separator: str) -> bool:
    """Whether every quotation mark opens or closes a cell that holds neither a separator nor another one."""
    data = np.frombuffer(content, dtype=np.uint8)
    marks = np.flatnonzero(data == ord('"'))
    if len(marks) % 2:
        return False
    is_edge = (data == ord(separator)) | (data == ord("\n"))
    opening, closing = marks[::2], marks[1::2]
    before = np.where(opening > 0, is_edge[opening - 1], True)
    if not before.all() or not is_edge[closing + 1].all():
        return False
    edges = np.flatnonzero(is_edge)
    return np.array_equal(np.searchsorted(edges, opening), np.searchsorted(edges, closing))


def _is_empty(column: CodedCells) -> NDArray[np.bool_]:
    return np.array([not word for word in column.words])[column.codes]


def _words(content: bytes, begins: Integers, ends: Integers) -> list[str]:
    """Return the cells that begin and end at some bytes."""
    places = zip(begins.tolist(), ends.tolist(), strict=True)
    return [content[begin:end].decode().strip() for begin, end in places]


def _column(content: bytes, ends: Integers, sizes: Integers) -> CodedCells:
    """Number the distinct cells of a column that end at some bytes, and have so many."""
    size = np.ascontiguousarray(sizes)
    begins = ends - size
    # Every eight bytes of the file as one number, wherever they begin.
    words = np.ndarray((len(content) - WORD + 1,), dtype="<u8", buffer=content, strides=(1,))
    parts = []
    for first in range(0, max(int(size.max()), 1), WORD):
        part = words[begins + first]
        rest = np.clip(size - first, 0, WORD)
        part &= MASKS[rest]
        parts.append(part)
    codes, rows = _numbered(parts)
    cells = _words(content, begins[rows], ends[rows])
    distinct = tuple(dict.fromkeys(cells))
    if len(distinct) < len(cells):
        number_of = {cell: number for number, cell in enumerate(distinct)}
        codes = np.array([number_of[cell] for cell in cells], dtype=np.int64)[codes]
    return CodedCells(distinct, codes)


MASKS = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], dtype=np.uint64)
"""Which bits of a number of eight bytes belong to a cell that has so many bytes left."""


def _numbered(parts: list[NDArray[np.uint64]]) -> tuple[Integers, Integers]:
    """Number rows in the order in which they first stand; return their numbers, and the first row of each number."""
    new = np.zeros(len(parts[0]), dtype=bool)
    new[0] = True
    for part in parts:
        new[1:] |= part[1:] != part[:-1]
    begin = np.flatnonzero(new)
    if 2 * len(begin) > len(new):
        codes, first = _numbered_by_product(parts)
        return codes, first
    codes, first = _numbered_by_product([part[begin] for part in parts])
    return np.repeat(codes, np.diff(begin, append=len(new))), begin[first]


def _numbered_by_product(parts: list[NDArray[np.uint64]]) -> tuple[Integers, Integers]:
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part) * np.uint64(FACTOR)
        mixed ^= mixed >> np.uint64(29)
    slot = (mixed >> np.uint64(64 - BITS)).astype(np.int64)
    first = np.empty(1 << BITS, dtype=np.int64)  # read only where it is written
    first[slot[::-1]] = np.arange(len(slot) - 1, -1, -1)
    home = first[slot]
    if not _alike(parts, home):  # different cells in one place
        _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
        home = first[number]
    if not _alike(parts, home):
        _, first, number = np.unique(
            np.column_stack(parts), axis=0, return_index=True, return_inverse=True
        )
        home = first[number.ravel()]
    rows = np.flatnonzero(home == np.arange(len(home)))
    number = np.empty(len(home), dtype=np.int64)
    number[rows] = np.arange(len(rows))
    return number[home], rows


def _alike(parts: list[NDArray[np.uint64]], home: Integers) -> bool:
    return all(np.array_equal(part, part[home]) for part in parts)
