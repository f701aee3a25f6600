"""Analyses of dropout, trial by trial: who was at risk, and when there is nothing to estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from experiments.inference.failures import NO_EVENT, SEPARATED
from experiments.inference.fitted import fitted_trials
from experiments.inference.trial_columns import own_clusters, predictors_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = [
    "FARTHEST",
    "MOST_STEPS",
    "OneTrial",
    "of_each_trial",
]

OneTrial: TypeAlias = (
    "Callable[[Floats, Integers, Booleans, Integers], tuple[Floats, Floats, Floats] | int]"
)
"""From predictors, sessions, events and clusters to coefficients, errors and df, or to why there are none."""

MOST_STEPS = 50

FARTHEST = 25.0
"""A log odds or log hazard ratio, per standard deviation, that no finite data have: everybody or nobody drops out."""


def of_each_trial(
    rows: TrialRows, confidence: float, covariates: Sequence[str], fit: OneTrial
) -> FittedTrials:
    """Analyse the dropout of each trial by `fit`, of those who came once at least.

    Raises
    ------
    AllianceError
        For an event that is not 0 or 1.
    """
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
