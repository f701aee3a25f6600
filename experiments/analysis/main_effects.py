"""Main effects and two-way means of a study, for its report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.writing import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

__all__ = ["FactorLevels", "LevelMean", "levels_of", "main_effect", "two_way"]

MOST_LEVELS = 12
"""A factor with more values than this is put into bins."""

BINS = 6


@dataclass(frozen=True, slots=True)
class LevelMean:
    """The mean of an outcome at a level of a factor, with its 95 % interval.

    Attributes
    ----------
    at
        Where the level lies on a horizontal axis.
    value, low, high
        The mean and its interval; ``nan`` where there is none.
    """

    at: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FactorLevels:
    """A factor cut into levels: where each lies, what it is called, and which points belong to it.

    Attributes
    ----------
    places
        On a horizontal axis.
    names
        For people.
    masks
        One mask over points a level.
    ordered
        Whether places are numbers.
    """

    places: tuple[float, ...]
    names: tuple[str, ...]
    masks: tuple[NDArray[np.bool_], ...]
    ordered: bool


def levels_of(values: Sequence[object]) -> FactorLevels:
    """Cut a factor into its levels, or into bins of equal width if it has many."""
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        words = list(dict.fromkeys(values))
        masks = tuple(np.array([value == word for value in values]) for word in words)
        names = tuple("–" if word is None else str(word) for word in words)
        return FactorLevels(tuple(map(float, range(len(words)))), names, masks, ordered=False)
    numbers = np.array(values, dtype=np.float64)
    levels = np.unique(numbers)
    if len(levels) <= MOST_LEVELS:
        masks = tuple(numbers == level for level in levels)
        return FactorLevels(
            tuple(levels.tolist()),
            tuple(significant(level, 4) for level in levels),
            masks,
            ordered=True,
        )
    edges = np.linspace(levels[0], levels[-1], BINS + 1)
    place = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, BINS - 1)
    middles = (edges[:-1] + edges[1:]) / 2
    masks = tuple(place == bin_ for bin_ in range(BINS))
    return FactorLevels(
        tuple(middles.tolist()), tuple(significant(m, 3) for m in middles), masks, ordered=True
    )


def main_effect(points: pl.DataFrame, levels: FactorLevels, outcome: str) -> list[LevelMean]:
    """Average an outcome, and the ends of its intervals, over the points of each level.

    Points share their luck, so errors do not average out over points; the interval of a level is
    the average interval of its points.
    """
    columns = [points[name].to_numpy() for name in (outcome, f"{outcome}_low", f"{outcome}_high")]
    return [
        LevelMean(place, *(_mean(column[masks]) for column in columns))
        for place, masks in zip(levels.places, levels.masks, strict=True)
    ]


def two_way(
    points: pl.DataFrame, across: FactorLevels, down: FactorLevels, outcome: str
) -> list[list[float]]:
    """Average an outcome over the points of each pair of levels; NaN where there is no point."""
    values = points[outcome].to_numpy()
    return [[_mean(values[one & other]) for other in across.masks] for one in down.masks]


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan
