"""Columns of polars frames and of plain mappings, read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

__all__ = [
    "Booleans",
    "ChosenRows",
    "Columns",
    "Floats",
    "Integers",
    "MissingColumnError",
    "RowsOf",
    "StackedRows",
    "as_floats",
    "as_whole",
    "codes_of",
    "column_of",
    "distinct",
    "has_column",
    "height",
    "is_one_of",
    "names_of",
    "numbered",
    "read_only",
]

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Columns: TypeAlias = "pl.DataFrame | Mapping[str, Any]"


Number = TypeVar("Number", np.float64, np.int64)

RowsOf: TypeAlias = Literal["tables", "study", "client", "studies"]
"""What the rows of something that tables keep depend on."""

DENSE = 16
"""Keys that span no more than so many times their number are numbered by counting, others by sorting."""


class MissingColumnError(AllianceError):
    """A statistic needs a column that the tables do not have."""


def names_of(table: Columns) -> list[str]:
    """Return the names of the columns."""
    return list(table.keys()) if isinstance(table, Mapping) else list(table.columns)


def has_column(table: Columns, name: str) -> bool:
    """Whether the table has a column of this name."""
    return name in names_of(table)


def column_of(table: Columns, name: str, what: str) -> Any:
    """Return a column of the table called `what`, or raise `MissingColumnError`."""
    if not has_column(table, name):
        close = nearest(name, names_of(table))
        hint = f" Did you mean {close}?" if close else ""
        raise MissingColumnError(f"{name} is not a column of the {what} table.{hint}")
    return table[name]


def as_floats(column: Any) -> Floats:
    """Return a column as a new array of floats; what is missing becomes ``nan``."""
    values = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
    return np.array(values, dtype=np.float64)


def as_whole(column: Any) -> Integers:
    """Return a column as whole numbers; text is numbered, what is missing becomes -1."""
    values = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
    if values.dtype.kind in "OU":
        _, code = np.unique(values.astype(str), return_inverse=True)
        return code.astype(np.int64)
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), -1, values)
    return np.asarray(values, dtype=np.int64)


def codes_of(name: str, column: Any, words: tuple[str, ...]) -> tuple[str | int, ...]:
    """Return words as a column holds them: where it is of the engine's codes, as places in the list of its words."""
    if np.asarray(column[:0]).dtype.kind not in "iu":
        return words
    from simulation.results.result import WORDS

    if name not in WORDS:
        return words
    return tuple(WORDS[name].index(word) for word in words if word in WORDS[name])


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return the same array, but such that nobody writes to it by mistake."""
    view = array.view()
    view.setflags(write=False)
    return view


def numbered(key: Integers) -> Integers:
    """Return which number of its kind each key is, from 0, in ascending order of keys."""
    if not key.size:
        return key.astype(np.int64)
    step = np.diff(key)
    if np.all(step >= 0):
        return np.concatenate([[0], np.cumsum(step > 0)]).astype(np.int64)
    lowest = int(key.min())
    span = int(key.max()) - lowest + 1
    if span > DENSE * key.size:
        return np.unique(key, return_inverse=True)[1].astype(np.int64)
    there = np.zeros(span, dtype=bool)
    there[key - lowest] = True
    return (np.cumsum(there) - 1)[key - lowest].astype(np.int64)


def distinct(values: NDArray[Number]) -> tuple[NDArray[Number], Integers]:
    """Return the numbers that there are, ascending, and the place of each among them; there must be no ``nan``.

    It is what `numpy.unique` does, which brings NumPy's module of masked arrays with it.
    """
    order = np.argsort(values)
    ordered = values.take(order)
    new = np.ones(values.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    place = np.empty(values.size, dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return ordered[new], place


def is_one_of(column: Any, names: tuple[str | int, ...]) -> Booleans:
    """Which rows of a column of words, or of codes, have one of these values."""
    if hasattr(column, "to_numpy"):
        text = column.cast(str)
        return np.asarray(text.is_in(list(names)).fill_null(False).to_numpy(), dtype=bool)
    values = np.asarray(column)
    found = np.zeros(values.shape, dtype=bool)
    for name in names:
        found |= values == name
    return found


class ChosenRows(Mapping[str, Any]):
    """Some rows of a table; they are taken of a column when it is asked for.

    Parameters
    ----------
    table
        The whole table.
    rows
        Returns the numbers of the rows, ascending; it is called when the first column is asked for.
    """

    def __init__(self, table: Columns, rows: Callable[[], Integers]) -> None:
        self.table = table
        self._find_rows = rows

    @cached_property
    def rows(self) -> Integers:
        """Numbers of the rows, shape (rows,)."""
        return self._find_rows()

    def __getitem__(self, name: str) -> Any:
        """Return these rows of a column."""
        column = self.table[name]
        return column[self.rows] if hasattr(column, "to_numpy") else np.asarray(column)[self.rows]

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the columns."""
        return iter(names_of(self.table))

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(names_of(self.table))


class StackedRows(Mapping[str, Any]):
    """Tables with the same columns one below the other; a column is put together when it is asked for.

    Parameters
    ----------
    tables
        One or more.
    """

    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self.tables = tables

    def __getitem__(self, name: str) -> Any:
        """Return the rows of all in a column."""
        return np.concatenate([np.asarray(table[name]) for table in self.tables])

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the columns."""
        return iter(self.tables[0])

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.tables[0])


def height(table: Columns) -> int:
    """Return the number of rows."""
    if isinstance(table, Mapping):
        return len(next(iter(table.values()))) if len(table) else 0
    return table.height
