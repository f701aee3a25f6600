"""What an ensemble predicts for every finding: an interval that holds all uncertainties there are numbers for."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.discrepancy import with_discrepancy
from experiments.catalogue import CONTRASTS, statistic
from experiments.evidence.facts_by_setting import facts_for
from experiments.evidence.informed import full_role
from experiments.quantities.intervals import error_behind, normal_quantile
from experiments.validation.seeds import VALIDATION_SEED, validation_seed
from experiments.validation.validate import resolve, simulated_values
from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from experiments.calibration.clinic_ensembles import ClinicEnsemble
    from experiments.evidence import Fact
    from experiments.evidence.informed import FullRole

__all__ = ["DRAWS", "Coverage", "Predicted", "Prediction", "predict"]

DRAWS = 160

STUDIES = 20
"""Simulated studies of each clinic that is drawn."""

LEAST_KNOWN = 0.8
"""Share of clinics in which a statistic must be computable."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What an ensemble predicts for a finding.

    Attributes
    ----------
    id, role
        Which.
    published, published_error
        The published number, where there is one, and its standard error; nan where its paper gives no interval.
    low, middle, high
        95 % of clinics lie between the ends; nan where too few clinics give the statistic.
    between_studies
        From one end to the other of what counts as inside: how much studies of the same thing differ.
    with_error
        Whether the interval holds the model's own error. Differences between two arms do not: no finding that may be
        fitted is one, so nothing says how far off they are.
    """

    id: str
    role: FullRole
    published: float | None
    published_error: float
    low: float
    middle: float
    high: float
    between_studies: float
    with_error: bool

    @property
    def agrees(self) -> bool:
        """Whether interval and published number agree when the latter's own error counts, too, where it is known."""
        if self.published is None or not math.isfinite(self.low):
            return False
        away = self.published - self.middle
        half = self.high - self.middle if away > 0.0 else self.middle - self.low
        own = self.published_error if math.isfinite(self.published_error) else 0.0
        return abs(away) <= math.hypot(half, normal_quantile() * own)

    @property
    def holds_published(self) -> bool | None:
        """Whether the published number lies inside; None where there is no number or no interval."""
        if self.published is None or not math.isfinite(self.low):
            return None
        return self.low <= self.published <= self.high


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the intervals hold the published number.

    Attributes
    ----------
    holding, of
        Findings with a published number whose interval holds it, and all that have both.
    agreeing
        How many agree when the error of the published number itself counts, too, where its paper gives one.
    width
        Mean length of these intervals, in lengths of the range between studies.
    """

    holding: int
    agreeing: int
    of: int
    width: float

    @property
    def share(self) -> float:
        """Share of them that hold it; nan of none."""
        return self.holding / self.of if self.of else math.nan


@dataclass(frozen=True, slots=True)
class Prediction:
    """What an ensemble predicts for all findings of its setting.

    Attributes
    ----------
    rows
        In the order of the findings.
    holds
        Which uncertainties the intervals hold, as a sentence.
    """

    rows: tuple[Predicted, ...]
    holds: str

    @cached_property
    def by_id(self) -> dict[str, Predicted]:
        """The rows by finding."""
        return {row.id: row for row in self.rows}

    def coverage(self, *roles: FullRole) -> Coverage:
        """Return how often intervals of findings with one of these roles hold the published number."""
        rows = [r for r in self.rows if r.role in roles and r.holds_published is not None]
        widths = [(r.high - r.low) / r.between_studies for r in rows if r.between_studies > 0.0]
        return Coverage(
            sum(bool(row.holds_published) for row in rows),
            sum(row.agrees for row in rows),
            len(rows),
            float(np.mean(widths)) if widths else math.nan,
        )


def predict(
    ensemble: ClinicEnsemble,
    *,
    draws: int = DRAWS,
    studies: int = STUDIES,
    seed: int = VALIDATION_SEED,
    facts: Iterable[Fact] | None = None,
    on_clinic: Callable[[int, int], None] | None = None,
) -> Prediction:
    """Draw clinics from an ensemble and return what they give for every finding.

    Parameters
    ----------
    ensemble
        Of a setting; its findings are those of the setting's name.
    draws, studies
        How many clinics, and simulated studies of each.
    seed
        Any but the seed of fitting. All clinics share their random numbers.
    facts
        Which findings; all of the setting if left out.
    on_clinic
        Called with the clinics done and all of them, for progress.

    Raises
    ------
    AllianceError
        If too few parameter sets are left for an interval.
    """
    seed = validation_seed(seed)
    _, _, setting = resolve(ensemble.preset)
    chosen = tuple(facts) if facts is not None else facts_for(setting)
    clinics = ensemble.draw(draws, seed)

    def simulated(number: int) -> list[float]:
        return simulated_values(clinics[number], chosen, seed=seed, studies=studies)

    rows = []
    with ThreadPoolExecutor(available_cores()) as pool:
        for row in pool.map(simulated, range(draws)):
            rows.append(row)
            if on_clinic is not None:
                on_clinic(len(rows), draws)
    values = np.array(rows)
    return Prediction(
        tuple(_predicted(one, values[:, place]) for place, one in enumerate(chosen)),
        f"The ensemble's intervals hold {ensemble.holds}; the model's own error, as far as findings left out of "
        "the fit show it (not for differences between arms, of which none may be fitted); and chance in "
        f"{studies} simulated studies. 95 % of clinics lie inside.",
    )


def _predicted(one: Fact, values: np.ndarray) -> Predicted:
    assert one.statistic_function is not None
    assert one.low is not None
    assert one.high is not None
    known = values[np.isfinite(values)]
    with_error = one.statistic_function not in CONTRASTS
    low = middle = high = math.nan
    if known.size >= LEAST_KNOWN * values.size:
        spread = with_discrepancy(known, statistic(one.statistic_function)) if with_error else known
        low, middle, high = (float(v) for v in np.quantile(spread, [0.025, 0.5, 0.975]))
    error = math.nan
    if one.ci_low is not None and one.ci_high is not None:
        error = error_behind(one.ci_low, one.ci_high)
    return Predicted(
        id=one.id,
        role=full_role(one),
        published=one.value,
        published_error=error,
        low=low,
        middle=middle,
        high=high,
        between_studies=one.high - one.low,
        with_error=with_error,
    )
