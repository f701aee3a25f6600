"""What happens in sessions, what is felt there, and what questionnaires make of it."""

from __future__ import annotations

from dashboards.lessons.measures.measure import PERCENT, RATING, from_outcome, from_statistic
from experiments.quantities.unit import Unit

__all__ = ["SESSIONS"]

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
