"""Therapists at work: experience, caseload, burnout, boundary violations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS, RATIO, SHARE
from experiments.statistics.caseloads import moments_by_therapist
from experiments.statistics.gains import gain_lines_without_each
from experiments.statistics.left_out import ALMOST_NOTHING, weighted_products, where_sure
from experiments.statistics.outcome import (
    intake_score,
    last_score,
    residual_gain,
    standardised_relief,
)
from experiments.statistics.pooling import centred, group_mean
from experiments.statistics.quantiles import quantile
from experiments.tables.clinical_change import improved
from experiments.tables.columns import numbered
from experiments.tables.keeping import found_for_all_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "burnout_dropout_odds_ratio",
    "burnout_improvement_odds_ratio",
    "caseload_outcome_r",
    "experience_slope",
    "therapist_violation_share",
]


def experience_slope(
    tables: RunTables, *, measure: Literal["pre_post_d", "residual_gain"] = "residual_gain"
) -> float:
    """Change of a therapist's outcomes per year of practice, within therapists (F49).

    Outcome on the week a client started, both from the caseload's mean (Goldberg et al. 2016). It
    means something only where clients begin over years: a clinic filled in three weeks says
    nothing about a year.

    Parameters
    ----------
    tables
        Whose outcomes.
    measure
        ``pre_post_d``: fall in score ÷ SD at intake, as in that study; ``residual_gain``: in its
        own SD.
    """
    return _experience_slope(tables, measure)


def _experience_slope_without_each(
    tables: RunTables, deal: Deal, measure: Literal["pre_post_d", "residual_gain"]
) -> Sequence[float | None]:
    if tables.studies != 1:
        return ()
    years = tables.client("week_started") / 52.0
    columns = np.array([years, intake_score(tables), last_score(tables)])
    moments = moments_by_therapist(tables, columns, deal)
    if moments is None:
        return ()
    lines = gain_lines_without_each(tables, "core_10", deal)
    time, gain = np.zeros((2, deal.parts, 3))
    time[:, 0] = 1.0
    gain[:, 1:] = lines.weights if measure == "residual_gain" else (1.0, -1.0)
    spread = lines.spread if measure == "residual_gain" else lines.at_intake
    square = moments.within[:, 0, 0]
    sure = lines.sure & moments.sure & (moments.n.sum(axis=1) >= 10)
    sure &= square > ALMOST_NOTHING * moments.between[:, 0, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = weighted_products(moments.within, time, gain) / square / spread
    return where_sure(slope, sure)


@found_for_all_parts(_experience_slope_without_each)
def _experience_slope(tables: RunTables, measure: Literal["pre_post_d", "residual_gain"]) -> float:
    gain = residual_gain(tables) if measure == "residual_gain" else standardised_relief(tables)
    known = np.isfinite(gain) & (tables.therapist >= 0)
    if known.sum() < 10:
        return math.nan
    group = tables.therapist[known]
    years = centred(tables.client("week_started")[known] / 52.0, group)
    spread = float((years**2).sum())
    return float((years * centred(gain[known], group)).sum() / spread) if spread > 0 else math.nan


def caseload_outcome_r(tables: RunTables) -> float:
    """Correlation over therapists of clients seen with mean residual gain (F101)."""
    gain, seen = residual_gain(tables), tables.of_therapist("clients_seen")
    known = np.isfinite(gain) & np.isfinite(seen) & (tables.therapist >= 0)
    if not known.any():
        return math.nan
    group = tables.therapist[known]
    count = int(group.max()) + 1
    mean, load = group_mean(gain[known], group, count), group_mean(seen[known], group, count)
    home = np.zeros(count, dtype=np.int64)
    home[group] = tables.study[known]
    there = np.isfinite(mean)
    x, y = centred(load[there], home[there]), centred(mean[there], home[there])
    spread = math.sqrt(float((x**2).sum() * (y**2).sum()))
    return float((x * y).sum() / spread) if spread > 0 else math.nan


def _burnt_out(tables: RunTables, share: float) -> tuple[Booleans, Booleans]:
    fatigue = tables.of_therapist("fatigue_mean")
    known = tables.ended & np.isfinite(fatigue)
    if not known.any():
        return known, known
    therapist = numbered(tables.therapist[known])
    of_each = np.empty(int(therapist.max()) + 1)
    of_each[therapist] = fatigue[known]
    limit = quantile(of_each, 1.0 - share)
    return known & (fatigue > limit), known & (fatigue <= limit)


def burnout_improvement_odds_ratio(tables: RunTables, *, share: float = 0.352) -> float:
    """Odds of reliable improvement with a burnt-out therapist ÷ with another (F100).

    Burnt out are the therapists with the highest mean fatigue; the default share is the one
    Sayer et al. (2024) found by questionnaire.
    """
    burnt, others = _burnt_out(tables, share)
    with np.errstate(invalid="ignore"):
        better = improved(intake_score(tables), last_score(tables))
    if not burnt.any() or not others.any():
        return math.nan
    return _odds_ratio(*(float(better[who].mean()) for who in (burnt, others)))


def burnout_dropout_odds_ratio(tables: RunTables, *, share: float = 0.352) -> float:
    """Odds of dropping out with a burnt-out therapist ÷ with another (F100: no effect)."""
    burnt, others = _burnt_out(tables, share)
    if not burnt.any() or not others.any():
        return math.nan
    return _odds_ratio(*(float(tables.dropped_out[who].mean()) for who in (burnt, others)))


def _odds_ratio(first: float, second: float) -> float:
    if not (0.0 < first < 1.0 and 0.0 < second < 1.0):
        return math.nan
    return first / (1.0 - first) * (1.0 - second) / second


def therapist_violation_share(tables: RunTables) -> float:
    """Share of therapists with at least one boundary violation in the time simulated (F107, F108).

    A rare event; surveys ask about whole careers, so the simulated share must lie below them.
    """
    chosen = tables.started & (tables.therapist >= 0)
    if not chosen.any():
        return math.nan
    violated = tables.client("boundary_violation")[chosen] > 0
    group = tables.therapist[chosen]
    per_therapist = np.bincount(group, weights=violated)
    seen = np.bincount(group) > 0
    return float((per_therapist[seen] > 0).mean())


MEASURES = (
    Measure.of(experience_slope, "outcome by years of practice", DEVIATIONS),
    Measure.of(caseload_outcome_r, "correlation of caseload and outcome", CORRELATION),
    Measure.of(burnout_improvement_odds_ratio, "improvement with a burnt-out therapist", RATIO),
    Measure.of(burnout_dropout_odds_ratio, "dropout with a burnt-out therapist", RATIO),
    Measure.of(therapist_violation_share, "therapists with a boundary violation", SHARE),
)
