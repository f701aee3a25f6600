"""What belongs to the therapist: variance shares, and slopes within and between caseloads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS, RATIO, SHARE
from experiments.statistics.alliance_hazards import cox_alliance_dropout
from experiments.statistics.alliance_outcome import EARLY, early_mean, early_mean_and_gain
from experiments.statistics.caseloads import moments_by_therapist, split
from experiments.statistics.gains import gain_lines_without_each
from experiments.statistics.left_out import ALMOST_NOTHING, weighted_products, where_sure
from experiments.statistics.outcome import (
    intake_score,
    last_score,
    residual_gain,
)
from experiments.statistics.pooling import correlations_of_studies, group_mean
from experiments.statistics.regression import least_squares
from experiments.statistics.variance_shares import VarianceShares, nested_shares, window_shares
from experiments.tables.columns import numbered
from experiments.tables.keeping import found_for_all_parts, kept_by_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "VarianceShares",
    "WithinBetween",
    "alliance_outcome_between",
    "alliance_outcome_within",
    "alliance_outcome_within_between",
    "alliance_variance_shares",
    "cox_alliance_dropout",
    "dropout_hazard_ratio",
    "nested_shares",
    "patient_therapist_ratio_slope",
    "therapist_alliance_share",
    "therapist_dropout_log_ratio",
    "therapist_dropout_share",
    "therapist_share",
    "window_shares",
]


Caseload = Literal["outcome", "alliance", "dropout"]
"""What therapists may differ in; see `therapist_share`."""


@dataclass(frozen=True)
class WithinBetween:
    """Standardised slopes of outcome on alliance within and between therapists."""

    within: float
    between: float


def therapist_share(tables: RunTables, of: Caseload = "outcome") -> float:
    """Share of variance between therapists (intraclass correlation; F39-F41, F45).

    One-way analysis of variance with therapists nested in studies, unbalanced (Searle, Casella &
    McCulloch 1992, *Variance Components*). The estimate is unbiased, so it can be below 0.

    Parameters
    ----------
    tables
        Whose clients.
    of
        ``outcome``: residual gain (post regressed on pre); ``alliance``: client-rated, early;
        ``dropout``: unilateral ending, 0 or 1, on the linear probability scale.
    """
    return _share(tables, of)


def _values(tables: RunTables, of: Literal["alliance", "dropout"]) -> Floats:
    if of == "alliance":
        return early_mean(tables, "wai_sr_client", otherwise="last")
    return np.where(tables.ended, tables.dropped_out.astype(np.float64), np.nan)


def _share_without_each(tables: RunTables, deal: Deal, of: Caseload) -> Sequence[float | None]:
    if tables.studies != 1:
        return ()
    if of == "outcome":
        columns = np.array([intake_score(tables), last_score(tables)])
        lines = gain_lines_without_each(tables, "core_10", deal)
        weights, sure = lines.weights, lines.sure
    else:
        columns = _values(tables, of)[None]
        weights, sure = np.ones((deal.parts, 1)), np.ones(deal.parts, dtype=bool)
    moments = moments_by_therapist(tables, columns, deal)
    if moments is None:
        return ()
    within, between = (
        weighted_products(products, weights, weights)
        for products in (moments.within, moments.between)
    )
    clients, caseloads = moments.n.sum(axis=1), (moments.n > 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (clients - (moments.n**2).sum(axis=1) / clients) / (caseloads - 1)
        error = within / (clients - caseloads)
        therapist = (between / (caseloads - 1) - error) / expected
        share = therapist / (therapist + error)
        sure = sure & moments.sure & (within > ALMOST_NOTHING * between)
        sure &= (caseloads > 1) & (clients > caseloads) & (therapist + error > 0)
    return where_sure(share, sure)


@kept_by_tables
@found_for_all_parts(_share_without_each)
def _share(tables: RunTables, of: Caseload) -> float:
    values = residual_gain(tables) if of == "outcome" else _values(tables, of)
    return _one_way(values, tables.therapist, tables.study)


def therapist_dropout_share(tables: RunTables) -> float:
    """Therapists' share of the variance of dropout as multilevel logistic models report it (F113, F114).

    Those put it on the scale of logits, where a client adds π²/3. A share ρ of the variance of a yes or no that
    happens with probability p is there about ρ / (p(1 − p)) against π²/3.
    """
    share = therapist_share(tables, "dropout")
    left = float(tables.dropped_out[tables.ended].mean()) if tables.ended.any() else math.nan
    if not 0.0 < left < 1.0:
        return math.nan
    logits = share / (left * (1.0 - left))
    return logits / (max(logits, 0.0) + math.pi**2 / 3.0)


def _one_way(values: Floats, group: Integers, study: Integers) -> float:
    known = np.isfinite(values) & (group >= 0)
    values, group, study = values[known], group[known], study[known]
    if values.size < 3:
        return math.nan
    group = numbered(group)
    n = np.bincount(group)
    home = np.zeros(n.size, dtype=np.int64)
    home[group] = study
    size = np.bincount(study)
    studies = int((size > 0).sum())
    means = group_mean(values, group, n.size)
    grand = group_mean(values, study, size.size)
    between = float((n * (means - grand[home]) ** 2).sum())
    within = float(((values - means[group]) ** 2).sum())
    between_freedom, within_freedom = n.size - studies, values.size - n.size
    if between_freedom <= 0 or within_freedom <= 0:
        return math.nan
    expected = (values.size - float((n**2 / size[home]).sum())) / between_freedom
    error = within / within_freedom
    therapist = (between / between_freedom - error) / expected
    total = therapist + error
    return therapist / total if total > 0 else math.nan


def alliance_variance_shares(
    tables: RunTables, column: str = "wai_sr_client", *, sessions: tuple[int, int] = (1, 7)
) -> VarianceShares:
    """Variance of alliance between therapists, clients and sessions, session means removed."""
    return window_shares(tables, column, sessions)


def therapist_alliance_share(tables: RunTables) -> float:
    """Therapists' share of the variance of one alliance score (F44: smaller than the clients')."""
    return alliance_variance_shares(tables).therapist


@kept_by_tables
def alliance_outcome_within_between(
    tables: RunTables, column: str = "wai_sr_client"
) -> WithinBetween:
    """Outcome regressed on alliance within and between therapists (F42, F44).

    Residual gain on each client's deviation from the caseload's mean alliance and on that mean,
    with an intercept for every study (Baldwin, Wampold & Imel 2007). Both slopes are per
    standard deviation of alliance between clients. The mean is the observed one, so with small
    caseloads the between slope is drawn towards the within slope.
    """
    return _within_between(tables, column)


def _within_between_without_each(
    tables: RunTables, deal: Deal, column: str
) -> Sequence[WithinBetween | None]:
    """Return both slopes: what is within caseloads and what is between them have no products with each other."""
    if tables.studies != 1:
        return ()
    columns = np.array([early_mean(tables, column), intake_score(tables), last_score(tables)])
    moments = moments_by_therapist(tables, columns, deal)
    if moments is None:
        return ()
    lines = gain_lines_without_each(tables, "core_10", deal)
    alliance, gain = np.zeros((2, deal.parts, 3))
    alliance[:, 0], gain[:, 1:] = 1.0, lines.weights
    clients = moments.n.sum(axis=1)
    square = moments.within[:, 0, 0] + moments.between[:, 0, 0]
    sure = lines.sure & moments.sure & (clients > 3)
    slopes = []
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.sqrt(square / clients) / lines.spread
        for products in (moments.within, moments.between):
            slopes.append(weighted_products(products, alliance, gain) / products[:, 0, 0] * unit)
            sure &= products[:, 0, 0] > ALMOST_NOTHING * square
    return [
        WithinBetween(*both) if known else None
        for both, known in zip(np.array(slopes).T.tolist(), sure, strict=True)
    ]


@found_for_all_parts(_within_between_without_each)
def _within_between(tables: RunTables, column: str) -> WithinBetween:
    alliance, gain = early_mean(tables, column), residual_gain(tables)
    within, between, spread = split(tables, alliance, np.isfinite(gain))
    fit = least_squares(gain, (within / spread, between / spread), tables.study)
    return WithinBetween(float(fit[0]), float(fit[1]))


def alliance_outcome_within(tables: RunTables) -> float:
    """Slope of residual gain on alliance within therapists (F44)."""
    return alliance_outcome_within_between(tables).within


def alliance_outcome_between(tables: RunTables) -> float:
    """Slope of residual gain on therapists' mean alliance (F42)."""
    return alliance_outcome_within_between(tables).between


def dropout_hazard_ratio(
    tables: RunTables, level: Literal["client", "therapist"] = "client", *, at: int = 1
) -> float:
    """Hazard ratio of dropout per WAI-SR point, within or between therapists (F34)."""
    fit = cox_alliance_dropout(tables, at=at)
    return math.exp(fit.coefficients[0 if level == "client" else 1])


def therapist_dropout_log_ratio(tables: RunTables, *, at: int = 1) -> float:
    """Log hazard ratio between therapists ÷ within therapists (F34: 5; above 1 is therapist-led).

    Scale-free, so it can be compared across alliance instruments.
    """
    fit = cox_alliance_dropout(tables, at=at)
    return fit.coefficients[1] / fit.coefficients[0] if fit.coefficients[0] else math.nan


def patient_therapist_ratio_slope(tables: RunTables, column: str = "wai_sr_client") -> float:
    """Slope of a study's alliance-outcome correlation on its clients per therapist (F43).

    Fisher's z of each study is regressed on the logarithm of the ratio, weighted by clients
    minus 3 (Del Re et al. 2012). ``nan`` when all studies have the same ratio.
    """
    given = column, EARLY, "core_10", "nothing"
    r, n = correlations_of_studies(tables, early_mean_and_gain, given).T
    seen = tables.started & (tables.therapist >= 0)
    home = np.full(int(tables.therapist.max(initial=-1)) + 1, -1, dtype=np.int64)
    home[tables.therapist[seen]] = tables.study[seen]
    therapists = np.bincount(home[home >= 0], minlength=r.size)
    clients = np.bincount(tables.study[tables.started], minlength=r.size)
    usable = np.isfinite(r) & (therapists > 0) & (n > 3)
    if usable.sum() < 3:
        return math.nan
    ratio = np.log(clients[usable] / therapists[usable])
    weight = n[usable] - 3.0
    z = np.arctanh(np.clip(r[usable], -0.999999, 0.999999))
    deviation = ratio - np.average(ratio, weights=weight)
    spread = float((weight * deviation**2).sum())
    return float((weight * deviation * z).sum() / spread) if spread > 1e-9 else math.nan


MEASURES = (
    Measure.of(therapist_share, "therapists' share of the variance of outcome", SHARE, level=True),
    Measure.of(therapist_dropout_share, "therapists' share of the variance of dropout", SHARE),
    Measure.of(therapist_alliance_share, "therapists' share of the variance of alliance", SHARE),
    Measure.of(alliance_outcome_within, "gain by alliance within therapists", DEVIATIONS),
    Measure.of(alliance_outcome_between, "gain by the alliance of the therapist", DEVIATIONS),
    Measure.of(dropout_hazard_ratio, "hazard of dropout a point of alliance", RATIO),
    Measure.of(
        therapist_dropout_log_ratio, "hazard of dropout between against within therapists", RATIO
    ),
    Measure.of(
        patient_therapist_ratio_slope,
        "correlation of alliance and outcome by clients a therapist",
        CORRELATION,
    ),
)
