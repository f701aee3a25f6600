"""The REML criterion of a random intercept as a function of the ratio λ of its variance to the residual one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inlined
from experiments.inference.dense import factor, invert

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import ClusterSums
    from experiments.inference.small_samples import Moments
    from experiments.tables.columns import Floats

__all__ = ["Elimination", "eliminate", "make_elimination", "solve"]


class Elimination(NamedTuple):
    """Room for p coefficients and clusters of up to q sizes.

    Attributes
    ----------
    weights
        n / (1 + nλ) of each size n, shape (q,).
    product, once, twice
        B'V⁻¹B and its derivatives in λ, of which the lower halves are used, shape (p + 1, p + 1).
    lower
        The factor of X'V⁻¹X, shape (p, p).
    """

    weights: Floats
    product: Floats
    once: Floats
    twice: Floats
    lower: Floats


def make_elimination(p: int, clusters: int) -> Elimination:
    """Return room for p coefficients and at most so many clusters."""
    square = (p + 1, p + 1)
    return Elimination(
        np.zeros(clusters), np.zeros(square), np.zeros(square), np.zeros(square), np.zeros((p, p))
    )


@inlined
def eliminate(
    ratio: float, rows: int, different: int, sums: ClusterSums, room: Elimination
) -> tuple[float, float]:
    """Return slope and curvature of the REML criterion in λ.

    B'V⁻¹B is eliminated column by column, its first and second derivatives with it: each pivot and its derivatives
    are those of a factor of |X'V⁻¹X|, the last of the residual sum of squares.
    """
    weights, product, once, twice = room.weights, room.product, room.once, room.twice
    width = len(product)
    slope, bend = 0.0, 0.0
    for s in range(different):
        weights[s] = sums.sizes[s] / (1.0 + sums.sizes[s] * ratio)
        slope += sums.many[s] * weights[s]
        bend -= sums.many[s] * weights[s] * weights[s]
    for a in range(width):
        for b in range(a + 1):
            total, falling, bending = sums.within[a, b], 0.0, 0.0
            for s in range(different):
                part = weights[s] * sums.between[a, b, s]
                total += part
                part *= weights[s]
                falling += part
                bending += weights[s] * part
            product[a, b], once[a, b], twice[a, b] = total, -falling, 2.0 * bending
    for k in range(width):
        over = 1.0 / product[k, k]
        one, two = once[k, k] * over, twice[k, k] * over
        times = 1.0 if k < width - 1 else rows - width + 1.0
        slope += times * one
        bend += times * (two - one * one)
        for i in range(k + 1, width):
            share = product[i, k] * over
            share_once = (once[i, k] - share * once[k, k]) * over
            share_twice = (twice[i, k] - share * twice[k, k] - 2.0 * share_once * once[k, k]) * over
            for j in range(k + 1, i + 1):
                product[i, j] -= share * product[j, k]
                once[i, j] -= share * once[j, k] + share_once * product[j, k]
                twice[i, j] -= (
                    share * twice[j, k]
                    + 2.0 * share_once * once[j, k]
                    + share_twice * product[j, k]
                )
    return slope, bend


@inlined
def solve(
    ratio: float,
    rows: int,
    different: int,
    sums: ClusterSums,
    room: Elimination,
    moments: Moments,
) -> tuple[float, float]:
    """Fill the inverse and the coefficients at λ; return the residual sum of squares and the REML criterion.

    The sum is -1 where columns depend on each other.
    """
    weights, product = room.weights, room.product
    width = len(product)
    p = width - 1
    criterion = 0.0
    for s in range(different):
        spread = 1.0 + sums.sizes[s] * ratio
        weights[s] = sums.sizes[s] / spread
        criterion += sums.many[s] * math.log(spread)
    for a in range(width):
        for b in range(a + 1):
            total = sums.within[a, b]
            for s in range(different):
                total += weights[s] * sums.between[a, b, s]
            product[a, b] = total
    if not factor(product, p, room.lower):
        return -1.0, 0.0
    criterion += invert(room.lower, moments.inverse)
    left = product[p, p]
    moments.beta[p] = 1.0
    for a in range(p):
        value = 0.0
        for b in range(p):
            value += moments.inverse[a, b] * product[p, b]
        moments.beta[a] = -value
        left -= value * product[p, a]
    criterion += (rows - p) * (math.log(2.0 * math.pi * left / (rows - p)) + 1.0)
    return left, criterion
