"""The search for the ratio λ of the variance of a random intercept to the residual one.

The slope of the REML criterion changes its sign from minus to plus at every minimum: it is looked up on a grid, each
change is closed in on, and the lowest minimum is taken, λ = 0 among them.

With u as the unit of λ, h is the slope in log(u + λ), and v = λ / (u + λ). Where predictors do not vary between
clusters and clusters explain little, h is nearly a line in v: so a zero of it is first looked for where the line
through both ends has one, and then by Newton's method for h in v.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.compilation import inlined
from experiments.inference.equal_clusters import equal_slope
from experiments.inference.intercept_criterion import eliminate, solve

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import ClusterSums
    from experiments.inference.equal_clusters import EqualClusters
    from experiments.inference.intercept_criterion import Elimination
    from experiments.inference.small_samples import Moments

__all__ = ["lowest_ratio"]

GRID = np.array([0.0, 0.05, 0.25, 1.0, 3.0, 8.0, 20.0, 55.0, 150.0, 1e4, 1e6, 1e8, 1e10])
"""Values of nλ, for clusters of mean size n, at which the slope is looked at: so close that of 20,000 trials made to
have two minima no lowest one was missed (with 4, 20, 150 instead of 3 to 150, of 8,000 four).
"""

MANY = 10
"""Values of the grid that are always looked at; the others while the slope is negative."""

CLOSE = 1e-7
"""Relative change of λ after which the search ends: Newton's method has squared what was left of the error."""

NARROW = 1e-11
"""Relative width of an interval in which the search ends as well."""


@inlined
def lowest_ratio(
    rows: int,
    clusters: int,
    different: int,
    squares: tuple[float, float],
    sums: ClusterSums,
    room: Elimination,
    equal: EqualClusters,
    moments: Moments,
) -> float:
    """Return the λ with the lowest REML criterion.

    One loop walks up the grid and closes in on each minimum: so the elimination is compiled once.

    Parameters
    ----------
    rows, clusters, different
        How many there are, and how many sizes of clusters.
    squares, equal
        Where all are of one size, as `equal_slope` takes them.
    sums, room, moments
        Of the trial; the latter two are written to.
    """
    clustered = 0.0
    for s in range(different):
        clustered += sums.sizes[s] * sums.many[s]
    unit = clusters / clustered
    best, lowest, found = 0.0, math.inf, False
    closing = False
    low, below, high, above = 0.0, 0.0, 0.0, 0.0  # λ and h at two neighbours on the grid
    left, right = 0.0, 0.0
    step, ratio = 0, 0.0
    while step < len(GRID):
        if different == 1:
            slope, bend = equal_slope(
                ratio, rows, clusters, sums.sizes[0], squares, equal.shares, equal.effects
            )
        else:
            slope, bend = eliminate(ratio, rows, different, sums, room)
        total = unit + ratio
        h, turn = slope * total, slope + bend * total
        if not closing:
            if step == 0:
                found = h >= 0.0
            if below < 0.0 <= h:
                closing, left, right = True, low, ratio
                high, above = ratio, h
                ratio = _between(low, below, high, above, unit)
                continue
            low, below = ratio, h
        else:
            if h < 0.0:
                left = ratio
            else:
                right = ratio
            change = -h / turn if turn > 0.0 else total
            following = ratio + change / (1.0 - change / total) if change < total else right
            if left < following < right:
                near = abs(following - ratio) <= CLOSE * ratio
            else:
                following = 0.5 * (left + right)
                near = right - left <= NARROW * right
            ratio = following
            if not near:
                continue
            if found and lowest == math.inf:
                lowest = solve(best, rows, different, sums, room, moments)[1]
            here = math.inf
            if found:
                here = solve(ratio, rows, different, sums, room, moments)[1]
            if not found or here < lowest:
                best, lowest = ratio, here
            found, closing = True, False
            low, below = high, above
        step += 1
        if step >= MANY and below >= 0.0:
            break
        ratio = GRID[min(step, len(GRID) - 1)] * unit
    return best if found else low


@inlined
def _between(low: float, below: float, high: float, above: float, unit: float) -> float:
    """Return the λ between two others at which a line in v, with values of different sign there, is zero."""
    ends = above / (unit + low) - below / (unit + high)
    ratio = (above - below) / ends - unit
    return ratio if low < ratio < high else 0.5 * (low + high)
