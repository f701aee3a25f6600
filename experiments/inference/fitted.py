"""What an analysis of a trial gives: the effect of an arm, how sure it is, and what was estimated beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.failures import FAILURES
from experiments.inference.significance import p_and_limits
from experiments.quantities.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["Fitted", "FittedTrials", "fitted_trials"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The effect of one arm, contrasted with the first, in one trial.

    Attributes
    ----------
    estimate, se
        In the unit of the outcome; a log odds or log hazard ratio for `hazard` and `cox`.
    df
        Degrees of freedom of the t distribution; infinite where it is the normal one.
    p
        Two-sided; of this contrast alone (see `holm` for several).
    low, high
        Ends of the confidence interval, 95 % if nothing else was asked for.
    variances
        Variance components by name, ``residual`` among them; empty where the model has none.
    reml
        The REML criterion, -2 log restricted likelihood as lme4 has it; nan where there is none.
    boundary
        Whether a variance was estimated as 0, or a correlation as 1 or -1.
    failed
        Why there is no estimate, in one sentence, or ``None``; the numbers are nan then.
    """

    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float
    variances: Mapping[str, float] = field(default_factory=dict)
    reml: float = math.nan
    boundary: bool = False
    failed: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FittedTrials:
    """The effects of all arms in many trials.

    Attributes
    ----------
    estimate, se, df, p, low, high
        Shape (trials, contrasts), as in `Fitted`; contrast 0 is that of arm 1 with arm 0.
    variances
        Each of shape (trials,).
    reml, boundary
        Shape (trials,).
    failed
        Shape (trials,): 0, or the place of the reason in `FAILURES`.
    """

    estimate: Floats
    se: Floats
    df: Floats
    p: Floats
    low: Floats
    high: Floats
    variances: Mapping[str, Floats]
    reml: Floats
    boundary: Booleans
    failed: Integers

    def __len__(self) -> int:
        return len(self.failed)

    def contrasts(self, trial: int) -> tuple[Fitted, ...]:
        """Return one `Fitted` for each arm after the first."""
        variances = {name: float(values[trial]) for name, values in self.variances.items()}
        return tuple(
            Fitted(
                estimate=float(self.estimate[trial, contrast]),
                se=float(self.se[trial, contrast]),
                df=float(self.df[trial, contrast]),
                p=float(self.p[trial, contrast]),
                low=float(self.low[trial, contrast]),
                high=float(self.high[trial, contrast]),
                variances=variances,
                reml=float(self.reml[trial]),
                boundary=bool(self.boundary[trial]),
                failed=FAILURES[int(self.failed[trial])] or None,
            )
            for contrast in range(self.estimate.shape[1])
        )


def fitted_trials(
    estimate: Floats,
    se: Floats,
    df: Floats,
    failed: Integers,
    *,
    confidence: float = CONFIDENCE,
    variances: Mapping[str, Floats] | None = None,
    reml: Floats | None = None,
    boundary: Booleans | None = None,
) -> FittedTrials:
    """Return estimates with what follows from them; those of failed trials become nan.

    Parameters
    ----------
    estimate, se, df
        Shape (trials, contrasts).
    failed
        Shape (trials,).
    """
    there = (failed == 0)[:, None]
    estimate, se, df = (np.where(there, values, np.nan) for values in (estimate, se, df))
    p, low, high = p_and_limits(estimate, se, df, confidence)
    trials = len(failed)
    return FittedTrials(
        estimate, se, df, p, low, high,
        variances=variances or {},
        reml=np.full(trials, np.nan) if reml is None else reml,
        boundary=np.zeros(trials, dtype=bool) if boundary is None else boundary,
        failed=failed,
    )  # fmt: skip
