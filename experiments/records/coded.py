"""Columns of text in which every distinct cell is stored once, and rows are numbers of cells.

Most columns of a long file have a few different cells: what is to be found out about a cell is found out once for
all rows that have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from experiments.tables.columns import Integers

__all__ = ["CodedCells", "coded", "in_order"]


class CodedCells(Sequence[str]):
    """The cells of a column; a sequence of text like any other.

    Parameters
    ----------
    words
        The distinct cells, in the order in which they first stand in the column.
    codes
        Place among them of each cell, shape (rows,).
    """

    def __init__(self, words: tuple[str, ...], codes: Integers) -> None:
        self.words = words
        self.codes = codes

    @cached_property
    def _cells(self) -> tuple[str, ...]:
        return tuple(map(self.words.__getitem__, self.codes.tolist()))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[str, ...]: ...
    def __getitem__(self, row: int | slice) -> str | tuple[str, ...]:
        """Return the cell of a row, or those of some."""
        return self._cells[row] if isinstance(row, slice) else self.words[self.codes[row]]

    def __iter__(self) -> Iterator[str]:
        """Go through the cells."""
        return iter(self._cells)

    def __eq__(self, other: object) -> bool:
        """Whether the other has the same cells."""
        return isinstance(other, Sequence) and self._cells == tuple(other)

    def __hash__(self) -> int:
        """Return the hash of the cells."""
        return hash(self._cells)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each of the cells."""
        numbers = np.bincount(self.codes, minlength=len(self.words)).tolist()
        return {word: count for word, count in zip(self.words, numbers, strict=True) if count}

    def at(self, rows: Integers) -> CodedCells:
        """Return the cells of some rows."""
        if np.array_equal(rows, np.arange(len(self.codes))):
            return self
        codes = self.codes[rows]
        first = np.full(len(self.words), len(codes), dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
        there = np.argsort(first, kind="stable")[: int((first < len(codes)).sum())]
        number = np.empty(len(self.words), dtype=np.int64)
        number[there] = np.arange(len(there))
        return CodedCells(tuple(self.words[word] for word in there.tolist()), number[codes])


def coded(cells: Sequence[str]) -> CodedCells:
    """Return a column with its distinct cells numbered."""
    if isinstance(cells, CodedCells):
        return cells
    number_of = {cell: number for number, cell in enumerate(dict.fromkeys(cells))}
    codes = np.fromiter(map(number_of.__getitem__, cells), np.int64, len(cells))
    return CodedCells(tuple(number_of), codes)


def in_order(*keys: Integers) -> Integers:
    """Return the order that sorts by several keys, the first before the others; equal rows keep their order."""
    ordered = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in reversed(keys):
        step = np.diff(key)
        ordered = (step > 0) | ((step == 0) & ordered)
    if ordered.all():
        return np.arange(len(keys[0]), dtype=np.int64)
    return np.lexsort(keys[::-1]).astype(np.int64, copy=False)
