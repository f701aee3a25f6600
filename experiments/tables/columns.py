"""Columns of polars frames and of plain mappings, read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Booleans",
    "Columns",
    "Floats",
    "Integers",
    "MissingColumnError",
    "as_floats",
    "as_whole",
    "codes_of",
    "column_of",
    "filter_rows",
    "has_column",
    "height",
    "is_one_of",
    "names_of",
    "numbered",
    "shared_keys",
]

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Columns: TypeAlias = "pl.DataFrame | Mapping[str, Any]"


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
    from simulation.results.result import WORDS

    if name in WORDS and np.asarray(column[:0]).dtype.kind in "iu":
        return tuple(WORDS[name].index(word) for word in words if word in WORDS[name])
    return words


def numbered(key: Integers) -> Integers:
    """Return which number of its kind each key is, from 0, in ascending order of keys."""
    step = np.diff(key)
    if np.all(step >= 0):
        return np.concatenate([[0], np.cumsum(step > 0)])[: key.size].astype(np.int64)
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


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


def filter_rows(table: Columns, keep: Booleans) -> Columns:
    """Return the rows of a table for which `keep` is true."""
    if isinstance(table, Mapping):
        return {name: np.asarray(column)[keep] for name, column in table.items()}
    return table.filter(keep)


def shared_keys(left: Columns, right: Columns, names: tuple[str, ...]) -> tuple[Integers, Integers]:
    """Return one whole number a row, equal where all the named columns are equal."""
    ours = np.zeros(height(left), dtype=np.int64)
    theirs = np.zeros(height(right), dtype=np.int64)
    for name in names:
        if not (has_column(left, name) and has_column(right, name)):
            if name in {"run", "replicate"} and not (
                has_column(left, name) or has_column(right, name)
            ):
                continue
            what = "second" if has_column(left, name) else "first"
            raise MissingColumnError(
                f"{name} is not in the {what} of two tables that belong together."
            )
        mine, other = _matched(left[name], right[name])
        lowest = min(mine.min(initial=0), other.min(initial=0))
        span = int(max(mine.max(initial=0), other.max(initial=0)) - lowest) + 1
        ours = ours * span + (mine - lowest)
        theirs = theirs * span + (other - lowest)
    return ours, theirs


def _matched(left: Any, right: Any) -> tuple[Integers, Integers]:
    first, second = (
        column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
        for column in (left, right)
    )
    if first.dtype.kind in "iufb" and second.dtype.kind in "iufb":
        return as_whole(first), as_whole(second)
    _, code = np.unique(
        np.concatenate([first.astype(str), second.astype(str)]), return_inverse=True
    )
    codes = code.astype(np.int64)
    return codes[: first.size], codes[first.size :]


def height(table: Columns) -> int:
    """Return the number of rows."""
    if isinstance(table, Mapping):
        return len(next(iter(table.values()))) if len(table) else 0
    return table.height
