"""A mixed model from columns: terms of random effects, residual variances, contrasts of coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.failures import DEPENDENT, NO_ROWS, NO_SPREAD
from experiments.inference.fitted import fitted_trials
from experiments.inference.mixed_sums import RandomTerm, summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.tables.columns import Floats, Integers

__all__ = ["MixedFit", "RandomTerm", "fit_model", "together"]


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """The estimates of a mixed model.

    Attributes
    ----------
    estimate, se, df
        Of each contrast, shape (contrasts,).
    variances
        By name.
    reml
        The REML criterion.
    boundary
        Whether an estimate lies on the boundary of what variances can be.
    failed
        Place in `experiments.inference.failures.FAILURES`.
    """

    estimate: Floats
    se: Floats
    df: Floats
    variances: Mapping[str, float]
    reml: float
    boundary: bool
    failed: int


def _failed(contrasts: int, why: int) -> MixedFit:
    nothing = np.full(contrasts, np.nan)
    return MixedFit(nothing, nothing, nothing, {}, math.nan, False, why)


def fit_model(
    outcome: Floats,
    predictors: Floats,
    terms: Sequence[RandomTerm],
    contrasts: Floats,
    method: int,
    *,
    strata: Integers | None = None,
    residual_names: Sequence[str] = ("residual",),
) -> MixedFit:
    """Fit a mixed model by REML.

    Parameters
    ----------
    outcome
        Shape (rows,), without gaps.
    predictors
        Shape (rows, p), the intercept among them if there is one.
    terms
        Random effects.
    contrasts
        Of the coefficients, shape (m, p).
    method
        Place in `experiments.inference.df_methods.DF`; the degrees of freedom of ``between_within`` are for the
        caller to put in.
    strata
        Which residual variance each row has, shape (rows,); one for all where left out.
    residual_names
        Their names.
    """
    from experiments.inference.mixed_fit import fit_mixed

    rows, p = predictors.shape
    if rows <= p:
        return _failed(len(contrasts), NO_ROWS)
    scale = np.sqrt((predictors**2).sum(axis=0))
    scale[scale == 0] = 1.0
    basis, upper = np.linalg.qr(predictors / scale)
    if np.abs(np.diag(upper)).min() < 1e-7:
        return _failed(len(contrasts), DEPENDENT)
    start = basis.T @ outcome
    rest = outcome - basis @ start
    spread = math.sqrt(float(rest @ rest) / (rows - p))
    if not spread > 1e-10 * math.sqrt(float(outcome @ outcome) / rows):
        return _failed(len(contrasts), NO_SPREAD)
    table = np.column_stack([basis, rest / spread])
    problem, sizes = summed(table, terms, strata, len(residual_names))
    turned = np.ascontiguousarray(np.linalg.solve(upper.T, (contrasts / scale).T).T)
    search, output = fit_mixed(problem, turned, method)
    if search.failed:
        return _failed(len(contrasts), search.failed)
    names = [name for term in terms for name in term.names] + list(residual_names)
    components = (
        search.room.variances * spread**2 / np.concatenate([*sizes, np.ones(len(residual_names))])
    )
    logs = 2 * float(np.sum(np.log(np.abs(np.diag(upper)) * scale)))
    return MixedFit(
        estimate=turned @ start + spread * output[:, 0],
        se=spread * np.sqrt(output[:, 1]),
        df=output[:, 2].copy(),
        variances=dict(zip(names, components.tolist(), strict=True)),
        reml=search.criterion + logs + 2 * (rows - p) * math.log(spread),
        boundary=search.boundary,
        failed=0,
    )


def together(fits: Sequence[MixedFit], confidence: float) -> FittedTrials:
    """Return the fits of trials as one."""
    names = list(dict.fromkeys(name for fit in fits for name in fit.variances))
    return fitted_trials(
        np.stack([fit.estimate for fit in fits]),
        np.stack([fit.se for fit in fits]),
        np.stack([fit.df for fit in fits]),
        np.array([fit.failed for fit in fits], dtype=np.int64),
        confidence=confidence,
        variances={
            name: np.array([fit.variances.get(name, np.nan) for fit in fits]) for name in names
        },
        reml=np.array([fit.reml for fit in fits]),
        boundary=np.array([fit.boundary for fit in fits]),
    )
