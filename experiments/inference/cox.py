"""Cox's regression of dropout, with errors robust to therapists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.cr2 import orthonormal
from experiments.inference.dropout import (
    DEPENDENT,
    FARTHEST,
    MOST_STEPS,
    NO_END,
    SEPARATED,
    of_each_trial,
)
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["cox"]


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
    return of_each_trial(rows, confidence, covariates, partial(_cox, ties == "efron", robust))


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
