"""Points: the settings a design asks for, in a fixed order, made only when they are needed."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from experiments.design.factor_values import spread
from experiments.design.value import Scalar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.factors import Levels, Range
    from experiments.design.parameter_space import Column, ParameterSpace

__all__ = ["DesignPoint", "DesignPoints", "GridPoints", "ListedPoints", "SampledPoints"]

DesignPoint = Mapping[str, Scalar]
"""Factor name to its value; a factor that is missing keeps the value of the study's base."""

Bundles = Mapping[str, Mapping[str, Mapping[str, Scalar]]]
"""Factor name to level to the settings the level stands for."""


class DesignPoints(ABC):
    """A sequence of points that is never in memory as a whole if it need not be.

    Attributes
    ----------
    columns
        Factor name to the type of its column, in the order of the columns.
    bundles
        For factors whose levels are names (policies): what each name sets.
    """

    columns: Mapping[str, Column]
    bundles: Bundles

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        """Return points `start` to `stop` (not included)."""


@dataclass(frozen=True)
class GridPoints(DesignPoints):
    """Every combination of the levels; the last factor changes fastest."""

    levels: Mapping[str, tuple[Scalar, ...]]
    columns: Mapping[str, Column]
    bundles: Bundles = field(default_factory=dict)

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.levels.values())

    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        found: list[DesignPoint] = []
        for place in range(start, stop):
            point: dict[str, Scalar] = {}
            rest = place
            for name in reversed(list(self.levels)):
                rest, index = divmod(rest, len(self.levels[name]))
                point[name] = self.levels[name][index]
            found.append({name: point[name] for name in self.levels})
        return found


@dataclass(frozen=True)
class SampledPoints(DesignPoints):
    """Points that a sampler drew on the unit cube, shape (points, factors)."""

    unit: NDArray[np.float64]
    factors: Mapping[str, Levels | Range]
    space: ParameterSpace
    columns: Mapping[str, Column]
    bundles: Bundles = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.unit)

    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        drawn = [
            spread(name, factor, self.space, self.unit[start:stop, place])
            for place, (name, factor) in enumerate(self.factors.items())
        ]
        return [dict(zip(self.factors, values, strict=True)) for values in zip(*drawn, strict=True)]


@dataclass(frozen=True)
class ListedPoints(DesignPoints):
    """Points written out one by one."""

    listed: Sequence[DesignPoint]
    columns: Mapping[str, Column]
    bundles: Bundles = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.listed)

    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        return list(self.listed[start:stop])
