"""Who leaves, who stays, and what the first rating of the alliance says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures.measure import (
    BATCHES,
    CLIENTS,
    Measure,
    Parts,
    mean_where,
    outcome_of,
    statistic_of,
)
from experiments.outcomes.catalogue import CUT_OFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dashboards.lessons.measures.measure import ArmRun
    from experiments.statistics import Tables

    Numbers = NDArray[np.float64]

__all__ = ["LEAVING", "thirds_by_first_rating"]


def thirds_by_first_rating(run: ArmRun) -> tuple[NDArray[np.bool_], ...]:
    """Return who gave the alliance of session 1 a low, a middling and a high rating: thirds of all starters."""
    tables = run.tables
    first = tables.panel("wai_sr_client")[:, 0]
    lower, upper = np.nanquantile(first[tables.started], [1 / 3, 2 / 3])
    low, high = first <= lower, first > upper
    return low, tables.started & ~low & ~high, high


def _left(tables: Tables) -> Numbers:
    return tables.dropped_out.astype(np.float64)


def _dropout_of_third(which: int) -> Callable[[ArmRun], Parts]:
    def compute(run: ArmRun) -> Parts:
        chosen = thirds_by_first_rating(run)[which]
        tables = run.tables
        left = _left(tables)
        study = np.asarray(tables.study)
        batches = min(BATCHES, tables.studies)
        parts = [left[chosen & (study % batches == one)].mean() for one in range(batches)]
        return Parts(100.0 * float(left[chosen].mean()), 100.0 * np.array(parts))

    return compute


def _gap_of_thirds(run: ArmRun) -> Parts:
    weak, strong = _dropout_of_third(0)(run), _dropout_of_third(2)(run)
    return Parts(weak.value - strong.value, weak.parts - strong.parts)


def _well(tables: Tables) -> Numbers:
    return 100.0 * (tables.client("core_10_last") < CUT_OFF).astype(np.float64)


LEAVING = (
    Measure(
        "dropped_out",
        "Clients who leave on their own.",
        CLIENTS,
        1,
        "more",
        "fewer",
        outcome_of("dropout_rate", 100.0),
    ),
    Measure(
        "completed",
        "Clients who end by plan.",
        CLIENTS,
        1,
        "more",
        "fewer",
        outcome_of("completion_rate", 100.0),
    ),
    Measure(
        "sessions",
        "Mean number of sessions.",
        "sessions",
        1,
        "more",
        "fewer",
        outcome_of("mean_sessions"),
    ),
    Measure(
        "early_leavers",
        "Dropouts who leave after session 1 or 2.",
        "dropouts in 100",
        0,
        "more",
        "fewer",
        outcome_of("early_dropout_share", 100.0),
    ),
    Measure(
        "dropped_out_weak",
        "Dropout of the third with the weakest first alliance.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _dropout_of_third(0),
    ),
    Measure(
        "dropped_out_strong",
        "Dropout of the third with the strongest first alliance.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _dropout_of_third(2),
    ),
    Measure(
        "gap_of_thirds",
        "Dropout of the third with the weakest first alliance, less the strongest.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _gap_of_thirds,
    ),
    Measure(
        "well_dropouts",
        "Dropouts whose last CORE-10 is below the clinical cut-off.",
        "dropouts in 100",
        0,
        "more",
        "fewer",
        statistic_of(mean_where(_well, lambda tables: tables.dropped_out)),
    ),
)
"""Measures of leaving and staying."""
