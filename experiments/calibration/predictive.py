"""What an ensemble predicts for every finding: an interval that holds all uncertainties there are numbers for."""

from __future__ import annotations

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from experiments.calibration.discrepancy import discrepancy, spread_over
from experiments.calibration.published_errors import ErrorSource, PublishedError, published_error
from experiments.calibration.scales import on_scale, scale_of
from experiments.catalogue import CONTRASTS, statistic
from experiments.evidence.facts_by_setting import facts_for
from experiments.evidence.informed import full_role
from experiments.validation.seeds import VALIDATION_SEED, validation_seed
from experiments.validation.validate import resolve, simulated_values
from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from experiments.calibration.clinic_ensembles import ClinicEnsemble
    from experiments.calibration.scales import Scale
    from experiments.evidence import Fact
    from experiments.evidence.informed import FullRole

__all__ = ["DRAWS", "Coverage", "Interval", "Predicted", "Prediction", "predict"]

DRAWS = 160

STUDIES = 20
"""Simulated studies of each clinic that is drawn."""

LEAST_KNOWN = 0.8
"""Share of clinics in which a statistic must be computable."""


class Interval(NamedTuple):
    """Ends of a 95 % interval; nan where there is none."""

    low: float
    high: float

    def holds(self, value: float | None) -> bool | None:
        """Whether a number lies inside; None where there is no number or no interval."""
        if value is None or not math.isfinite(self.low):
            return None
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Predicted:
    """What an ensemble predicts for a finding.

    Attributes
    ----------
    id, role
        Which.
    published
        The published number, where there is one.
    clinics
        95 % of clinics lie inside, with the model's own error.
    middle
        Of the clinics.
    estimates
        95 % of what studies as large as the published one would report of such clinics lie inside: `clinics`, and the
        sampling error of the study. The same as `clinics` where nothing is known of that.
    between_studies
        From one end to the other of what counts as inside: how much studies of the same thing differ.
    scale, clinics_spread, model_error, published_error
        The three standard deviations on the scale of the statistic: of the clinics drawn, of the model's own error,
        and of the published number with where that comes from. Differences between two arms have no model error: no
        finding that may be fitted is one, so nothing says how far off they are.
    """

    id: str
    role: FullRole
    published: float | None
    clinics: Interval
    middle: float
    estimates: Interval
    between_studies: float
    scale: Scale
    clinics_spread: float
    model_error: float
    published_error: PublishedError


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the intervals hold the published number.

    Attributes
    ----------
    clinics, estimates
        Of how many findings the intervals of clinics, and those of estimates, hold the published number.
    of
        Findings with a published number and an interval.
    clinics_width, estimates_width
        Mean length of these intervals, in lengths of the range between studies.
    sources
        For how many findings the error of the published number comes from where.
    """

    clinics: int
    estimates: int
    of: int
    clinics_width: float
    estimates_width: float
    sources: Mapping[ErrorSource, int]


@dataclass(frozen=True)
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
        rows = [
            r for r in self.rows if r.role in roles and r.clinics.holds(r.published) is not None
        ]
        sources = Counter(row.published_error.source for row in rows)
        return Coverage(
            sum(bool(row.clinics.holds(row.published)) for row in rows),
            sum(bool(row.estimates.holds(row.published)) for row in rows),
            len(rows),
            _mean_width(rows, "clinics"),
            _mean_width(rows, "estimates"),
            {source: sources[source] for source in get_args(ErrorSource)},
        )


def _mean_width(rows: Iterable[Predicted], which: Literal["clinics", "estimates"]) -> float:
    """Return the mean length of intervals, in lengths of the range between studies; nan of none."""
    widths = []
    for row in rows:
        low, high = getattr(row, which)
        if row.between_studies > 0.0:
            widths.append((high - low) / row.between_studies)
    return float(np.mean(widths)) if widths else math.nan


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
    scale = scale_of(statistic(one.statistic_function))
    contrast = one.statistic_function in CONTRASTS
    model = 0.0 if contrast else discrepancy(scale)
    own = published_error(one, scale)
    clinics = estimates = Interval(math.nan, math.nan)
    middle = spread = math.nan
    if known.size >= LEAST_KNOWN * values.size:
        spread = float(on_scale(known, scale).std())
        there = known if contrast else spread_over(known, scale, model)
        clinics, middle = _ends(there), float(np.median(there))
        if own.source != "none":
            estimates = _ends(spread_over(known, scale, math.hypot(model, own.error)))
        else:
            estimates = clinics
    return Predicted(
        id=one.id,
        role=full_role(one),
        published=one.value,
        clinics=clinics,
        middle=middle,
        estimates=estimates,
        between_studies=one.high - one.low,
        scale=scale,
        clinics_spread=spread,
        model_error=model,
        published_error=own,
    )


def _ends(values: np.ndarray) -> Interval:
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(low), float(high))
