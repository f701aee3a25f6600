"""Who gets better or worse, and how much of it lies with the therapist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures.measure import (
    CLIENTS,
    PERCENT,
    POINTS,
    Measured,
    from_outcome,
    from_statistic,
    measured,
)
from experiments.quantities.measure import Measure
from experiments.tables.groups import Groups

if TYPE_CHECKING:
    from dashboards.lessons.measures.measure import ArmRun

__all__ = ["BENEFIT"]


def _best_less_worst(run: ArmRun) -> Measured:
    """Return the gap between the best and the worst therapist of a team, in mean fall of CORE-10."""
    tables = run.tables
    team = run.result.parameters.therapists
    therapist = tables.client("therapist").astype(np.int64)
    change = tables.client("core_10_intake") - tables.client("core_10_last")
    measured_ = tables.started & np.isfinite(change)
    teams = Groups(tables.study * team + np.maximum(therapist, 0), tables.studies * team)
    seen = teams.size(measured_).reshape(-1, team)
    total = teams.total(change, measured_).reshape(-1, team)
    mean = np.where(seen >= 5, total / np.maximum(seen, 1), np.nan)
    parts = np.nanmax(mean, axis=1) - np.nanmin(mean, axis=1)
    return measured(float(parts.mean()), parts)


BENEFIT = (
    from_outcome(
        "improvement",
        "core_10_change",
        "Mean fall of CORE-10 from intake to the last session.",
        POINTS,
    ),
    from_outcome(
        "recovered",
        "recovery_rate",
        "Clients who recover on CORE-10, of those in clinical range.",
        CLIENTS,
        factor=100.0,
    ),
    from_outcome(
        "deteriorated",
        "reliable_deterioration_rate",
        "Clients who get reliably worse on CORE-10.",
        CLIENTS,
        factor=100.0,
    ),
    from_statistic(
        "therapist_share",
        "therapist_share",
        "Share of outcome variance between therapists.",
        PERCENT,
        factor=100.0,
    ),
    Measure(
        "best_less_worst",
        "gap between therapists",
        "Gap between a team's best and worst therapist, in mean improvement.",
        POINTS,
        _best_less_worst,
    ),
)
"""Measures of what clients have of it."""
