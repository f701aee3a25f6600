"""Who leaves, who stays, and what the first rating of the alliance says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures.measure import (
    BATCHES,
    CLIENTS,
    DROPOUTS,
    Measured,
    from_outcome,
    share_where,
)
from experiments.quantities.intervals import share_of, shares_of
from experiments.quantities.measure import Measure
from experiments.quantities.unit import SESSIONS
from experiments.tables.clinical_change import CUT_OFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dashboards.lessons.measures.measure import ArmRun
    from experiments.tables.run_tables import RunTables

__all__ = ["LEAVING", "dropout_of_third", "thirds_by_first_rating"]


def thirds_by_first_rating(run: ArmRun) -> tuple[NDArray[np.bool_], ...]:
    """Return who gave the alliance of session 1 a low, a middling and a high rating: thirds of all starters."""
    tables = run.tables
    first = tables.panel("wai_sr_client")[:, 0]
    lower, upper = np.nanquantile(first[tables.started], [1 / 3, 2 / 3])
    low, high = first <= lower, first > upper
    return low, tables.started & ~low & ~high, high


def dropout_of_third(which: int) -> Callable[[ArmRun], Measured]:
    """Measure how many of 100 clients leave on their own, of a third by first rating: 0 is the weakest."""

    def compute(run: ArmRun) -> Measured:
        chosen = thirds_by_first_rating(run)[which]
        left = run.tables.dropped_out[chosen]
        batches = min(BATCHES, run.tables.studies)
        batch = np.asarray(run.tables.study)[chosen] % batches
        number = np.bincount(batch, minlength=batches)
        gone = np.bincount(batch, left, minlength=batches)
        share = share_of(int(left.sum()), len(left)).times(100.0)
        return Measured(share, 100.0 * shares_of(gone, number).value)

    return compute


def _gap_of_thirds(run: ArmRun) -> Measured:
    return dropout_of_third(0)(run).less(dropout_of_third(2)(run))


def _well(tables: RunTables) -> NDArray[np.bool_]:
    return tables.client("core_10_last") < CUT_OFF


def _left_early(tables: RunTables) -> NDArray[np.bool_]:
    return tables.dropped_out & (tables.sessions_attended < 4)


LEAVING = (
    from_outcome(
        "dropped_out", "dropout_rate", "Clients who leave on their own.", CLIENTS, factor=100.0
    ),
    from_outcome("completed", "completion_rate", "Clients who end by plan.", CLIENTS, factor=100.0),
    from_outcome("sessions", "mean_sessions", "Mean number of sessions.", SESSIONS),
    from_outcome(
        "early_leavers",
        "early_dropout_share",
        "Dropouts who leave after session 1 or 2.",
        DROPOUTS,
        factor=100.0,
    ),
    Measure(
        "left_early",
        "clients who leave before session 4",
        "Clients who leave on their own before session 4.",
        CLIENTS,
        share_where(_left_early, lambda tables: tables.started),
    ),
    Measure(
        "dropped_out_weak",
        "dropout of the weakest third",
        "Dropout of the third with the weakest first alliance.",
        CLIENTS,
        dropout_of_third(0),
    ),
    Measure(
        "dropped_out_strong",
        "dropout of the strongest third",
        "Dropout of the third with the strongest first alliance.",
        CLIENTS,
        dropout_of_third(2),
    ),
    Measure(
        "gap_of_thirds",
        "gap between thirds",
        "Dropout of the third with the weakest first alliance, less the strongest.",
        CLIENTS,
        _gap_of_thirds,
    ),
    Measure(
        "well_dropouts",
        "dropouts who are well",
        "Dropouts whose last CORE-10 is below the clinical cut-off.",
        DROPOUTS,
        share_where(_well, lambda tables: tables.dropped_out),
    ),
)
"""Measures of leaving and staying."""
