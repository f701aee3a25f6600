"""ANCOVA: as it is, which ignores therapists, and with standard errors that are robust to them.

References
----------
Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
samples. *Survey Methodology*, 28, 169-181. Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for
cluster-robust variance estimation and hypothesis testing in fixed effects models. *Journal of Business & Economic
Statistics*, 36, 672-683: "CR2" and its Satterthwaite degrees of freedom, as in clubSandwich.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.fitted import fitted_trials
from experiments.inference.trial_rows import own_clusters, predictors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["ancova", "ancova_cr2", "cr2", "orthonormal"]

NO_ROWS, DEPENDENT, FEW, NO_SPREAD = 2, 3, 4, 5

COLLINEAR = 1e-7
"""What is left of a column, as a share of it, below which it depends on those before it; R's lm has the same."""


def orthonormal(predictors: Floats) -> tuple[Floats, Floats] | None:
    """Return an orthonormal basis of columns, and what turns its coefficients into theirs; None if they depend."""
    scale = np.sqrt((predictors**2).sum(axis=0))
    if predictors.shape[0] < predictors.shape[1] or not (scale > 0).all():
        return None
    basis, upper = np.linalg.qr(predictors / scale)
    if np.abs(np.diag(upper)).min() < COLLINEAR:
        return None
    return basis, np.linalg.inv(upper) / scale[:, None]


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
        return FEW
    return aims @ gamma, se, df


def _plain(basis: Floats, rest: Floats, cluster: Integers, aims: Floats) -> Floats:
    """Return standard errors from the sums of scores of clusters, uncorrected."""
    _, place = np.unique(cluster, return_inverse=True)
    scores = np.zeros((int(place.max()) + 1, basis.shape[1]))
    np.add.at(scores, place, basis * rest[:, None])
    found: Floats = np.sqrt(((scores @ aims.T) ** 2).sum(axis=0))
    return found


def cr2(
    basis: Floats, rest: Floats, cluster: Integers, aims: Floats, variance: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return bias-reduced cluster-robust standard errors and their Satterthwaite degrees of freedom.

    Parameters
    ----------
    basis
        Q, an orthonormal basis of the predictors (weighted, if the model is), shape (rows, p).
    rest
        Residuals (weighted alike), shape (rows,).
    cluster
        Shape (rows,).
    aims
        Contrasts of the coefficients of the basis, shape (m, p).
    variance
        Of each row as the model has it, where they differ, shape (rows,).
    """
    order = np.argsort(cluster, kind="stable")
    begins = np.flatnonzero(np.concatenate([[True], np.diff(cluster[order]) != 0]))
    basis, rest = basis[order], rest[order]
    if variance is None:
        lifted, own, ahead = _alike(basis, rest, begins, aims)
    else:
        lifted, own, ahead = _unlike(basis, rest, begins, aims, variance[order])
    df = np.empty(len(aims))
    across = np.einsum("jma,kma->mjk", ahead, ahead)
    for m in range(len(aims)):
        form = np.diag(own[:, m]) - across[m]
        with np.errstate(divide="ignore", invalid="ignore"):
            df[m] = np.trace(form) ** 2 / (form**2).sum()
    return np.sqrt((lifted**2).sum(axis=0)), df


def _alike(
    basis: Floats, rest: Floats, begins: Integers, aims: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return what `cr2` needs of w_j = (I - H_jj)^(-1/2) Q_j c where rows have one variance: w'e, w'w and Q_j'w.

    The root goes by way of the eigenvalues of Q_j'Q_j: as many as there are columns, however large the cluster.
    """
    scores = np.add.reduceat(basis * rest[:, None], begins, axis=0)
    squares = np.add.reduceat(basis[:, :, None] * basis[:, None, :], begins, axis=0)
    values, vectors = np.linalg.eigh(squares)
    values = np.clip(values, 0.0, 1.0)
    # (I - H)^(-1/2) = I + Q f(Q'Q) Q'; a direction that the model takes up whole gets none of its residual.
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(1.0 - values > 1e-10, 1.0 / np.sqrt(1.0 - values), 0.0)
        function = np.where(values > 1e-8, (root - 1.0) / values, 0.5 + 0.375 * values)
    inner = np.einsum("jab,jb,jcb->jac", vectors, function, vectors)
    reach = aims[None] + np.einsum("jab,jbc,mc->jma", inner, squares, aims)
    ahead = np.einsum("jab,jmb->jma", squares, reach)
    lifted = np.einsum("jma,ja->jm", reach, scores)
    return lifted, np.einsum("jma,jma->jm", reach, ahead), ahead


def _unlike(
    basis: Floats, rest: Floats, begins: Integers, aims: Floats, variance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Do what `_alike` does where rows have different variances Θ.

    Of the roots that there are then, clubSandwich's is taken: w_j = Θ (Θ (I - H_jj) Θ)^(-1/2) Q_j c.
    """
    lifted, own, ahead = [], [], []
    for begin, end in zip(begins, [*begins[1:], len(rest)], strict=True):
        part, here = basis[begin:end], variance[begin:end]
        values, vectors = np.linalg.eigh(
            here[:, None] * (np.eye(end - begin) - part @ part.T) * here
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            root = np.where(values > 1e-10 * values[-1], 1.0 / np.sqrt(values), 0.0)
        reach = here[:, None] * (vectors * root @ (vectors.T @ (part @ aims.T)))
        lifted.append(rest[begin:end] @ reach)
        own.append((reach**2).sum(axis=0))
        ahead.append(reach.T @ part)
    return np.stack(lifted), np.stack(own), np.stack(ahead)
