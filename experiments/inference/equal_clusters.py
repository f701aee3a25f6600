"""The REML criterion of a random intercept where all clusters are of one size.

Let T be the cross products of predictors between clusters, a part of all of them, X'X = LL'. An eigenvector of
L⁻¹TL⁻ᵀ is a predictor that is independent of the others at every λ, the ratio of the variances; its eigenvalue t is
the share of it that lies between clusters. With clusters of n rows, v = nλ / (1 + nλ), e the residuals of least
squares, e'Te their squares between clusters, and h what they have in common there with an eigenvector,

    log|V| + log|X'V⁻¹X| = Σ log(1 - vt) - clusters · log(1 - v) + log|X'X|,
    residual sum of squares = e'e - v e'Te - v² Σ h² / (1 - vt).

So a look at one λ takes some divisions, and no elimination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inlined
from experiments.inference.dense import eigen

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import ClusterSums
    from experiments.tables.columns import Floats

__all__ = ["EqualClusters", "diagonalise", "equal_slope", "make_equal_clusters"]

NOTHING = 1e-15
"""What two predictors may have in common between clusters, as a share of them, and count as independent."""


class EqualClusters(NamedTuple):
    """Room for p coefficients.

    Attributes
    ----------
    shares, effects
        t and h² of independent predictors, shape (p,).
    common, axes
        L⁻¹TL⁻ᵀ and its eigenvectors, shape (p, p).
    """

    shares: Floats
    effects: Floats
    common: Floats
    axes: Floats


def make_equal_clusters(p: int) -> EqualClusters:
    """Return room for p coefficients."""
    return EqualClusters(np.zeros(p), np.zeros(p), np.zeros((p, p)), np.zeros((p, p)))


@inlined
def diagonalise(sums: ClusterSums, lower: Floats, beta: Floats, found: EqualClusters) -> float:
    """Write shares and effects, and return e'Te.

    Parameters
    ----------
    sums
        Of clusters of one size.
    lower, beta
        The factor L of X'X and the coefficients of least squares: (-β, 1).
    """
    shares, effects, common, axes = found
    p, size = len(shares), sums.sizes[0]
    squares = 0.0
    for a in range(p + 1):
        residual = 0.0
        for b in range(p + 1):
            residual += size * sums.between[a, b, 0] * beta[b]
        squares += beta[a] * residual
        if a == p:
            break
        # L⁻¹ from the left,
        for k in range(a):
            residual -= lower[a, k] * effects[k]
        effects[a] = residual / lower[a, a]
        for b in range(p):
            left = size * sums.between[a, b, 0]
            for k in range(a):
                left -= lower[a, k] * common[k, b]
            common[a, b] = left / lower[a, a]
    # and then from the right.
    for a in range(p):
        for b in range(p):
            left = common[a, b]
            for k in range(b):
                left -= lower[b, k] * common[a, k]
            common[a, b] = left / lower[b, b]
    eigen(common, shares, axes, NOTHING)
    for a in range(p):
        common[0, a] = effects[a]
    for i in range(p):
        effect = 0.0
        for a in range(p):
            effect += axes[a, i] * common[0, a]
        effects[i] = effect * effect
    return squares


@inlined
def equal_slope(
    ratio: float,
    rows: int,
    clusters: int,
    size: float,
    squares: tuple[float, float],
    shares: Floats,
    effects: Floats,
) -> tuple[float, float]:
    """Return slope and curvature of the REML criterion in λ.

    Parameters
    ----------
    ratio
        λ.
    rows, clusters, size
        How many there are, and the rows of a cluster.
    squares
        e'e and e'Te.
    shares, effects
        By `diagonalise`.
    """
    p = len(shares)
    inside = 1.0 / (1.0 + size * ratio)  # 1 - v
    v = size * ratio * inside
    left, once, twice = squares[0] - v * squares[1], -squares[1], 0.0
    slope = clusters / inside
    bend = slope / inside
    for i in range(p):
        t = shares[i]
        over = 1.0 / (1.0 - t + inside * t)
        slope -= t * over
        bend -= (t * over) * (t * over)
        part = effects[i] * over
        left -= v * v * part
        once -= v * (2.0 - v * t) * part * over
        twice -= 2.0 * part * over * over
    over = (rows - p) / left
    slope += once * over
    bend += twice * over - once * once * over / left
    # From v to λ.
    once = size * inside * inside
    twice = -2.0 * size * inside * once
    return slope * once, bend * once * once + slope * twice
