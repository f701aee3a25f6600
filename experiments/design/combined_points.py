"""Points of several designs put together: every pairing, or one design after the other."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from experiments.design.design_points import DesignPoint, DesignPoints
from experiments.design.parameter_space import CASE, LAYER, Column
from experiments.design.value import Scalar, StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ProductPoints", "UnionPoints"]


class ProductPoints(DesignPoints):
    """Every point of one design with every point of the next; the last design changes fastest.

    Raises
    ------
    StudyError
        If two designs vary or set the same parameter.
    """

    def __init__(self, parts: Sequence[DesignPoints]) -> None:
        self.parts = tuple(parts)
        for one, other in itertools.combinations(self.parts, 2):
            if shared := _touched(one) & _touched(other):
                name = min(shared)
                raise StudyError(
                    f"Two designs of a product both set {name}; vary it in one of them."
                )
        self.columns = {name: kind for part in parts for name, kind in part.columns.items()}
        self.bundles = {name: bundle for part in parts for name, bundle in part.bundles.items()}

    def __len__(self) -> int:
        return math.prod(len(part) for part in self.parts)

    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        found: list[DesignPoint] = []
        for place in range(start, stop):
            rest, chosen = place, []
            for part in reversed(self.parts):
                rest, index = divmod(rest, len(part))
                chosen.append(part.rows(index, index + 1)[0])
            found.append(
                {name: value for point in reversed(chosen) for name, value in point.items()}
            )
        return found


class UnionPoints(DesignPoints):
    """The points of one design after those of another; what one does not vary stays at the base.

    Raises
    ------
    StudyError
        If a name means different things in two designs.
    """

    def __init__(self, parts: Sequence[DesignPoints]) -> None:
        self.parts = tuple(parts)
        self.starts = tuple(itertools.accumulate((len(part) for part in parts), initial=0))
        columns: dict[str, Column] = {}
        bundles: dict[str, dict[str, Mapping[str, Scalar]]] = {}
        for part in parts:
            for name, column in part.columns.items():
                columns[name] = _merged(name, columns.get(name, column), column)
            for name, bundle in part.bundles.items():
                known = bundles.setdefault(name, {})
                for level, settings in bundle.items():
                    if known.setdefault(level, settings) != settings:
                        raise StudyError(f"{name} = {level} sets different things in two designs.")
        self.columns, self.bundles = columns, bundles

    def __len__(self) -> int:
        return self.starts[-1]

    def rows(self, start: int, stop: int) -> list[DesignPoint]:
        found: list[DesignPoint] = []
        while start < stop:
            which = bisect_right(self.starts, start) - 1
            until = min(stop, self.starts[which + 1])
            offset = self.starts[which]
            found.extend(self.parts[which].rows(start - offset, until - offset))
            start = until
        return found


def _touched(points: DesignPoints) -> set[str]:
    inside = {
        name
        for bundle in points.bundles.values()
        for settings in bundle.values()
        for name in settings
    }
    return set(points.columns) | inside


def _merged(name: str, one: Column, other: Column) -> Column:
    if one.kind != other.kind:
        raise StudyError(f"{name} is a {one.kind} in one design and a {other.kind} in another.")
    if one.kind in {CASE, LAYER}:
        return Column(one.kind, tuple(dict.fromkeys(one.categories + other.categories)))
    return one
