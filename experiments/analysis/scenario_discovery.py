"""Scenario discovery: in which region of the parameters an outcome crosses a threshold.

PRIM, the patient rule induction method (Friedman & Fisher 1999), as used for scenario discovery by
Bryant & Lempert (2010): a box around all points is peeled, a thin slice at a time, so that the
share of interesting points inside rises fastest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.design.value import Scalar, StudyError
from experiments.quantities.writing import significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Box", "Limit", "as_numbers", "discover"]

Spans = dict[tuple[str, str], NDArray[np.bool_]]
"""Factor and side (low, high, among) to the points that satisfy that limit."""

PEEL = 0.05
"""Share of the points in the box that one peel takes off."""

LEAST_MASS = 0.02
"""Share of all points that a box keeps at least."""

IDLE = 0.1
"""A limit that raises the density by less than this share is lifted again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How a box restricts one factor.

    Attributes
    ----------
    low, high
        For numbers; None where it is not restricted.
    among
        For words and switches: those that are inside.
    p_value
        Chance of as high a density if this restriction were lifted and did not matter (binomial;
        Bryant & Lempert 2010). It leans towards small values, because the limits were chosen to
        fit.
    """

    factor: str
    low: float | None
    high: float | None
    among: tuple[Scalar, ...]
    p_value: float

    def __str__(self) -> str:
        if self.among:
            return f"{self.factor} is {' or '.join(str(word) for word in self.among)}"
        if self.low is None:
            return f"{self.factor} ≤ {significant(self.high, 4)}"
        if self.high is None:
            return f"{self.factor} ≥ {significant(self.low, 4)}"
        return f"{significant(self.low, 4)} ≤ {self.factor} ≤ {significant(self.high, 4)}"


@dataclass(frozen=True, slots=True)
class Box:
    """A region and how well it describes the interesting points.

    Attributes
    ----------
    limits
        The factors it restricts; the others do not matter.
    coverage
        Share of all interesting points that lie inside.
    density
        Share of the points inside that are interesting.
    mass
        Share of all points that lie inside.
    base
        Share of all points that are interesting, inside or not.
    points
        How many points that is: those at which the outcome is a number.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    base: float
    points: int


def discover(
    factors: Mapping[str, Sequence[Scalar]], interesting: NDArray[np.bool_], *, density: float = 0.8
) -> Box:
    """Find the box with the highest coverage among those of at least the wanted density.

    Parameters
    ----------
    factors
        Factor to its value at every point.
    interesting
        Which points crossed the threshold, shape (points,).
    density
        Share of interesting points that is wanted inside; the densest box found if none reaches it.

    Raises
    ------
    StudyError
        If no point, or every point, is interesting.
    """
    count = int(interesting.sum())
    if count in {0, len(interesting)}:
        which = "no point crosses" if count == 0 else "every point crosses"
        raise StudyError(f"There is no region to find: {which} the threshold; choose another.")
    columns = {name: as_numbers(values) for name, values in factors.items()}
    trajectory = list(_peeled(columns, interesting))
    dense = [box for box in trajectory if interesting[box].mean() >= density]
    if dense:
        chosen = max(
            dense, key=lambda box: (int(interesting[box].sum()), float(interesting[box].mean()))
        )
    else:
        chosen = max(trajectory, key=lambda box: float(interesting[box].mean()))
    spans = _without_idle_limits(_spans(columns, chosen), interesting)
    chosen = _inside(spans, len(interesting))
    return Box(
        limits=tuple(_limits(factors, columns, interesting, spans)),
        coverage=float(interesting[chosen].sum() / count),
        density=float(interesting[chosen].mean()),
        mass=float(chosen.mean()),
        base=count / len(interesting),
        points=len(interesting),
    )


def _peeled(
    columns: Mapping[str, tuple[NDArray[np.float64], bool]], interesting: NDArray[np.bool_]
) -> Iterator[NDArray[np.bool_]]:
    """Return the boxes of a peeling trajectory, from all points downwards, as masks of points."""
    inside = np.ones(len(interesting), dtype=np.bool_)
    least = max(2.0, LEAST_MASS * len(interesting))
    while True:
        yield inside
        now = interesting[inside].mean()
        best: tuple[float, NDArray[np.bool_]] | None = None
        for values, ordered in columns.values():
            for peeled in _peels(values, ordered, inside):
                left = int(peeled.sum())
                if left < least:
                    continue
                gain = (interesting[peeled].mean() - now) / (int(inside.sum()) - left)
                if best is None or gain > best[0]:
                    best = gain, peeled
        if best is None or now == 1.0:
            return
        inside = best[1]


def _peels(
    values: NDArray[np.float64], ordered: bool, inside: NDArray[np.bool_]
) -> Iterator[NDArray[np.bool_]]:
    """Return what is left after each peel of one factor: a slice at either end, or one word."""
    here = values[inside]
    if ordered:
        low, high = np.quantile(here, [PEEL, 1 - PEEL])
        candidates = [values >= max(low, _next_above(here)), values <= min(high, _next_below(here))]
    else:
        candidates = [values != word for word in np.unique(here)]
    for peeled in candidates:
        left = inside & peeled
        if 0 < left.sum() < inside.sum():
            yield left


def _next_above(values: NDArray[np.float64]) -> float:
    above = values[values > values.min()]
    return float(above.min()) if len(above) else float("-inf")


def _next_below(values: NDArray[np.float64]) -> float:
    below = values[values < values.max()]
    return float(below.max()) if len(below) else float("inf")


def as_numbers(values: Sequence[Scalar]) -> tuple[NDArray[np.float64], bool]:
    """Return a factor as numbers, and whether their order means something."""
    if any(isinstance(value, bool | str) for value in values):
        words = list(dict.fromkeys(values))
        return np.array([words.index(value) for value in values], dtype=np.float64), False
    return np.array(values, dtype=np.float64), True


def _spans(
    columns: Mapping[str, tuple[NDArray[np.float64], bool]], box: NDArray[np.bool_]
) -> Spans:
    """Return, by factor and side that the box restricts, which points satisfy that limit."""
    spans: Spans = {}
    for name, (values, ordered) in columns.items():
        here = values[box]
        if ordered:
            spans[name, "low"] = values >= here.min()
            spans[name, "high"] = values <= here.max()
        else:
            spans[name, "among"] = np.isin(values, here)
    return {side: span for side, span in spans.items() if not span.all()}


def _inside(spans: Spans, points: int) -> NDArray[np.bool_]:
    inside = np.ones(points, dtype=np.bool_)
    for span in spans.values():
        inside &= span
    return inside


def _without_idle_limits(spans: Spans, interesting: NDArray[np.bool_]) -> Spans:
    """Lift the limits that hardly make the box denser, the least useful first.

    Peeling leaves some by chance.
    """

    def density(chosen: Spans) -> float:
        return float(interesting[_inside(chosen, len(interesting))].mean())

    while spans:
        lifted = {
            side: density({other: span for other, span in spans.items() if other != side})
            for side in spans
        }
        least = max(lifted, key=lambda side: lifted[side])
        if lifted[least] < density(spans) * (1 - IDLE):
            return spans
        spans = {side: span for side, span in spans.items() if side != least}
    return spans


def _limits(
    factors: Mapping[str, Sequence[Scalar]],
    columns: Mapping[str, tuple[NDArray[np.float64], bool]],
    interesting: NDArray[np.bool_],
    spans: Spans,
) -> Iterator[Limit]:
    from scipy.special import bdtrc

    box = _inside(spans, len(interesting))
    inside, hits = int(box.sum()), int(interesting[box].sum())
    for name in dict.fromkeys(factor for factor, _ in spans):
        values = columns[name][0]
        others = {side: span for side, span in spans.items() if side[0] != name}
        share = interesting[_inside(others, len(interesting))].mean()
        p_value = float(bdtrc(hits - 1, inside, share)) if hits else 1.0
        if (name, "among") in spans:
            pairs = zip(factors[name], spans[name, "among"], strict=True)
            words = tuple(dict.fromkeys(value for value, inside_limit in pairs if inside_limit))
            yield Limit(name, None, None, words, p_value)
            continue
        low = float(values[spans[name, "low"]].min()) if (name, "low") in spans else None
        high = float(values[spans[name, "high"]].max()) if (name, "high") in spans else None
        yield Limit(name, low, high, (), p_value)
