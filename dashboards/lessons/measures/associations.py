"""Correlations such as studies report them: alliance, empathy, repair and outcome, between and within clients."""

from __future__ import annotations

from dashboards.lessons.measures.measure import CORRELATION, from_statistic

__all__ = ["ASSOCIATIONS"]

ASSOCIATIONS = (
    from_statistic(
        "alliance_outcome",
        "process_outcome_r",
        "Correlation of client-rated alliance, sessions 3 to 5, with outcome.",
        CORRELATION,
    ),
    from_statistic(
        "first_session_outcome",
        "process_outcome_r",
        "Correlation of client-rated alliance in session 1 with outcome.",
        CORRELATION,
        sessions=(1, 1),
    ),
    from_statistic(
        "therapist_rated_outcome",
        "process_outcome_r",
        "Correlation of therapist-rated alliance, sessions 3 to 5, with outcome.",
        CORRELATION,
        column="wai_sr_therapist",
    ),
    from_statistic(
        "next_session",
        "lagged_beta",
        "Standardised change of distress after a better session than usual.",
        CORRELATION,
    ),
    from_statistic(
        "relief_first",
        "lagged_beta",
        "Standardised change of alliance after more distress than usual.",
        CORRELATION,
        cause="core_10",
        effect="wai_sr_client",
    ),
    from_statistic(
        "agreement",
        "rater_agreement_r",
        "Correlation of client's and therapist's rating of the alliance, session 3.",
        CORRELATION,
    ),
    from_statistic(
        "empathy_and_alliance",
        "relationship_measures_r",
        "Correlation of two ratings by the same client: empathy, alliance.",
        CORRELATION,
    ),
    from_statistic(
        "repair_link",
        "repair_outcome_r",
        "Correlation of repaired ruptures with outcome, between clients.",
        CORRELATION,
    ),
)
"""Measures of association."""
