"""Standard errors and degrees of freedom of a mixed model, once its variances are known.

The covariance of the scores is V = Σ v_k G_k, linear in the variance components v. All that is needed of V are
products with B = [X y] and traces (`Moments`), in units in which the first residual variance is 1.

References
----------
Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from restricted maximum likelihood.
*Biometrics*, 53, 983-997. Their degrees of freedom for one contrast are 2 v² / g'Wg.

Satterthwaite's: Giesbrecht, F. G., & Burns, J. C. (1985). *Biometrics*, 41, 477-486; a parameter on its boundary has
no slope there and drops out, as in lmerTest (Kuznetsova, Brockhoff & Christensen, 2017, *Journal of Statistical
Software*, 82(13)).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inner, kernel
from experiments.inference.dense import NOTHING, eigen
from experiments.inference.df_methods import KENWARD_ROGER, SATTERTHWAITE

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = [
    "Information",
    "Moments",
    "information_of",
    "make_information",
    "make_moments",
    "small_sample",
    "small_samples",
]

FLAT = 1e-11
"""Share of the largest eigenvalue of an information matrix below which another one is nothing."""


class Moments(NamedTuple):
    """What small samples need to know of V; p coefficients, K variance components.

    Attributes
    ----------
    inverse, beta
        (X'V⁻¹X)⁻¹, shape (p, p), and the coefficients with -1 after them reversed in sign: (-β, 1), shape (p + 1,).
    first
        B'V⁻¹G_kV⁻¹B, shape (K, p + 1, p + 1).
    second
        B'V⁻¹G_kV⁻¹G_lV⁻¹B, shape (K, K, p + 1, p + 1).
    trace, traces
        tr(V⁻¹G_k), shape (K,), and tr(V⁻¹G_kV⁻¹G_l), shape (K, K).
    """

    inverse: Floats
    beta: Floats
    first: Floats
    second: Floats
    trace: Floats
    traces: Floats


class Information(NamedTuple):
    """Slope and curvatures of the REML criterion in the variance components, and room to work.

    Attributes
    ----------
    slope
        Shape (K,).
    expected, observed
        Curvature as expected (twice the information) and as it is, shape (K, K).
    projected, scores
        X'V⁻¹G_kV⁻¹X (X'V⁻¹X)⁻¹, shape (K, p, p), and B'V⁻¹G_kV⁻¹r, shape (K, p + 1).
    values, vectors, room
        Eigenvalues, eigenvectors and a copy of the matrix.
    size, along, turned
        Units that make curvatures comparable and slopes of the variance of a contrast, each of shape (K,), and
        vectors of the coefficients, shape (K + 1, p).
    """

    slope: Floats
    expected: Floats
    observed: Floats
    projected: Floats
    scores: Floats
    values: Floats
    vectors: Floats
    room: Floats
    size: Floats
    along: Floats
    turned: Floats


def make_moments(p: int, k: int) -> Moments:
    """Return room for p coefficients and k variance components."""
    return Moments(
        np.zeros((p, p)), np.zeros(p + 1), np.zeros((k, p + 1, p + 1)),
        np.zeros((k, k, p + 1, p + 1)), np.zeros(k), np.zeros((k, k)),
    )  # fmt: skip


def make_information(p: int, k: int) -> Information:
    """Return room for p coefficients and k variance components."""
    square = (k, k)
    return Information(
        np.zeros(k), np.zeros(square), np.zeros(square), np.zeros((k, p, p)), np.zeros((k, p + 1)),
        np.zeros(k), np.zeros(square), np.zeros(square), np.zeros(k), np.zeros(k),
        np.zeros((k + 1, p)),
    )  # fmt: skip


@inner
def information_of(moments: Moments, scale: float, found: Information) -> None:
    """Write slope and curvatures; `scale` is the residual variance that V is in units of."""
    inverse, beta, first, second, trace, traces = moments
    p = inverse.shape[0]
    for k in range(trace.shape[0]):
        square, share = 0.0, 0.0
        for a in range(p + 1):
            score = 0.0
            for b in range(p + 1):
                score += first[k, a, b] * beta[b]
            found.scores[k, a] = score
            square += beta[a] * score
        for a in range(p):
            for b in range(p):
                product = 0.0
                for c in range(p):
                    product += inverse[a, c] * first[k, c, b]
                found.projected[k, a, b] = product
            share += found.projected[k, a, a]
        found.slope[k] = trace[k] - share - square / scale
    for k in range(trace.shape[0]):
        for m in range(k + 1):
            one, two, quadratic = 0.0, 0.0, 0.0
            for a in range(p):
                for b in range(p):
                    one += inverse[a, b] * second[k, m, a, b]
                    two += found.projected[k, a, b] * found.projected[m, b, a]
                    quadratic -= found.scores[k, a] * inverse[a, b] * found.scores[m, b]
            for a in range(p + 1):
                for b in range(p + 1):
                    quadratic += beta[a] * second[k, m, a, b] * beta[b]
            expected = traces[k, m] - 2.0 * one + two
            found.expected[k, m] = expected
            found.expected[m, k] = expected
            found.observed[k, m] = 2.0 * quadratic / scale - expected
            found.observed[m, k] = found.observed[k, m]


@inner
def _decompose(found: Information) -> None:
    """Write eigenvectors of the matrix in `room`, its diagonal brought to 1, and one over its eigenvalues.

    Eigenvalues that are nothing get 0. Variance components differ in size by many powers of ten; their curvatures by
    twice as many, hence the diagonal.
    """
    room, size, values = found.room, found.size, found.values
    count = len(size)
    for i in range(count):
        size[i] = 1.0 / math.sqrt(abs(room[i, i])) if room[i, i] != 0.0 else 0.0
    for i in range(count):
        for j in range(count):
            room[i, j] *= size[i] * size[j]
    eigen(room, values, found.vectors, NOTHING)
    for i in range(count):
        values[i] = 1.0 / values[i] if values[i] > FLAT else 0.0


@inner
def _weighted(found: Information) -> float:
    """Return g'H⁻¹g for the slopes in `along`, after `_decompose`."""
    total = 0.0
    for i in range(len(found.values)):
        part = 0.0
        for k in range(len(found.values)):
            part += found.vectors[k, i] * found.size[k] * found.along[k]
        total += part * part * found.values[i]
    return total


@inner
def small_sample(
    contrast: Floats,
    moments: Moments,
    found: Information,
    free: Floats,
    bend: Floats,
    method: int,
) -> tuple[float, float]:
    """Return the variance of a contrast, in units of the scale, and its degrees of freedom.

    Parameters
    ----------
    contrast
        Shape (p,).
    moments, found
        Of the model; `found` by `information_of`.
    free
        Slope of the components in the parameters that are free, shape (K, K); a column of zeros is none.
    bend
        What the curvature in these parameters has beside free' H free, shape (K, K).
    method
        `KENWARD_ROGER` or `SATTERTHWAITE`; for another the degrees of freedom are infinite.
    """
    inverse, _, first, second, trace, _ = moments
    p, count = inverse.shape[0], len(trace)
    turned, along = found.turned, found.along
    variance = 0.0
    for a in range(p):
        turned[count, a] = 0.0
        for b in range(p):
            turned[count, a] += inverse[a, b] * contrast[b]
        variance += contrast[a] * turned[count, a]
    if method > SATTERTHWAITE:
        return variance, math.inf
    for k in range(count):
        along[k] = 0.0
        for a in range(p):
            turned[k, a] = 0.0
            for b in range(p):
                turned[k, a] += first[k, a, b] * turned[count, b]
            along[k] += turned[count, a] * turned[k, a]
    if method == KENWARD_ROGER:
        for k in range(count):
            for m in range(count):
                found.room[k, m] = found.expected[k, m]
        _decompose(found)
        weighted = 2.0 * _weighted(found)
        added = 0.0
        for k in range(count):
            for m in range(count):
                weight = 0.0
                for i in range(count):
                    weight += found.vectors[k, i] * found.vectors[m, i] * found.values[i]
                weight *= 2.0 * found.size[k] * found.size[m]
                part = 0.0
                for a in range(p):
                    for b in range(p):
                        part += turned[count, a] * second[k, m, a, b] * turned[count, b]
                        part -= turned[k, a] * inverse[a, b] * turned[m, b]
                added += weight * part
        return variance + 2.0 * added, 2.0 * variance * variance / weighted
    for i in range(count):
        for j in range(count):
            total = bend[i, j]
            for k in range(count):
                for m in range(count):
                    total += free[k, i] * found.observed[k, m] * free[m, j]
            found.room[i, j] = total
    for i in range(count):
        found.values[i] = along[i]
    for i in range(count):
        total = 0.0
        for k in range(count):
            total += free[k, i] * found.values[k]
        along[i] = total
    _decompose(found)
    return variance, variance * variance / _weighted(found)


@kernel
def small_samples(
    contrasts: Floats,
    moments: Moments,
    found: Information,
    free: Floats,
    bend: Floats,
    method: int,
    output: Floats,
) -> None:
    """Write variance and degrees of freedom of each contrast, shape (m, 2), as `small_sample` returns them."""
    for m in range(len(contrasts)):
        output[m, 0], output[m, 1] = small_sample(contrasts[m], moments, found, free, bend, method)
