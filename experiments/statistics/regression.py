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
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["CoxFit", "cox", "least_squares", "logistic"]


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
    rows = np.column_stack([outcome, *predictors])
    known = np.isfinite(rows).all(axis=1)
    rows, study = rows[known], study[known]
    wanted = len(predictors)
    if rows.shape[0] <= wanted + 1:
        return np.full(wanted, np.nan)
    rows = np.column_stack([centred(rows[:, i], study) for i in range(wanted + 1)])
    if standardise:
        spread = np.sqrt((rows**2).mean(axis=0))
        rows = rows / np.where(spread > 0, spread, np.nan)
        if not np.isfinite(rows).all():
            return np.full(wanted, np.nan)
    cross = rows.T @ rows
    solution: Floats = np.linalg.lstsq(cross[1:, 1:], cross[1:, 0], rcond=None)[0]
    return solution


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
    beta = np.zeros(x.shape[1])
    if happened.size == 0 or y.min() == y.max():
        return np.full(x.shape[1], np.nan)
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        information = (x * (p * (1 - p))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (y - p))
        except np.linalg.LinAlgError:
            return np.full(x.shape[1], np.nan)
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            return beta
    return np.full(x.shape[1], np.nan)


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
    beta = np.zeros(k)
    width = int(time.max()) + 1
    ties = np.bincount(time[event], minlength=width)
    observed = predictors[event].sum(axis=0)
    # One row for each event, with the share of its tied events that Efron takes out.
    when = np.repeat(np.arange(width), ties)
    share = np.concatenate([np.arange(d) / d for d in ties if d]) if ties.any() else np.zeros(0)
    if when.size == 0:
        return CoxFit((math.nan,) * k, (math.nan,) * k)
    for _ in range(50):
        risk = np.exp(np.clip(predictors @ beta, -30, 30))
        columns = [risk]
        columns += [risk * predictors[:, i] for i in range(k)]
        columns += [risk * predictors[:, i] * predictors[:, j] for i in range(k) for j in range(k)]
        sums = np.empty((len(columns), when.size))
        for row, column in enumerate(columns):
            at_risk = np.bincount(time, weights=column, minlength=width)[::-1].cumsum()[::-1]
            tied = np.bincount(time[event], weights=column[event], minlength=width)
            sums[row] = at_risk[when] - share * tied[when]
        s0, s1, s2 = sums[0], sums[1 : 1 + k], sums[1 + k :].reshape(k, k, -1)
        mean = s1 / s0
        gradient = observed - mean.sum(axis=1)
        information = (s2 / s0 - mean[:, None] * mean[None, :]).sum(axis=2)
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return CoxFit(tuple(beta.tolist()), tuple(errors.tolist()))
    return CoxFit((math.nan,) * k, (math.nan,) * k)
