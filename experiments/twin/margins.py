"""Margins of a column, coarse enough that no number in them rests on fewer than five clients.

The threshold rule of statistical disclosure control (Hundepool et al. 2012, *Statistical Disclosure Control*, Wiley):
what fewer clients share is pooled with its neighbours, or left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from experiments.tables.columns import Floats, Integers

__all__ = ["SMALLEST_CELL", "Categories", "Quantiles", "edge", "step_of"]

SMALLEST_CELL = 5
"""Clients that a number rests on at least."""

MOST_POINTS = 21
STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01, 0.001)


@dataclass(frozen=True, slots=True)
class Categories:
    """How frequent the entries of a column are; entries of fewer than five clients are not among them.

    Attributes
    ----------
    entries
        What stands there.
    shares
        How often, summing to 1.
    pooled
        How many different entries were left out.
    """

    entries: tuple[str, ...]
    shares: tuple[float, ...]
    pooled: int = 0

    @classmethod
    def of(cls, entries: Iterable[str], clients: Iterable[Hashable]) -> Categories:
        """Count entries; `clients` says whose each is."""
        count: dict[str, int] = defaultdict(int)
        who: dict[str, set[Hashable]] = defaultdict(set)
        for entry, client in zip(entries, clients, strict=True):
            count[entry] += 1
            who[entry].add(client)
        large = sorted(one for one in count if len(who[one]) >= SMALLEST_CELL)
        total = sum(count[one] for one in large)
        return cls(
            tuple(large),
            tuple(count[one] / total for one in large),
            len(count) - len(large),
        )

    def without(self, unwanted: Callable[[str], bool]) -> Categories:
        """Leave out entries."""
        left = [
            (entry, share)
            for entry, share in zip(self.entries, self.shares, strict=True)
            if not unwanted(entry)
        ]
        if len(left) == len(self.entries):
            return self
        total = sum(share for _, share in left)
        return Categories(
            tuple(entry for entry, _ in left),
            tuple(share / total for _, share in left),
            self.pooled + len(self.entries) - len(left),
        )

    def draw(self, size: int, random: np.random.Generator) -> list[str]:
        """Draw entries; empty ones where nothing is frequent enough."""
        if not self.entries:
            return [""] * size
        return [
            self.entries[place]
            for place in random.choice(len(self.entries), size=size, p=self.shares)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """The distribution of a number as at most 21 quantiles, five clients or more between any two.

    The lowest and the highest stand for the mean of the five lowest and highest clients, so no single one is seen.

    Attributes
    ----------
    shares, values
        Points of the quantile function, shape (points,), ascending.
    step
        What values are rounded to; 0 for not at all.
    """

    shares: Floats
    values: Floats
    step: float

    @classmethod
    def of(cls, values: Floats, clients: Integers) -> Quantiles | None:
        """Learn from values, `clients` says whose; ``None`` where fewer than ten clients have any."""
        known = np.isfinite(values)
        values, clients = values[known], clients[known]
        n = len(np.unique(clients))
        if n < 2 * SMALLEST_CELL:
            return None
        order = np.argsort(values, kind="stable")
        low, high = (
            edge(values[order], clients[order]),
            edge(values[order][::-1], clients[order][::-1]),
        )
        points = min(MOST_POINTS, n // SMALLEST_CELL + 1)
        shares = np.linspace(0.0, 1.0, points)
        found = np.clip(np.quantile(values, shares), low, high)
        found[0], found[-1] = low, high
        return cls(shares, found, step_of(values))

    def at(self, shares: Floats) -> Floats:
        """Return the values at some shares from 0 to 1, rounded as the column is."""
        found: Floats = np.interp(shares, self.shares, self.values)
        return _rounded(found, self.step)

    def draw(self, size: int, random: np.random.Generator) -> Floats:
        return self.at(random.random(size))


def _rounded(values: Floats, step: float) -> Floats:
    """Round values to whole steps; 0 for not at all."""
    if not step:
        return values
    decimals = max(0, math.ceil(-math.log10(step))) + (step in {0.25, 0.05})
    found: Floats = np.round(np.round(values / step) * step, decimals)
    return found


def step_of(values: Sequence[float] | Floats) -> float:
    """Return the largest usual step of which all values are multiples; 0 for none."""
    one = np.asarray(values, dtype=np.float64)
    return next(
        (step for step in STEPS if np.allclose(one / step, np.round(one / step), atol=1e-6)), 0.0
    )


def edge(values: Floats | Integers, clients: Integers) -> float:
    """Return the mean of the first values of the first five clients."""
    seen: dict[int, float] = {}
    for value, client in zip(values.tolist(), clients.tolist(), strict=True):
        seen.setdefault(client, value)
        if len(seen) == SMALLEST_CELL:
            break
    return float(np.mean(list(seen.values())))
