"""ANCOVA as it is, which ignores therapists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.cr2 import COLLINEAR
from experiments.inference.failures import DEPENDENT, NO_ROWS, NO_SPREAD
from experiments.inference.fitted import fitted_trials
from experiments.inference.trial_columns import predictors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows

__all__ = ["ancova"]


def ancova(
    rows: TrialRows, confidence: float, *, covariates: Sequence[str] = ("base",)
) -> FittedTrials:
    """Least squares of the score on arm and covariates, as if clients were independent.

    Parameters
    ----------
    covariates
        Columns beside the arm.
    """
    known = rows.known("score", *covariates)
    trial, trials = known.trial, rows.trials
    table = np.column_stack([predictors_of(known, covariates), known.floats("score")])
    count = np.bincount(trial, minlength=trials).astype(np.float64)
    width = table.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        for column in range(width):
            table[:, column] -= (np.bincount(trial, table[:, column], trials) / count)[trial]
    gram = np.zeros((trials, width, width))
    for a in range(width):
        for b in range(a + 1):
            gram[:, a, b] = np.bincount(trial, table[:, a] * table[:, b], trials)
            gram[:, b, a] = gram[:, a, b]
    size = np.sqrt(np.einsum("tii->ti", gram))
    size[size == 0] = 1.0
    p = width - 1
    scaled = gram / size[:, :, None] / size[:, None, :]
    df = count - p - 1
    failed = np.where(df < 1, NO_ROWS, 0)
    least = np.linalg.eigvalsh(scaled[:, :p, :p])[:, 0]
    failed = np.where((failed == 0) & (least < COLLINEAR**2), DEPENDENT, failed)
    scaled[failed > 0] = np.eye(width)
    inverse = np.linalg.inv(scaled[:, :p, :p])
    beta = np.einsum("tab,tb->ta", inverse, scaled[:, :p, p])
    left = scaled[:, p, p] - np.einsum("ta,ta->t", beta, scaled[:, :p, p])
    failed = np.where((failed == 0) & (left < 1e-14), NO_SPREAD, failed)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.einsum("taa->ta", inverse) * (left / df)[:, None]
        shown = slice(len(covariates), p)
        scale = (size[:, p, None] / size[:, :p])[:, shown]
        se = np.sqrt(variance[:, shown]) * scale
    return fitted_trials(
        beta[:, shown] * scale,
        se,
        np.broadcast_to(df[:, None], se.shape),
        failed,
        confidence=confidence,
    )
