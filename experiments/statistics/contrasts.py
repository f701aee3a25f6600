"""Effects of an intervention: an arm with a policy against the same arm without it.

Every contrast takes the two tables in the order (with the policy, without it) and is signed so
that a policy that helps has a positive difference or a ratio above 1. The arms should be run under
common random numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS, LOGITS, RATIO
from experiments.statistics.alliance_outcome import early_mean
from experiments.statistics.dropout import Definition, dropout_rate
from experiments.statistics.outcome import carried_forward, intake_score, last_score

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = [
    "CONTRASTS",
    "contrast_alliance_d",
    "contrast_completion_risk_ratio",
    "contrast_dropout_odds_ratio",
    "contrast_outcome_d",
    "contrast_outcome_r",
    "contrast_satisfaction_d",
    "contrast_sessions_d",
    "contrast_skill_gain",
]


def _difference(treated: Floats, control: Floats) -> float:
    """Cohen's d: difference of means ÷ pooled standard deviation, ``nan`` left out."""
    treated, control = treated[np.isfinite(treated)], control[np.isfinite(control)]
    freedom = treated.size + control.size - 2
    if min(treated.size, control.size) < 2:
        return math.nan
    square = ((treated - treated.mean()) ** 2).sum() + ((control - control.mean()) ** 2).sum()
    if square <= 0:
        return 0.0 if treated.mean() == control.mean() else math.nan
    return float((treated.mean() - control.mean()) / math.sqrt(square / freedom))


def contrast_outcome_d(
    treated: RunTables, control: RunTables, *, off_track_at: int | None = None
) -> float:
    """Difference in relief between the arms, in pooled SD of the last score (F36, F91, F95).

    Relief is intake minus last score, so a difference between the arms at intake does not count.

    Parameters
    ----------
    treated, control
        With and without the policy.
    off_track_at
        When given: only the clients of each arm who were not on track at this session, that is
        whose score there was not below intake (F91).
    """
    relief, spread = [], []
    for tables in (treated, control):
        start, end = intake_score(tables), last_score(tables)
        chosen = np.isfinite(start) & np.isfinite(end)
        if off_track_at is not None:
            chosen &= _off_track(tables, off_track_at)
        if chosen.sum() < 2:
            return math.nan
        relief.append((start - end)[chosen].mean())
        spread.append(end[chosen].var(ddof=1))
    pooled = math.sqrt(float(sum(spread)) / 2.0)
    return float(relief[0] - relief[1]) / pooled if pooled > 0 else math.nan


def _off_track(tables: RunTables, session: int) -> Booleans:
    scores = carried_forward(tables)
    if scores.shape[1] <= session:
        return np.zeros(tables.count, dtype=bool)
    with np.errstate(invalid="ignore"):
        behind: Booleans = (scores[:, session] >= scores[:, 0]) & (
            tables.sessions_attended >= session
        )
    return behind


def contrast_outcome_r(treated: RunTables, control: RunTables) -> float:
    """`contrast_outcome_d` as a correlation with arm, r = d/√(d² + 4) (F69)."""
    d = contrast_outcome_d(treated, control)
    return d / math.sqrt(d * d + 4.0)


def contrast_dropout_odds_ratio(
    treated: RunTables, control: RunTables, *, definition: Definition = "unilateral"
) -> float:
    """Odds of dropout without the policy ÷ with it; above 1 the policy keeps clients (F36, F91)."""
    out, stay = dropout_rate(treated, definition), dropout_rate(control, definition)
    if not (0.0 < out < 1.0 and 0.0 < stay < 1.0):
        return math.nan
    return stay / (1.0 - stay) * (1.0 - out) / out


def contrast_completion_risk_ratio(
    treated: RunTables, control: RunTables, *, definition: Definition = "unilateral"
) -> float:
    """Share who did not drop out with the policy ÷ without it (F37)."""
    without = 1.0 - dropout_rate(control, definition)
    return (1.0 - dropout_rate(treated, definition)) / without if without > 0 else math.nan


def contrast_sessions_d(treated: RunTables, control: RunTables) -> float:
    """Difference in the number of sessions of starters, in SD (F37)."""
    return _difference(
        *(t.sessions_attended[t.ended].astype(np.float64) for t in (treated, control))
    )


def contrast_alliance_d(
    treated: RunTables,
    control: RunTables,
    column: str = "wai_sr_client",
    *,
    sessions: tuple[int, int] = (3, 5),
) -> float:
    """Difference in alliance over a window of sessions, in SD (F78, F95)."""
    return _difference(*(early_mean(t, column, sessions) for t in (treated, control)))


def contrast_satisfaction_d(treated: RunTables, control: RunTables) -> float:
    """Difference in satisfaction (CSQ-8) at the end, in SD (F36)."""
    return _difference(
        *(np.where(t.started, t.client("csq_8_last"), np.nan) for t in (treated, control))
    )


def contrast_skill_gain(treated: RunTables, control: RunTables) -> float:
    """Difference in therapists' mean gain in skill, weighted by their clients (F98)."""
    with_policy, without = (
        np.nanmean(t.of_therapist("skill_gain")[t.started]) for t in (treated, control)
    )
    return float(with_policy - without)


CONTRASTS = (
    Measure.of(contrast_outcome_d, "difference in relief", DEVIATIONS),
    Measure.of(contrast_outcome_r, "difference in relief as a correlation", CORRELATION),
    Measure.of(contrast_dropout_odds_ratio, "dropout without the policy against with it", RATIO),
    Measure.of(contrast_completion_risk_ratio, "completion with the policy against without", RATIO),
    Measure.of(contrast_sessions_d, "difference in the number of sessions", DEVIATIONS),
    Measure.of(contrast_alliance_d, "difference in alliance", DEVIATIONS),
    Measure.of(contrast_satisfaction_d, "difference in satisfaction", DEVIATIONS),
    Measure.of(contrast_skill_gain, "difference in the gain in skill", LOGITS),
)
