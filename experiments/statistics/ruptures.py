"""Ruptures and repairs, as the client, the therapist and an observer would report them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, SHARE
from experiments.statistics.outcome import residual_gain
from experiments.statistics.pooling import correlations_of_studies, pooled

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "Rater",
    "repair_outcome_r",
    "rupture_rater_order",
    "rupture_share",
    "withdrawal_share",
]

Rater = Literal["client", "therapist", "observer"]

REPORTED = 2.0
"""A rating of tension from which on a rater reports a rupture: more than none."""


def _ruptures(tables: RunTables) -> Booleans:
    return tables.panel_is("rupture", "withdrawal", "confrontation")


def rupture_share(
    tables: RunTables, rater: Rater = "client", *, sessions: tuple[int, int] = (1, 20)
) -> float:
    """Share of sessions in which a rater reports a rupture (F65).

    Parameters
    ----------
    tables, rater
        Whose sessions; who rates the tension of each, from 1 (none) to 5.
    sessions
        First and last session that count.
    """
    place = slice(sessions[0] - 1, sessions[1])
    rating = tables.panel(f"rupture_{rater}")[:, place]
    rated = tables.attended[:, place] & np.isfinite(rating)
    return float((rating[rated] >= REPORTED).mean()) if rated.any() else math.nan


def rupture_rater_order(tables: RunTables) -> float:
    """Smaller of the two steps client → therapist → observer in rupture shares (F65).

    Above 0 when clients report fewest and observers most.
    """
    client, therapist, observer = (
        rupture_share(tables, rater) for rater in ("client", "therapist", "observer")
    )
    return min(therapist - client, observer - therapist)


def withdrawal_share(tables: RunTables, *, sessions: tuple[int, int] = (1, 20)) -> float:
    """Share of ruptures that are withdrawals rather than confrontations (F71)."""
    place = slice(sessions[0] - 1, sessions[1])
    withdrawals = int(tables.panel_is("rupture", "withdrawal")[:, place].sum())
    every = int(_ruptures(tables)[:, place].sum())
    return withdrawals / every if every else math.nan


def repair_outcome_r(
    tables: RunTables, *, measure: Literal["majority", "share"] = "majority"
) -> float:
    """Correlation of repair with residual gain, among clients who had a rupture (F68).

    Parameters
    ----------
    tables
        Whose ruptures.
    measure
        ``majority``: point-biserial, whether at least half of a client's ruptures were repaired;
        ``share``: the share itself.
    """
    return pooled(correlations_of_studies(tables, _repair_and_gain, (measure,))).r


def _repair_and_gain(tables: RunTables, measure: Literal["majority", "share"]) -> Floats:
    ruptured = _ruptures(tables)
    repaired = ruptured & _yes(tables, "rupture_repaired")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = repaired.sum(axis=1) / ruptured.sum(axis=1)
    if measure == "majority":
        share = np.where(np.isfinite(share), (share >= 0.5).astype(np.float64), np.nan)
    return np.column_stack([share, residual_gain(tables)])


def _yes(tables: RunTables, name: str) -> Booleans:
    yes: Booleans = np.nan_to_num(tables.panel(name)) > 0
    return yes


MEASURES = (
    Measure.of(rupture_share, "sessions with a rupture", SHARE),
    Measure.of(rupture_rater_order, "order of raters who see ruptures", SHARE.of_differences()),
    Measure.of(withdrawal_share, "ruptures that are withdrawals", SHARE),
    Measure.of(repair_outcome_r, "correlation of repair and outcome", CORRELATION),
)
