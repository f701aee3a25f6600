"""The REML criterion of a random intercept as a function of the ratio λ of its variance to the residual one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.inference.compilation import inner
from experiments.inference.dense import factor, invert

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import Workspace

__all__ = ["eliminate", "solve"]


@inner
def eliminate(ratio: float, different: int, work: Workspace, rows: int) -> tuple[float, float]:
    """Return slope and curvature of the REML criterion in λ.

    B'V⁻¹B is eliminated column by column, its first and second derivatives with it: each pivot and its derivatives
    are those of a factor of |X'V⁻¹X|, the last of the residual sum of squares.
    """
    product, once, twice = work.product, work.once, work.twice
    width = product.shape[0]
    slope, bend = 0.0, 0.0
    for a in range(width):
        for b in range(a + 1):
            product[a, b] = work.within[a, b]
            once[a, b] = 0.0
            twice[a, b] = 0.0
    for s in range(different):
        weight = work.sizes[s] / (1.0 + work.sizes[s] * ratio)
        slope += work.many[s] * weight
        bend -= work.many[s] * weight * weight
        for a in range(width):
            for b in range(a + 1):
                part = weight * work.between[s, a, b]
                product[a, b] += part
                part *= weight
                once[a, b] -= part
                twice[a, b] += 2.0 * weight * part
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


@inner
def solve(ratio: float, different: int, work: Workspace, rows: int) -> tuple[float, float]:
    """Fill the inverse and the coefficients at λ; return the residual sum of squares and the REML criterion.

    The sum is -1 where columns depend on each other.
    """
    product, moments = work.product, work.moments
    width = product.shape[0]
    p = width - 1
    criterion = 0.0
    for a in range(width):
        for b in range(a + 1):
            product[a, b] = work.within[a, b]
    for s in range(different):
        spread = 1.0 + work.sizes[s] * ratio
        weight = work.sizes[s] / spread
        criterion += work.many[s] * math.log(spread)
        for a in range(width):
            for b in range(a + 1):
                product[a, b] += weight * work.between[s, a, b]
    if not factor(product, p, work.lower):
        return -1.0, 0.0
    criterion += invert(work.lower, moments.inverse)
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
