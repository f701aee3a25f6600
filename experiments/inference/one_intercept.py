"""A mixed model with one random intercept, for thousands of trials at once.

Everything follows from clusters' means. Within a cluster of n scores V has the eigenvalue 1, and for their mean
1 + nλ, with λ the ratio of the variances and the residual variance as unit. So X'V⁻¹X is what is within clusters plus
Σ c m m' over the means m, with c = n / (1 + nλ); clusters of one size are summed once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.cluster_sums import ClusterSums, make_cluster_sums, sum_clusters
from experiments.inference.compilation import inlined, kernel
from experiments.inference.df_methods import BETWEEN_WITHIN, SATTERTHWAITE
from experiments.inference.equal_clusters import (
    EqualClusters,
    diagonalise,
    make_equal_clusters,
)
from experiments.inference.failures import (
    DEPENDENT,
    FEW_GROUPS,
    NO_ROWS,
    NO_SPREAD,
    SINGLE,
)
from experiments.inference.intercept_criterion import (
    Elimination,
    make_elimination,
    solve,
)
from experiments.inference.intercept_moments import fill_moments
from experiments.inference.lowest_ratio import lowest_ratio
from experiments.inference.small_samples import (
    Information,
    Moments,
    information_of,
    make_information,
    make_moments,
    small_sample,
)
from experiments.inference.trial_cells import Cells, make_cells, sum_cells

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["OUTPUT", "Workspace", "fit_intercepts", "make_workspace"]

OUTPUT = ("tau", "sigma", "reml", "failed")
"""What is written for each trial, besides the columns of contrasts."""

CONSTANT = 1e-10
"""Share of a column's square within clusters below which it does not vary there."""


class Workspace(NamedTuple):
    """Room for one trial with p coefficients.

    Attributes
    ----------
    free, bend
        For `small_sample`, shape (2, 2).
    aim
        A contrast, shape (p,).
    """

    cells: Cells
    sums: ClusterSums
    elimination: Elimination
    equal: EqualClusters
    moments: Moments
    found: Information
    free: Floats
    bend: Floats
    aim: Floats


def make_workspace(numbers: int, arms: int, clusters: int, rows: int) -> Workspace:
    """Return room for trials with so many numbers a row and arms, and at most so many clusters and rows."""
    p = numbers + arms - 1
    return Workspace(
        cells=make_cells(numbers, arms, clusters, rows),
        sums=make_cluster_sums(p, clusters),
        elimination=make_elimination(p, clusters),
        equal=make_equal_clusters(p),
        moments=make_moments(p, 2),
        found=make_information(p, 2),
        free=np.zeros((2, 2)),
        bend=np.zeros((2, 2)),
        aim=np.zeros(p),
    )


@inlined
def _independent(rows: int, clusters: int, within: Floats, product: Floats, lower: Floats) -> int:
    """Return why the variances cannot be told apart, or 0: both need degrees of freedom of their own.

    `product` is X'X; a factor of what is within clusters is written to `lower`.
    """
    p = len(lower)
    if rows <= p:
        return NO_ROWS
    rank = 0
    for i in range(p):
        for j in range(i):
            left = within[i, j]
            for k in range(j):
                left -= lower[i, k] * lower[j, k]
            # Columns that do not vary within clusters are left out.
            lower[i, j] = left / lower[j, j] if lower[j, j] > 0.0 else 0.0
        left = within[i, i]
        for k in range(i):
            left -= lower[i, k] * lower[i, k]
        varies = left > CONSTANT * product[i, i]
        lower[i, i] = math.sqrt(left) if varies else 0.0
        rank += varies
    if clusters - (p - rank) < 1:
        return FEW_GROUPS
    if rows - clusters - rank < 1:
        return SINGLE
    return 0


@kernel
def fit_intercepts(
    numbers: Floats,
    arm: Integers,
    cluster: Integers,
    offsets: Integers,
    method: int,
    work: Workspace,
    contrasts: Floats,
    output: Floats,
) -> None:
    """Fit a random intercept to each of many trials.

    Parameters
    ----------
    numbers
        Covariates and, last, the outcome, shape (k, rows); rows with a gap are left out.
    arm, cluster
        Shape (rows,), from 0 in each trial; a cluster below 0 is none.
    offsets
        Shape (trials + 1,).
    method
        Place in `experiments.inference.df_methods.DF`.
    work
        For as many numbers and arms, and for as many clusters and rows as a trial has at most.
    contrasts
        Written: estimate, standard error and degrees of freedom of each arm but the first, shape (trials, A - 1, 3).
    output
        Written: the columns `OUTPUT`, shape (trials, 4).
    """
    p, arms = len(work.aim), contrasts.shape[1] + 1
    sums, room, moments = work.sums, work.elimination, work.moments
    for trial in range(len(offsets) - 1):
        rows = sum_cells(
            numbers, arm, cluster, arms, offsets[trial], offsets[trial + 1], work.cells
        )
        clusters, different = sum_clusters(rows, arms, work.cells, sums)
        left, between = 0.0, 0.0
        if rows > p:
            left = solve(0.0, rows, different, sums, room, moments)[0]
            if different == 1 and left > 0.0:
                between = diagonalise(sums, room.lower, moments.beta, work.equal)
        total = sums.within[p, p]
        for s in range(different):
            total += sums.sizes[s] * sums.between[p, p, s]
        failed = DEPENDENT
        if left >= 0.0:
            failed = _independent(rows, clusters, sums.within, room.product, room.lower)
        if failed == 0 and left <= 1e-20 * total:
            failed = NO_SPREAD
        output[trial, 3] = failed
        if failed:
            continue
        ratio = lowest_ratio(
            rows, clusters, different, (left, between), sums, room, work.equal, moments
        )
        left, output[trial, 2] = solve(ratio, rows, different, sums, room, moments)
        scale = left / (rows - p)
        output[trial, 0], output[trial, 1] = ratio * scale, scale
        if method <= SATTERTHWAITE:
            fill_moments(rows, clusters, different, sums, room.weights, moments)
            information_of(moments, scale, work.found)
            work.free[0, 0] = ratio
            work.free[1, 1] = 1.0
        constant = 0
        for a in range(p):
            constant += sums.within[a, a] <= CONSTANT * room.product[a, a]
        for column in range(1, arms):
            work.aim[column] = 1.0
            variance, df = small_sample(work.aim, moments, work.found, work.free, work.bend, method)
            work.aim[column] = 0.0
            if method == BETWEEN_WITHIN:
                varies = sums.within[column, column] > CONSTANT * room.product[column, column]
                df = rows - clusters - (p - constant) if varies else clusters - constant
            contrasts[trial, column - 1, 0] = -moments.beta[column]
            contrasts[trial, column - 1, 1] = math.sqrt(variance * scale)
            contrasts[trial, column - 1, 2] = df
