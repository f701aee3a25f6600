"""Tests of means that know nothing of a covariate: Student's t and Welch's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.failures import NO_SPREAD, TOO_FEW
from experiments.inference.fitted import fitted_trials

if TYPE_CHECKING:
    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["groups_of", "pooled", "t_test", "welch_test"]


class _Groups(NamedTuple):
    """Sizes, means and sums of squares about the mean, each of shape (trials, arms)."""

    size: Floats
    mean: Floats
    squares: Floats


def groups_of(values: Floats, trial: Integers, arm: Integers, shape: tuple[int, int]) -> _Groups:
    """Return sizes, means and squares by trial and arm; `shape` is (trials, arms), the rest is of shape (rows,)."""
    cell = trial * shape[1] + arm

    def summed(weights: Floats) -> Floats:
        return np.bincount(cell, weights, shape[0] * shape[1]).astype(np.float64)

    size = summed(np.ones(len(cell)))
    with np.errstate(invalid="ignore"):
        mean = summed(values) / size
    squares = summed((values - mean[cell]) ** 2)
    return _Groups(size.reshape(shape), mean.reshape(shape), squares.reshape(shape))


def t_test(rows: TrialRows, confidence: float) -> FittedTrials:
    """Student's t with the variances of the two arms pooled."""
    known = rows.known("score")
    shape = (rows.trials, rows.arms)
    groups = groups_of(known.floats("score"), known.trial, known.whole("arm"), shape)
    return pooled(groups, np.zeros(rows.trials, dtype=np.int64), confidence)


def welch_test(rows: TrialRows, confidence: float) -> FittedTrials:
    """Welch's t, whose degrees of freedom are Satterthwaite's."""
    known = rows.known("score")
    shape = (rows.trials, rows.arms)
    count, mean, squares = groups_of(known.floats("score"), known.trial, known.whole("arm"), shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = squares / (count - 1) / count
        of_two = each[:, :1] + each[:, 1:]
        df = of_two**2 / (
            each[:, :1] ** 2 / (count[:, :1] - 1) + each[:, 1:] ** 2 / (count[:, 1:] - 1)
        )
    failed = np.where(
        (count < 2).any(axis=1), TOO_FEW, np.where((of_two <= 0).any(axis=1), NO_SPREAD, 0)
    )
    return fitted_trials(
        mean[:, 1:] - mean[:, :1], np.sqrt(of_two), df, failed, confidence=confidence
    )


def pooled(groups: _Groups, failed: Integers, confidence: float) -> FittedTrials:
    """Return Student's t with pooled variances; what has failed already, shape (trials,), stays so."""
    count, mean, squares = groups
    with np.errstate(divide="ignore", invalid="ignore"):
        df = count[:, :1] + count[:, 1:] - 2
        variance = (squares[:, :1] + squares[:, 1:]) / df
        se = np.sqrt(variance * (1 / count[:, :1] + 1 / count[:, 1:]))
    few = (count < 1).any(axis=1) | (df < 1).any(axis=1)
    failed = np.where(
        failed > 0, failed, np.where(few, TOO_FEW, np.where((se <= 0).any(axis=1), NO_SPREAD, 0))
    )
    return fitted_trials(mean[:, 1:] - mean[:, :1], se, df, failed, confidence=confidence)
