"""Cox's regression of dropout, with errors robust to therapists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.cr2 import orthonormal
from experiments.inference.dropout import FARTHEST, MOST_STEPS, of_each_trial
from experiments.inference.failures import DEPENDENT, NO_END, SEPARATED
from experiments.inference.partial_likelihood import partial_likelihood
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
        likelihood, score, information, _ = partial_likelihood(
            beta, basis, session, happened, times, efron
        )
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
    *_, information, residuals = partial_likelihood(beta, basis, session, happened, times, efron)
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
