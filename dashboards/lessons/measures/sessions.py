"""What happens in sessions, what is felt there, and what questionnaires make of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures.measure import (
    PERCENT,
    RATING,
    from_outcome,
    from_statistic,
    statistic_of,
)
from experiments.quantities.measure import Measure
from experiments.quantities.unit import Unit

if TYPE_CHECKING:
    from experiments.tables.run_tables import RunTables

__all__ = ["SESSIONS"]


def _mean_in(tables: RunTables, column: str, session: int) -> float:
    """Return the mean of a column of the sessions in one session, of those who held it."""
    scores = tables.panel(column)[:, session - 1 : session]
    known = scores[np.isfinite(scores)]
    return float(known.mean()) if known.size else float("nan")


def _mean_over(tables: RunTables, column: str) -> float:
    """Return the mean of a column over all sessions."""
    return float(np.nanmean(tables.panel(column)))


SESSIONS = (
    from_outcome(
        "ruptures",
        "ruptures_per_session",
        "Ruptures in 100 sessions.",
        Unit("ruptures in 100 sessions", digits=1, less="fewer"),
        factor=100.0,
    ),
    from_outcome(
        "repaired",
        "repair_rate",
        "Ruptures that are repaired.",
        Unit("ruptures in 100", digits=0, less="fewer"),
        factor=100.0,
    ),
    from_outcome(
        "crossings",
        "crossings_per_session",
        "Boundary crossings in 100 sessions.",
        Unit("crossings in 100 sessions", digits=1, less="fewer"),
        factor=100.0,
    ),
    from_outcome(
        "felt_alliance",
        "mean_alliance",
        "Latent alliance over all sessions, in percent of its range.",
        PERCENT,
        factor=100.0,
    ),
    Measure(
        "first_bond",
        "bond after the first session",
        "Latent bond after session 1, in percent of its range.",
        PERCENT,
        statistic_of(partial(_mean_in, column="bond", session=1), 100.0),
    ),
    *(
        Measure(
            f"felt_{column}",
            column,
            f"Latent {column} over all sessions, in percent of its range.",
            PERCENT,
            statistic_of(partial(_mean_over, column=column), 100.0),
        )
        for column in ("dependency", "agency", "disclosure")
    ),
    from_outcome(
        "rated_alliance", "early_wai_sr_client", "WAI-SR by the client in session 3.", RATING
    ),
    from_outcome(
        "perceived_empathy",
        "mean_blri_empathy",
        "Empathy as clients rate it (BLRI).",
        Unit("points of the BLRI", digits=1, less="fewer"),
    ),
    from_outcome(
        "fatigue",
        "mean_fatigue",
        "Therapists' fatigue over the weeks, in percent of its range.",
        PERCENT.rounded(0),
        factor=100.0,
    ),
    from_statistic(
        "rated_share",
        "level_fraction",
        "WAI-SR by the client in session 3, in percent of its range.",
        PERCENT.rounded(0),
        factor=100.0,
    ),
    from_statistic(
        "rated_over_felt",
        "reported_minus_felt",
        "Rated less felt alliance over all sessions, in percent of the range.",
        PERCENT.rounded(0),
        factor=100.0,
    ),
    from_statistic(
        "at_ceiling",
        "ceiling_share",
        "Client ratings in the top twentieth of the scale, session 3.",
        Unit("ratings in 100", digits=0, less="fewer"),
        factor=100.0,
    ),
)
"""Measures of sessions."""
