"""Tests of means that know nothing of a covariate: t, Welch's, and t of the means of therapists."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.fitted import fitted_trials

if TYPE_CHECKING:
    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["t_of_therapist_means", "t_test", "welch_test"]

TOO_FEW, NO_SPREAD, NO_THERAPIST = 1, 5, 9


class _Groups(NamedTuple):
    """Sizes, means and sums of squares about the mean, each of shape (trials, arms)."""

    size: Floats
    mean: Floats
    squares: Floats


def _groups(values: Floats, trial: Integers, arm: Integers, shape: tuple[int, int]) -> _Groups:
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
    groups = _groups(known.floats("score"), known.trial, known.whole("arm"), shape)
    return _pooled(groups, np.zeros(rows.trials, dtype=np.int64), confidence)


def welch_test(rows: TrialRows, confidence: float) -> FittedTrials:
    """Welch's t, whose degrees of freedom are Satterthwaite's."""
    known = rows.known("score")
    shape = (rows.trials, rows.arms)
    count, mean, squares = _groups(known.floats("score"), known.trial, known.whole("arm"), shape)
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


def _pooled(groups: _Groups, failed: Integers, confidence: float) -> FittedTrials:
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


def t_of_therapist_means(rows: TrialRows, confidence: float) -> FittedTrials:
    """Student's t of one mean a therapist; paired where therapists have clients of both arms."""
    known = rows.known("score")
    therapist, arm, trial = known.whole("therapist"), known.whole("arm"), known.trial
    shape = (rows.trials, rows.arms)
    failed = np.zeros(rows.trials, dtype=np.int64)
    failed[np.unique(trial[therapist < 0])] = NO_THERAPIST
    there = therapist >= 0
    wide = int(therapist.max(initial=0)) + 1
    pair = (trial * wide + therapist)[there]
    pairs, place = np.unique(pair, return_inverse=True)
    cell = place * rows.arms + arm[there]
    count = np.bincount(cell, minlength=len(pairs) * rows.arms).reshape(-1, rows.arms)
    with np.errstate(invalid="ignore"):
        total = np.bincount(cell, known.floats("score")[there], len(pairs) * rows.arms)
        means = total.reshape(count.shape) / count
    of_trial = pairs // wide
    arms_of = (count > 0).sum(axis=1)
    most = np.zeros(rows.trials, dtype=np.int64)
    least = np.full(rows.trials, rows.arms)
    np.maximum.at(most, of_trial, arms_of)
    np.minimum.at(least, of_trial, arms_of)
    failed[(failed == 0) & (most > 1) & (least < rows.arms)] = NO_THERAPIST
    crossed = most == rows.arms
    one, its_arm = np.nonzero(count > 0)
    nested = _pooled(
        _groups(means[one, its_arm], of_trial[one], its_arm, shape), failed, confidence
    )
    if not crossed.any():
        return nested
    paired = _paired(means, of_trial, shape, confidence)
    choose = crossed[:, None]
    return fitted_trials(
        np.where(choose, paired.estimate, nested.estimate),
        np.where(choose, paired.se, nested.se),
        np.where(choose, paired.df, nested.df),
        np.where(failed > 0, failed, np.where(crossed, paired.failed, nested.failed)),
        confidence=confidence,
    )


def _paired(
    means: Floats, of_trial: Integers, shape: tuple[int, int], confidence: float
) -> FittedTrials:
    """Return the paired t of the differences within therapists."""
    differences = np.nan_to_num(means[:, 1:] - means[:, :1])
    contrasts = np.broadcast_to(np.arange(shape[1] - 1), differences.shape)
    trial = np.broadcast_to(of_trial[:, None], differences.shape)
    count, mean, squares = _groups(
        differences.ravel(), trial.ravel(), contrasts.ravel(), (shape[0], shape[1] - 1)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(squares / (count - 1) / count)
    few = (count < 2).any(axis=1)
    failed = np.where(few, TOO_FEW, np.where((se <= 0).any(axis=1), NO_SPREAD, 0))
    return fitted_trials(mean, se, count - 1, failed, confidence=confidence)
