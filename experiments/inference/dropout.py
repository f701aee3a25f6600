"""When clients drop out: hazards session by session, and Cox's regression, with errors robust to therapists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from experiments.inference.fitted import fitted_trials
from experiments.inference.least_squares import cr2, orthonormal
from experiments.inference.trial_rows import own_clusters, predictors_of
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["cox", "hazard"]

OneTrial: TypeAlias = (
    "Callable[[Floats, Integers, Booleans, Integers], tuple[Floats, Floats, Floats] | int]"
)
"""From predictors, sessions, events and clusters to coefficients, errors and df, or to why there are none."""

DEPENDENT, FEW, NO_END, NO_EVENT, SEPARATED = 3, 4, 6, 7, 8

MOST_STEPS = 50

FARTHEST = 25.0
"""A log odds or log hazard ratio, per standard deviation, that no finite data have: everybody or nobody drops out."""


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
    return _each(rows, confidence, covariates, partial(_hazard, link, robust))


def cox(
    rows: TrialRows,
    confidence: float,
    *,
    ties: Literal["efron", "breslow"] = "efron",
    robust: bool = True,
    covariates: Sequence[str] = ("base",),
) -> FittedTrials:
    """Fit Cox's regression of dropout on the arm; estimates are log hazard ratios.

    Parameters
    ----------
    ties
        How sessions in which several dropped out are treated.
    robust
        Whether standard errors are robust to therapists: score residuals summed by therapist, which for Efron's ties
        are shared among those who dropped out together. Else those of the model.
    covariates
        Columns beside the arm.
    """
    if ties not in {"efron", "breslow"}:
        raise unknown_name(ties, "a way with ties", ("efron", "breslow"))
    return _each(rows, confidence, covariates, partial(_cox, ties == "efron", robust))


def _each(
    rows: TrialRows, confidence: float, covariates: Sequence[str], fit: OneTrial
) -> FittedTrials:
    known = rows.known("session", "event", *covariates)
    design, cluster = predictors_of(known, covariates), own_clusters(known)
    session, event = known.whole("session"), known.whole("event")
    if ((event != 0) & (event != 1)).any():
        raise AllianceError("event must be 1 for a dropout and 0 where the client was censored.")
    began = session >= 1  # who never came was never at risk
    shape = (rows.trials, rows.arms - 1)
    estimate, se, df = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    failed = np.zeros(rows.trials, dtype=np.int64)
    for trial in range(rows.trials):
        chosen = np.arange(known.offsets[trial], known.offsets[trial + 1])
        chosen = chosen[began[chosen]]
        happened = event[chosen] == 1
        arm = design[chosen, len(covariates) :]
        inside = [
            happened[arm.sum(axis=1) == 0],
            *(happened[arm[:, one] > 0] for one in range(shape[1])),
        ]
        if any(part.size == 0 for part in inside) or not happened.any():
            failed[trial] = NO_EVENT
            continue
        if not all(part.any() for part in inside):
            failed[trial] = SEPARATED
            continue
        found = fit(design[chosen], session[chosen], happened, cluster[chosen])
        if isinstance(found, int):
            failed[trial] = found
            continue
        for target, values in zip((estimate, se, df), found, strict=True):
            target[trial] = values[-shape[1] :]
    return fitted_trials(estimate, se, df, failed, confidence=confidence)


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
        return FEW
    return coefficients[-design.shape[1] :], se, df


def _mean(linear: Floats, link: str) -> tuple[Floats, Floats]:
    """Return the hazard and its slope in the linear predictor."""
    linear = np.clip(linear, -30.0, 30.0 if link == "logit" else 3.4)
    if link == "logit":
        mean = 1 / (1 + np.exp(-linear))
        return mean, mean * (1 - mean)
    rate = np.exp(linear)
    return -np.expm1(-rate), rate * np.exp(-rate)


def _cox(
    efron: bool,
    robust: bool,
    design: Floats,
    session: Integers,
    happened: Booleans,
    cluster: Integers,
) -> tuple[Floats, Floats, Floats] | int:
    centred = design - design.mean(axis=0)
    found = orthonormal(centred)
    if found is None:
        return DEPENDENT
    basis, back = found
    basis = basis * np.sqrt(len(basis))
    times = np.unique(session[happened])
    beta = np.zeros(basis.shape[1])
    change = beta
    before = -np.inf
    for _ in range(MOST_STEPS):
        likelihood, score, information, _ = _partial(beta, basis, session, happened, times, efron)
        if likelihood < before - 1e-9:
            beta = beta - 0.5 * change
            change = 0.5 * change
            continue
        before = likelihood
        try:
            change = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return SEPARATED
        if np.abs(change).max() < 1e-11 * (1 + np.abs(beta).max()):
            break
        beta = beta + change
        if not np.isfinite(beta).all() or np.abs(beta).max() > FARTHEST:
            return SEPARATED
    else:
        return NO_END
    *_, information, residuals = _partial(beta, basis, session, happened, times, efron)
    inverse = np.linalg.inv(information)
    turn = back * np.sqrt(len(basis))
    if robust:
        _, place = np.unique(cluster, return_inverse=True)
        summed = np.zeros((int(place.max()) + 1, basis.shape[1]))
        np.add.at(summed, place, residuals)
        influence = summed @ inverse
        inverse = influence.T @ influence
    se = np.sqrt(np.diag(turn @ inverse @ turn.T))
    return turn @ beta, se, np.full(len(se), np.inf)


def _partial(
    beta: Floats,
    basis: Floats,
    session: Integers,
    happened: Booleans,
    times: Integers,
    efron: bool,
) -> tuple[float, Floats, Floats, Floats]:
    """Return the partial log likelihood, its slope and negative curvature, and the score residuals of clients."""
    linear = basis @ beta
    risk = np.exp(linear)
    p = len(beta)
    likelihood, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    residuals = np.zeros_like(basis)
    for time in times:
        at_risk = session >= time
        tied = happened & (session == time)
        count = int(tied.sum())
        weight = risk[at_risk]
        zero, one = weight.sum(), weight @ basis[at_risk]
        two = (basis[at_risk] * weight[:, None]).T @ basis[at_risk]
        own = risk[tied]
        own_zero, own_one = own.sum(), own @ basis[tied]
        own_two = (basis[tied] * own[:, None]).T @ basis[tied]
        likelihood += float(linear[tied].sum())
        score += basis[tied].sum(axis=0)
        for k in range(count):
            less = k / count if efron else 0.0
            total = zero - less * own_zero
            mean = (one - less * own_one) / total
            likelihood -= float(np.log(total))
            score -= mean
            information += (two - less * own_two) / total - np.outer(mean, mean)
            left = risk * at_risk / total
            left[tied] *= 1 - less
            residuals -= left[:, None] * (basis - mean)
            residuals[tied] += (basis[tied] - mean) / count
    return likelihood, score, information, residuals
