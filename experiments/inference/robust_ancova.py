"""ANCOVA with standard errors that are robust to therapists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.cr2 import cr2, orthonormal
from experiments.inference.failures import DEPENDENT, FEW_GROUPS, NO_ROWS, NO_SPREAD
from experiments.inference.fitted import fitted_trials
from experiments.inference.trial_columns import own_clusters, predictors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["ancova_cr2"]


def ancova_cr2(
    rows: TrialRows,
    confidence: float,
    *,
    covariates: Sequence[str] = ("base",),
    correction: Literal["CR2", "CR1S"] = "CR2",
) -> FittedTrials:
    """Least squares with a standard error that is robust to therapists; a client without one stands alone.

    Parameters
    ----------
    covariates
        Columns beside the arm.
    correction
        ``"CR2"`` with Satterthwaite's degrees of freedom, or ``"CR1S"`` (Stata's) with one less than therapists.
    """
    known = rows.known("score", *covariates)
    design = np.column_stack([np.ones(int(known.offsets[-1])), predictors_of(known, covariates)])
    score, cluster = known.floats("score"), own_clusters(known)
    shape = (rows.trials, rows.arms - 1)
    estimate, se, df = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    failed = np.zeros(rows.trials, dtype=np.int64)
    contrasts = np.eye(design.shape[1])[-(rows.arms - 1) :]
    for trial in range(rows.trials):
        where = slice(known.offsets[trial], known.offsets[trial + 1])
        fitted = _one(design[where], score[where], cluster[where], contrasts, correction)
        if isinstance(fitted, int):
            failed[trial] = fitted
        else:
            estimate[trial], se[trial], df[trial] = fitted
    return fitted_trials(estimate, se, df, failed, confidence=confidence)


def _one(
    design: Floats, score: Floats, cluster: Integers, contrasts: Floats, correction: str
) -> tuple[Floats, Floats, Floats] | int:
    if len(score) <= design.shape[1]:
        return NO_ROWS
    found = orthonormal(design)
    if found is None:
        return DEPENDENT
    basis, back = found
    gamma = basis.T @ score
    rest = score - basis @ gamma
    if rest @ rest < 1e-20 * (score @ score):
        return NO_SPREAD
    aims = contrasts @ back
    se, df = cr2(basis, rest, cluster, aims)
    if correction == "CR1S":
        n, p, q = len(score), design.shape[1], len(np.unique(cluster))
        se = _plain(basis, rest, cluster, aims) * np.sqrt(q / (q - 1) * (n - 1) / (n - p))
        df = np.full(len(se), q - 1.0)
    if not (np.isfinite(se) & (se > 0) & np.isfinite(df)).all():
        return FEW_GROUPS
    return aims @ gamma, se, df


def _plain(basis: Floats, rest: Floats, cluster: Integers, aims: Floats) -> Floats:
    """Return standard errors from the sums of scores of clusters, uncorrected."""
    _, place = np.unique(cluster, return_inverse=True)
    scores = np.zeros((int(place.max()) + 1, basis.shape[1]))
    np.add.at(scores, place, basis * rest[:, None])
    found: Floats = np.sqrt(((scores @ aims.T) ** 2).sum(axis=0))
    return found
