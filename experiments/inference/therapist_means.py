"""Student's t of one mean a therapist: exact where therapists are equally large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.failures import NO_SPREAD, NO_THERAPIST, TOO_FEW
from experiments.inference.fitted import fitted_trials
from experiments.inference.of_means import groups_of, pooled

if TYPE_CHECKING:
    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["t_of_therapist_means"]


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
    nested = pooled(
        groups_of(means[one, its_arm], of_trial[one], its_arm, shape), failed, confidence
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
    count, mean, squares = groups_of(
        differences.ravel(), trial.ravel(), contrasts.ravel(), (shape[0], shape[1] - 1)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(squares / (count - 1) / count)
    few = (count < 2).any(axis=1)
    failed = np.where(few, TOO_FEW, np.where((se <= 0).any(axis=1), NO_SPREAD, 0))
    return fitted_trials(mean, se, count - 1, failed, confidence=confidence)
