"""A mixed model with one random intercept, for thousands of trials at once.

Everything follows from clusters' means. Within a cluster of n scores V has the eigenvalue 1, and for their mean
1 + nλ, with λ the ratio of the variances and the residual variance as unit. So X'V⁻¹X is what is within clusters plus
Σ c m m' over the means m, with c = n / (1 + nλ); clusters of one size are summed once. The slope of the REML
criterion in λ changes its sign from minus to plus at every minimum: it is looked up on a grid, each change is closed
in on, and the lowest minimum is taken, λ = 0 among them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.cluster_sums import Workspace, gather, make_workspace
from experiments.inference.compilation import inner, kernel
from experiments.inference.intercept_criterion import eliminate, solve
from experiments.inference.intercept_moments import fill_moments
from experiments.inference.small_samples import (
    BETWEEN_WITHIN,
    SATTERTHWAITE,
    information_of,
    small_sample,
)

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["OUTPUT", "Workspace", "fit_intercepts", "make_workspace"]

OUTPUT = ("tau", "sigma", "reml", "failed")
"""What is written for each trial, besides the columns of contrasts."""

NO_ROWS, DEPENDENT_COLUMNS, FEW_CLUSTERS, NO_SPREAD, SINGLE = 2, 3, 4, 5, 10

GRID = np.array([0.05, 0.25, 1.0, 4.0, 20.0, 150.0, 1e4, 1e6, 1e8, 1e10])
"""Values of nλ, for clusters of mean size n, between which the slope is looked at."""

MANY = 7
"""Values of the grid that are always looked at; the others while the slope is negative."""

CLOSE = 1e-11
"""Relative change of λ at which the search ends; Newton's method makes the next one far smaller."""


@inner
def _best_ratio(rows: int, clusters: int, different: int, work: Workspace) -> float:
    """Return the λ with the lowest REML criterion."""
    clustered = 0.0
    for s in range(different):
        clustered += work.sizes[s] * work.many[s]
    unit = clusters / clustered
    low = 0.0
    below, bend = eliminate(0.0, different, work, rows)
    best, lowest, found = 0.0, math.inf, below >= 0.0
    step = 0
    closing = False
    high, above, left, right = 0.0, 0.0, 0.0, 0.0
    ratio = GRID[0] * unit
    # One loop walks up the grid, and closes in on a minimum between two values of it, by Newton's method in
    # log λ kept between them: so the elimination is compiled once.
    while step < len(GRID):
        slope, bend = eliminate(ratio, different, work, rows)
        if not closing:
            if below < 0.0 <= slope:
                closing, left, right = True, low, ratio
                high, above = ratio, slope
                ratio = 0.5 * (low + high)
            else:
                low, below = ratio, slope
                step += 1
                if step == MANY and slope >= 0.0:
                    break
                ratio = GRID[min(step, len(GRID) - 1)] * unit
            continue
        if slope < 0.0:
            left = ratio
        else:
            right = ratio
        curvature = slope + ratio * bend
        change = math.exp(min(max(-slope / curvature, -3.0), 3.0)) if curvature > 0.0 else 0.0
        following = ratio * change
        if not left < following < right:
            following = 0.5 * (left + right)
        if abs(following - ratio) > CLOSE * ratio and right - left > CLOSE * right:
            ratio = following
            continue
        if found and lowest == math.inf:
            lowest = solve(best, different, work, rows)[1]
        here = solve(following, different, work, rows)[1] if found else 0.0
        if not found or here < lowest:
            best, lowest = following, here if found else math.inf
        found = True
        closing, low, below = False, high, above
        step += 1
        if step >= MANY:
            break
        ratio = GRID[step] * unit
    return best if found else low


@inner
def _independent(rows: int, clusters: int, work: Workspace) -> int:
    """Return why the variances cannot be told apart, or 0: both need degrees of freedom of their own."""
    p = work.lower.shape[0]
    if rows <= p:
        return NO_ROWS
    rank = 0
    # A factor of what is within clusters, columns that do not vary there left out.
    lower, within = work.lower, work.within
    for i in range(p):
        for j in range(i):
            left = within[i, j]
            for k in range(j):
                left -= lower[i, k] * lower[j, k]
            lower[i, j] = left / lower[j, j] if lower[j, j] > 0.0 else 0.0
        left = within[i, i]
        for k in range(i):
            left -= lower[i, k] * lower[i, k]
        varies = left > 1e-10 * (work.product[i, i])
        lower[i, i] = math.sqrt(left) if varies else 0.0
        rank += varies
    if clusters - (p - rank) < 1:
        return FEW_CLUSTERS
    if rows - clusters - rank < 1:
        return SINGLE
    return 0


@kernel
def fit_intercepts(
    table: Floats,
    cluster: Integers,
    offsets: Integers,
    effects: Integers,
    method: int,
    work: Workspace,
    contrasts: Floats,
    output: Floats,
) -> None:
    """Fit a random intercept to each of many trials.

    Parameters
    ----------
    table
        Predictors (an intercept is added) and, last, the outcome, shape (rows, p); rows with a gap are left out.
    cluster
        Shape (rows,), from 0 in each trial; -1 for none.
    offsets
        Shape (trials + 1,).
    effects
        Columns of `table` whose coefficients are wanted, shape (m,).
    method
        Place in `DF_METHODS`.
    work
        For as many clusters as a trial has at most.
    contrasts
        Written: estimate, standard error and degrees of freedom, shape (trials, m, 3).
    output
        Written: the columns `OUTPUT`, shape (trials, 4).
    """
    p = table.shape[1]
    aim = work.aim
    for trial in range(len(offsets) - 1):
        output[trial, 3] = 0.0
        rows, clusters, different = gather(
            table[offsets[trial] : offsets[trial + 1]],
            cluster[offsets[trial] : offsets[trial + 1]],
            work,
        )
        squares = solve(0.0, different, work, rows)[0] if rows > p else 0.0
        total = work.within[p, p]
        for s in range(different):
            total += work.sizes[s] * work.between[s, p, p]
        if squares < 0.0:
            output[trial, 3] = DEPENDENT_COLUMNS
        else:
            output[trial, 3] = _independent(rows, clusters, work)
        if output[trial, 3] == 0.0 and squares <= 1e-20 * total:
            output[trial, 3] = NO_SPREAD
        if output[trial, 3] > 0.0:
            continue
        ratio = _best_ratio(rows, clusters, different, work)
        squares, output[trial, 2] = solve(ratio, different, work, rows)
        scale = squares / (rows - p)
        output[trial, 0], output[trial, 1] = ratio * scale, scale
        if method <= SATTERTHWAITE:
            fill_moments(ratio, rows, clusters, different, work)
            information_of(work.moments, scale, work.found)
            work.free[0, 0] = ratio
            work.free[1, 1] = 1.0
        between = 0
        for a in range(p):
            between += work.within[a, a] <= 1e-10 * work.product[a, a]
        for m in range(len(effects)):
            column = effects[m] + 1
            aim[column] = 1.0
            variance, df = small_sample(aim, work.moments, work.found, work.free, work.bend, method)
            aim[column] = 0.0
            if method == BETWEEN_WITHIN:
                varies = work.within[column, column] > 1e-10 * work.product[column, column]
                df = rows - clusters - (p - between) if varies else clusters - between
            contrasts[trial, m, 0] = -work.moments.beta[column]
            contrasts[trial, m, 1] = math.sqrt(variance * scale)
            contrasts[trial, m, 2] = df
