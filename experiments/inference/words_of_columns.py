"""Columns of words in a formula: levels of a factor, groups without a name, values with a variance of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers

__all__ = ["NO_GROUP", "check_strata", "level_name", "numbered_words"]

NO_GROUP = frozenset({"", "na", "n/a", "nan", "null", "."})
"""Cells that name no group."""

LEAST_ROWS = 2
"""Rows that a residual variance of its own needs."""


def numbered_words(
    column: Sequence[str], missing: Sequence[str] = ()
) -> tuple[tuple[str, ...], Floats]:
    """Return the words of a column in the order of the alphabet, and which each row has, from 0; nan for none.

    Parameters
    ----------
    column
        Shape (rows,).
    missing
        Words that stand for a missing value.
    """
    cells = [cell.strip() for cell in column]
    known = [cell.lower() not in NO_GROUP and cell not in missing for cell in cells]
    there = {cell for cell, is_known in zip(cells, known, strict=True) if is_known}
    words = tuple(sorted(there, key=lambda word: (word.lower(), word)))
    places = {word: float(place) for place, word in enumerate(words)}
    return words, np.array([places.get(cell, np.nan) for cell in cells])


def level_name(value: float, words: Sequence[str] | None) -> str:
    """Write a level of a factor as its coefficient is called: its word, or its number where it has none."""
    return words[int(value)] if words else f"{value:g}"


def check_strata(column: str, counts: Integers) -> None:
    """Check that each value with a residual variance of its own has rows enough for one.

    Raises
    ------
    AllianceError
        For a column such as the number of the client: each row would have its own variance.
    """
    lone = int((counts < LEAST_ROWS).sum())
    if lone:
        raise AllianceError(
            f"{column} has {lone:,} of {len(counts):,} values in one row alone, and a variance needs several rows: "
            "name a column of few values, such as the arm."
        )
