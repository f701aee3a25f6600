"""Where the axis of values of a chart begins and ends on paper: by the rule of ``assets/axes.js``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.quantities.writing import significant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.charts.figures import Axis

__all__ = ["axis_label", "axis_number", "extent", "ticks_from_first"]

STRETCHES = 5
"""About how many stretches between round numbers an axis has."""

NEARLY_ALL = 0.8
"""Shares above it are drawn up to the whole, and not beyond."""


def extent(axis: Axis, values: Iterable[float | None]) -> tuple[float, float]:
    """Return where an axis begins and ends: as it says, else at round numbers around the values.

    Values are joined by 0 where the axis says so.
    """
    known = [value for value in values if value is not None]
    if axis.zero or not known:
        known.append(0.0)
    low = min(known) if axis.low is None else axis.low
    high = max(known) if axis.high is None else axis.high
    whole = axis.percent and low == 0.0 and axis.high is None and NEARLY_ALL < high <= 1.0
    if whole:
        high = 1.0
    if high <= low:
        high = low + 1.0
    step = _step(low, high)
    if axis.low is None:
        low = math.floor(low / step + 1e-9) * step
    if axis.high is None and not whole:
        high = math.ceil(high / step - 1e-9) * step
    return float(f"{low:.12g}"), float(f"{high:.12g}")


def axis_label(axis: Axis, low: float) -> str:
    """Return what stands along an axis; one that does not begin at 0 says where it begins."""
    return (
        axis.label if low == 0.0 else f"{axis.label}; the axis begins at {axis_number(axis, low)}"
    )


def axis_number(axis: Axis, value: float) -> str:
    """Write a value along an axis."""
    return f"{significant(100.0 * value, 3)} %" if axis.percent else significant(value, 4)


def ticks_from_first(low: float, high: float, most: int, *, whole: bool) -> list[float]:
    """Return about `most` round numbers along what is counted from 1, such as sessions: the first has a tick, too."""
    step = _step(low, high, most)
    if whole:
        step = max(step, 1.0)
    if not whole or low % 1.0 or low % step == 0.0:
        return _multiples(step, low, high)
    if step == 2.0:
        return [low + tick for tick in _multiples(step, 0.0, high - low)]
    return [low, *_multiples(step, low + 0.7 * step, high)]


def _multiples(step: float, low: float, high: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _step(low: float, high: float, most: int = STRETCHES) -> float:
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= 0.999 * rough)
