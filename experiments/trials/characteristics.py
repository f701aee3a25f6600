"""Operating characteristics: how an analysis does over many trials whose true effect is known.

Names and Monte Carlo errors are those of Morris, White & Crowther 2019 (Statistics in Medicine 38:2074,
10.1002/sim.8086), sign errors those of Gelman & Carlin 2014 (Perspectives on Psychological Science 9:641,
10.1177/1745691614551642).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.quantities.monte_carlo import (
    LEVEL,
    MOST_FAILED,
    NOTHING,
    Measured,
    measured_share,
)

if TYPE_CHECKING:
    import polars as pl

    from experiments.tables.columns import Booleans, Floats
    from experiments.trials.truth import TrueEffect

__all__ = ["Characteristics", "characteristics_of"]


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How one analysis does for one contrast.

    Attributes
    ----------
    analysis, arm
        The analysis, and the arm that is compared with the first.
    trials, failed
        How many trials there are, and in how many the analysis gave no estimate; those are left out of all else.
    first_failed, why
        Number of the first of them, or None, and why it failed.
    boundary
        Share of fits in which a variance was estimated as 0.
    truth
        The true effect, arm less first.
    bias
        Mean estimate less the true effect; its error is that of the difference from each trial's own.
    empirical_se, model_se
        Standard deviation of the estimates; root mean square of the standard errors.
    coverage
        Share of 95 % intervals that hold the true effect.
    power
        Share of trials with p < .05, adjusted by Holm's method if there are several contrasts. Withheld (nan) where
        more than 1 % of fits failed.
    type_1
        The same among trials without an effect; nan where there are none.
    sign_error
        Of the significant estimates, the share that has the wrong sign; nan where the true effect is 0.
    null_trials, null_failed
        As `trials` and `failed`, of the trials without an effect.
    """

    analysis: str
    arm: str
    trials: int
    failed: int
    first_failed: int | None
    why: str
    boundary: float
    truth: Measured
    bias: Measured
    empirical_se: Measured
    model_se: Measured
    coverage: Measured
    power: Measured
    type_1: Measured
    sign_error: Measured
    null_trials: int = 0
    null_failed: int = 0

    @property
    def withheld(self) -> bool:
        """Whether power, or type I error, is not said because too many fits failed."""
        return _too_many(self.failed, self.trials) or _too_many(self.null_failed, self.null_trials)


def _too_many(failed: int, trials: int) -> bool:
    return failed > MOST_FAILED * trials


def characteristics_of(
    names: tuple[str, str],
    fits: pl.DataFrame,
    own: Floats,
    effect: TrueEffect,
    null: pl.DataFrame | None,
    *,
    of_outcome: bool = True,
) -> Characteristics:
    """Return how an analysis does.

    Parameters
    ----------
    names
        Of the analysis and of the arm.
    fits
        Its row of each trial for the contrast of this arm, in the order of trials.
    own
        Each trial's own true effect, shape (trials,).
    effect
        In the population.
    null
        Its rows of the trials without an effect.
    of_outcome
        Whether it estimates the true effect; else bias, coverage and sign error are nan.
    """
    fine = (fits["failed"] == "").to_numpy()
    failures = fits.filter(fits["failed"] != "")
    estimate, se = (fits[name].to_numpy()[fine] for name in ("estimate", "se"))
    low, high, p = (fits[name].to_numpy()[fine] for name in ("low", "high", "p_holm"))
    count = len(estimate)
    truth = effect.effect
    significant = p < LEVEL
    wrong: Booleans = significant & (np.sign(estimate) != np.sign(truth))
    # In trials that share a world, the true effect is 0 to the last bit.
    none = truth == 0.0
    spread = _sd(estimate)
    mean_square = float(np.mean(se**2)) if count else math.nan
    model = math.sqrt(mean_square) if count else math.nan
    power = measured_share(significant)
    type_1, null_count, null_failed = NOTHING, 0, 0
    if null is not None:
        there = (null["failed"] == "").to_numpy()
        null_count, null_failed = len(there), int((~there).sum())
        if not _too_many(null_failed, null_count):
            type_1 = measured_share(null["p_holm"].to_numpy()[there] < LEVEL)
    elif none and not _too_many(int((~fine).sum()), len(fine)):
        type_1 = power
    known = Characteristics(
        *names,
        trials=len(fine),
        failed=int((~fine).sum()),
        first_failed=int(failures["trial"][0]) if failures.height else None,
        why=str(failures["failed"][0]) if failures.height else "",
        boundary=float(fits["boundary"].to_numpy()[fine].mean()) if count else math.nan,
        truth=Measured(truth, effect.error),
        bias=Measured(
            float(np.mean(estimate)) - truth if count else math.nan,
            _sd(estimate - own[fine]) / math.sqrt(count) if count > 1 else math.nan,
        ),
        empirical_se=Measured(
            spread, spread / math.sqrt(2 * (count - 1)) if count > 1 else math.nan
        ),
        model_se=Measured(
            model, _sd(se**2) / (2 * math.sqrt(count) * model) if count > 1 else math.nan
        ),
        coverage=measured_share((low <= truth) & (truth <= high)),
        power=NOTHING if _too_many(int((~fine).sum()), len(fine)) else power,
        type_1=type_1,
        sign_error=NOTHING if none else measured_share(wrong[significant]),
        null_trials=null_count,
        null_failed=null_failed,
    )
    if of_outcome:
        return known
    return replace(known, bias=NOTHING, coverage=NOTHING, sign_error=NOTHING)


def _sd(values: Any) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
