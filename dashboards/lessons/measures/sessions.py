"""What happens in sessions, what is felt there, and what questionnaires make of it."""

from __future__ import annotations

from dashboards.lessons.measures.measure import PERCENT, RATING, Measure, named, outcome_of

__all__ = ["SESSIONS"]

SESSIONS = (
    Measure(
        "ruptures",
        "Ruptures in 100 sessions.",
        "ruptures in 100 sessions",
        1,
        "more",
        "fewer",
        outcome_of("ruptures_per_session", 100.0),
    ),
    Measure(
        "repaired",
        "Ruptures that are repaired.",
        "ruptures in 100",
        0,
        "more",
        "fewer",
        outcome_of("repair_rate", 100.0),
    ),
    Measure(
        "crossings",
        "Boundary crossings in 100 sessions.",
        "crossings in 100 sessions",
        1,
        "more",
        "fewer",
        outcome_of("crossings_per_session", 100.0),
    ),
    Measure(
        "felt_alliance",
        "Latent alliance over all sessions, in percent of its range.",
        PERCENT,
        1,
        "more",
        "less",
        outcome_of("mean_alliance", 100.0),
    ),
    Measure(
        "rated_alliance",
        "WAI-SR by the client in session 3.",
        RATING,
        1,
        "more",
        "fewer",
        outcome_of("early_wai_sr_client"),
    ),
    Measure(
        "perceived_empathy",
        "Empathy as clients rate it (BLRI).",
        "points of the BLRI",
        1,
        "more",
        "fewer",
        outcome_of("mean_blri_empathy"),
    ),
    Measure(
        "fatigue",
        "Therapists' fatigue over the weeks, in percent of its range.",
        PERCENT,
        0,
        "more",
        "less",
        outcome_of("mean_fatigue", 100.0),
    ),
    Measure(
        "rated_share",
        "WAI-SR by the client in session 3, in percent of its range.",
        PERCENT,
        0,
        "more",
        "less",
        named("level_fraction", 100.0),
    ),
    Measure(
        "rated_over_felt",
        "Rated less felt alliance over all sessions, in percent of the range.",
        PERCENT,
        0,
        "more",
        "less",
        named("reported_minus_felt", 100.0),
    ),
    Measure(
        "at_ceiling",
        "Client ratings in the top twentieth of the scale, session 3.",
        "ratings in 100",
        0,
        "more",
        "fewer",
        named("ceiling_share", 100.0),
    ),
)
"""Measures of sessions."""
