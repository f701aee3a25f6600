"""Regressions in closed form, fast enough to be called thousands of times.

Each has its counterpart in statsmodels or lifelines, against which it is tested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.pooling import centred

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["CoxFit", "cox", "least_squares", "logistic", "logistic_of_counts"]


@dataclass(frozen=True)
class CoxFit:
    """Coefficients of a proportional-hazards model (log hazard ratios) and standard errors."""

    coefficients: tuple[float, ...]
    standard_errors: tuple[float, ...]


def least_squares(
    outcome: Floats,
    predictors: tuple[Floats, ...],
    study: Integers,
    *,
    standardise: bool = False,
) -> Floats:
    """Ordinary least squares with an intercept for every study.

    Parameters
    ----------
    outcome, predictors
        Each of shape (clients,); rows with a ``nan`` are left out.
    study
        Number of the study of each client.
    standardise
        Divide everything by its standard deviation within studies, so that coefficients are β.

    Returns
    -------
    ndarray, shape (predictors,)
        ``nan`` when there are too few rows.
    """
    columns = (outcome, *predictors)
    known = np.logical_and.reduce([np.isfinite(column) for column in columns])
    study = study[known]
    wanted = len(predictors)
    if study.size <= wanted + 1:
        return np.full(wanted, np.nan)
    rows = np.column_stack([centred(column[known], study) for column in columns])
    if standardise:
        spread = np.sqrt((rows**2).mean(axis=0))
        rows /= np.where(spread > 0, spread, np.nan)
        if not np.isfinite(rows).all():
            return np.full(wanted, np.nan)
    cross = rows.T @ rows
    solution = np.linalg.lstsq(cross[1:, 1:], cross[1:, 0], rcond=None)[0]
    return np.asarray(solution, dtype=np.float64)


def logistic(happened: Booleans, predictors: Floats) -> Floats:
    """Logistic regression by Newton's method.

    Parameters
    ----------
    happened
        Shape (clients,).
    predictors
        Shape (clients, k), without the intercept.

    Returns
    -------
    ndarray, shape (1 + k,)
        Intercept and slopes, log odds; ``nan`` when the data cannot be fitted.
    """
    x = np.column_stack([np.ones(happened.size), predictors])
    y = happened.astype(np.float64)
    nothing = np.full(x.shape[1], np.nan)
    if happened.size == 0 or y.min() == y.max():
        return nothing

    def step_at(beta: Floats) -> tuple[Floats, Floats]:
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        information = np.asarray((x * (p * (1 - p))[:, None]).T @ x, dtype=np.float64)
        step = np.linalg.solve(information, x.T @ (y - p))
        return np.asarray(step, dtype=np.float64), information

    found = _newton(step_at, x.shape[1])
    return nothing if found is None else found[0]


def logistic_of_counts(events: Floats, n: Floats, x: Floats, start: Floats) -> Floats:
    """Logistic regressions of several samples on the same values of one predictor, by Newton's method.

    Parameters
    ----------
    events, n
        At each value, how many there are and how many of them it happened to, shape (samples, values).
    x
        The values, shape (values,).
    start
        Intercept and slope to begin at, near those of every sample.

    Returns
    -------
    ndarray, shape (samples, 2)
        Intercept and slope, log odds; ``nan`` where that leads nowhere.
    """
    beta = np.repeat(start[None], len(n), axis=0)
    rows = np.array([np.ones(x.size), x])
    products = np.array([rows[0], x, x * x]).T
    with np.errstate(all="ignore"):
        for _ in range(20):
            p = 1.0 / (1.0 + np.exp(-np.clip(beta @ rows, -30, 30)))
            gradient = (events - n * p) @ rows.T
            level, cross, square = ((n * p * (1.0 - p)) @ products).T
            scale = level * square - cross**2
            step = np.column_stack(
                [
                    square * gradient[:, 0] - cross * gradient[:, 1],
                    level * gradient[:, 1] - cross * gradient[:, 0],
                ]
            )
            step /= scale[:, None]
            beta += step
            apart = np.abs(step).max(axis=1)
            if not (apart >= 1e-9).any():
                break
    beta[~(apart < 1e-9)] = np.nan
    return beta


def _newton(
    step_at: Callable[[Floats], tuple[Floats, Floats]], count: int
) -> tuple[Floats, Floats] | None:
    """Return where Newton's method ends, begun at 0, and the information there; None where it does not end."""
    beta = np.zeros(count)
    try:
        for _ in range(50):
            step, information = step_at(beta)
            beta = beta + step
            if np.abs(step).max() < 1e-9:
                return beta, information
    except np.linalg.LinAlgError:
        return None
    return None


def cox(time: Integers, event: Booleans, predictors: Floats) -> CoxFit:
    """Cox regression with Efron's treatment of ties, for times in sessions.

    Sessions are few and tied, so risk sets are sums over sessions and a step of Newton's method
    is one pass over the clients (Cox 1972; Efron 1977).

    Parameters
    ----------
    time
        Last session attended, shape (clients,).
    event
        Whether the client dropped out then (otherwise censored).
    predictors
        Shape (clients, k).
    """
    predictors = predictors - predictors.mean(axis=0)
    k = predictors.shape[1]
    width = int(time.max()) + 1
    ties = np.bincount(time[event], minlength=width)
    observed = predictors.compress(event, axis=0).sum(axis=0)
    # One row for each event, with the share of its tied events that Efron takes out.
    when = np.repeat(np.arange(width), ties)
    share = np.concatenate([np.arange(d) / d for d in ties if d]) if ties.any() else np.zeros(0)
    if when.size == 0:
        return CoxFit((math.nan,) * k, (math.nan,) * k)
    # Clients by session, and those who dropped out after those who did not: sums are over stretches.
    cell = 2 * time + event
    small = cell.astype(np.int16) if width < 1 << 14 else cell  # short keys are sorted sooner
    order = np.argsort(small, kind="stable")
    size = np.bincount(cell)
    cells = np.flatnonzero(size)
    begin = np.cumsum(size)[cells] - size[cells]
    x = np.ascontiguousarray(predictors.T).take(order, axis=1)
    upper = [(i, j) for i in range(k) for j in range(i, k)]
    terms = np.vstack([np.ones((1, x.shape[1])), x, *(x[i] * x[j] for i, j in upper)])

    def step_at(beta: Floats) -> tuple[Floats, Floats]:
        risk = np.exp(np.clip(np.einsum("k,kc->c", beta, x), -30, 30))
        by_cell = np.zeros((len(terms), 2 * width))
        by_cell[:, cells] = np.add.reduceat(terms * risk, begin, axis=1)
        tied = by_cell[:, 1::2]
        at_risk = (by_cell[:, ::2] + tied)[:, ::-1].cumsum(axis=1)[:, ::-1]
        sums = at_risk.take(when, axis=1) - share * tied.take(when, axis=1)
        mean = sums[1 : 1 + k] / sums[0]
        gradient = observed - mean.cumsum(axis=1)[:, -1]  # added up event by event
        squares = sums[1 + k :] / sums[0]
        information = np.empty((k, k))
        for square, (i, j) in zip(squares, upper, strict=True):
            information[i, j] = information[j, i] = (square - mean[i] * mean[j]).sum()
        return np.linalg.solve(information, gradient), information

    found = _newton(step_at, k)
    if found is None:
        return CoxFit((math.nan,) * k, (math.nan,) * k)
    errors = np.sqrt(np.diag(np.linalg.inv(found[1])))
    return CoxFit(tuple(found[0].tolist()), tuple(errors.tolist()))
