"""A hazard of dropout in each session, with errors robust to therapists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.cr2 import cr2, orthonormal
from experiments.inference.dropout import FARTHEST, MOST_STEPS, of_each_trial
from experiments.inference.failures import DEPENDENT, FEW_GROUPS, SEPARATED
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["hazard"]


def hazard(
    rows: TrialRows,
    confidence: float,
    *,
    link: Literal["logit", "cloglog"] = "logit",
    robust: bool = True,
    covariates: Sequence[str] = ("base",),
) -> FittedTrials:
    """Fit a hazard of dropout in each session, with an effect of the arm on it.

    Every session held is a row: was it the last before a dropout? Sessions have a level each; one in which nobody, or
    everybody, dropped out says nothing of the arm and is left out, as in the limit.

    Parameters
    ----------
    link
        ``logit`` (log odds ratios) or ``cloglog`` (log hazard ratios).
    robust
        Whether standard errors are robust to therapists (CR2 and its degrees of freedom, as clubSandwich has them);
        else those of the model, with the normal distribution.
    covariates
        Columns beside the arm.
    """
    if link not in {"logit", "cloglog"}:
        raise unknown_name(link, "a link", ("logit", "cloglog"))
    return of_each_trial(rows, confidence, covariates, partial(_hazard, link, robust))


def _hazard(
    link: str,
    robust: bool,
    design: Floats,
    session: Integers,
    happened: Booleans,
    cluster: Integers,
) -> tuple[Floats, Floats, Floats] | int:
    who = np.repeat(np.arange(len(session)), session)
    which = np.arange(len(who)) - np.repeat(np.cumsum(session) - session, session)
    event = happened[who] & (which + 1 == session[who])
    at_risk = np.bincount(which)
    events = np.bincount(which, event)
    says = (events > 0) & (events < at_risk)
    stays = says[which]
    who, which, event = who[stays], which[stays], event[stays].astype(np.float64)
    level = (np.cumsum(says) - 1)[which]
    levels = np.eye(int(says.sum()))[level]
    table = np.column_stack([levels, design[who] - design[who].mean(axis=0)])
    found = orthonormal(table)
    if found is None:
        return DEPENDENT
    basis, back = found
    share = events[says] / at_risk[says]
    linear = (np.log(share / (1 - share)) if link == "logit" else np.log(-np.log1p(-share)))[level]
    beta, deviance = basis.T @ linear, np.inf
    for _ in range(MOST_STEPS):
        linear = basis @ beta
        mean, slope = _mean(linear, link)
        weight = slope**2 / (mean * (1 - mean))
        now = -2 * float(np.sum(event * np.log(mean) + (1 - event) * np.log1p(-mean)))
        root = np.sqrt(weight)
        rest = root * (event - mean) / slope
        turned, upper = np.linalg.qr(basis * root[:, None])
        change = np.linalg.solve(upper, turned.T @ rest)
        if np.abs(change).max() < 1e-10 * (1 + np.abs(beta).max()):
            break
        # Near the maximum steps are whole; a step that goes too far is halved.
        share_of = 1.0 if now <= deviance + 1e-8 else 0.5
        deviance = now
        beta = beta + share_of * change
        if not np.isfinite(beta).all():
            return SEPARATED
    else:
        return SEPARATED
    spread = design.std(axis=0)
    coefficients = back @ beta
    if (np.abs(coefficients[-design.shape[1] :]) * spread > FARTHEST).any():
        return SEPARATED
    aims = back @ np.linalg.inv(upper)
    if not robust:
        se = np.sqrt((aims**2).sum(axis=1))
        return coefficients, se, np.full(len(se), np.inf)
    se, df = cr2(turned, rest, cluster[who], aims[-design.shape[1] :], mean * (1 - mean))
    if not (np.isfinite(se) & (se > 0) & np.isfinite(df)).all():
        return FEW_GROUPS
    return coefficients[-design.shape[1] :], se, df


def _mean(linear: Floats, link: str) -> tuple[Floats, Floats]:
    """Return the hazard and its slope in the linear predictor."""
    linear = np.clip(linear, -30.0, 30.0 if link == "logit" else 3.4)
    if link == "logit":
        mean = 1 / (1 + np.exp(-linear))
        return mean, mean * (1 - mean)
    rate = np.exp(linear)
    return -np.expm1(-rate), rate * np.exp(-rate)
