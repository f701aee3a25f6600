"""Correlations such as studies report them: alliance, empathy, repair and outcome, between and within clients."""

from __future__ import annotations

from dashboards.lessons.measures.measure import Measure, named

__all__ = ["ASSOCIATIONS"]

ASSOCIATIONS = (
    Measure(
        "alliance_outcome",
        "Correlation of client-rated alliance, sessions 3 to 5, with outcome.",
        "",
        2,
        "higher",
        "lower",
        named("process_outcome_r"),
    ),
    Measure(
        "first_session_outcome",
        "The same with the rating of session 1.",
        "",
        2,
        "higher",
        "lower",
        named("process_outcome_r", sessions=(1, 1)),
    ),
    Measure(
        "therapist_rated_outcome",
        "The same with the alliance as the therapist rates it.",
        "",
        2,
        "higher",
        "lower",
        named("process_outcome_r", column="wai_sr_therapist"),
    ),
    Measure(
        "next_session",
        "Standardised change of distress after a better session than usual.",
        "",
        2,
        "higher",
        "lower",
        named("lagged_beta"),
    ),
    Measure(
        "relief_first",
        "Standardised change of alliance after more distress than usual.",
        "",
        2,
        "higher",
        "lower",
        named("lagged_beta", cause="core_10", effect="wai_sr_client"),
    ),
    Measure(
        "agreement",
        "Correlation of client's and therapist's rating of the alliance, session 3.",
        "",
        2,
        "higher",
        "lower",
        named("rater_agreement_r"),
    ),
    Measure(
        "empathy_and_alliance",
        "Correlation of two ratings by the same client: empathy, alliance.",
        "",
        2,
        "higher",
        "lower",
        named("relationship_measures_r"),
    ),
    Measure(
        "repair_link",
        "Correlation of repaired ruptures with outcome, between clients.",
        "",
        2,
        "higher",
        "lower",
        named("repair_outcome_r"),
    ),
)
"""Measures of association."""
