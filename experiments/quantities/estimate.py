"""An estimate: a number, and the interval it is known to lie in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Estimate", "Estimates"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; both ends are NaN where there is no interval.

    The interval says how much the number would vary with other random numbers, not how far the model is from
    the world. How it is computed stands in `experiments.quantities.intervals`.
    """

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def bounded(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def width(self) -> float:
        """From one end of the interval to the other."""
        return self.high - self.low

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit; a negative factor turns the interval round."""
        ends = (self.low * factor, self.high * factor)
        return Estimate(self.value * factor, *(ends if factor >= 0.0 else ends[::-1]))

    def within(self, low: float, high: float) -> Estimate:
        """Return it with the ends of its interval brought to what is possible."""
        if not self.bounded:
            return self
        return Estimate(self.value, max(self.low, low), min(self.high, high))


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates side by side: arrays of one shape, NaN as in `Estimate`."""

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, estimates: Iterable[Estimate]) -> Estimates:
        """Return single estimates side by side."""
        rows = [(one.value, one.low, one.high) for one in estimates]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)

    def __len__(self) -> int:
        """Return how many there are along the first axis."""
        return len(self.value)

    def __getitem__(self, place: int) -> Estimate:
        """Return one of them."""
        return Estimate(float(self.value[place]), float(self.low[place]), float(self.high[place]))

    def within(self, low: float, high: float) -> Estimates:
        """Return them with the ends of their intervals brought to what is possible."""
        return Estimates(self.value, np.maximum(self.low, low), np.minimum(self.high, high))
