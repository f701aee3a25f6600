"""Parameters of measurement: how questionnaires report what is felt.

Levels and noise are in shares of an instrument's range: 0.1 is 4.8 points of the WAI-SR (12-60).
"""

from __future__ import annotations

from simulation.parameters.declaration import Group, number

__all__ = ["Measurement"]

SHARE = "share of range"


class Measurement(Group):
    """What the instruments report."""

    client_rating_base: float = number(
        0.2491,
        -1,
        1,
        "What a client would rate where there is no alliance.",
        unit=SHARE,
        status="calibrated",
        source="F74, F75, C34",
    )
    client_rating_slope: float = number(
        0.8577,
        0,
        2,
        "How much a client's rating rises with the alliance felt.",
        unit=SHARE,
        status="calibrated",
        source="F75",
    )
    client_rating_bias: float = number(
        0.1291,
        0,
        0.5,
        "How much clients differ in how kindly they rate.",
        unit="SD, " + SHARE,
        status="calibrated",
        source="F46, F60",
    )
    client_rating_noise: float = number(
        0.1435,
        0,
        0.5,
        "Noise of a client's rating of one part on one occasion.",
        unit="SD, " + SHARE,
        status="calibrated",
        source="F60",
    )
    therapist_rating_base: float = number(
        0.3929,
        -1,
        1,
        "What a therapist would rate where there is no alliance.",
        unit=SHARE,
        status="calibrated",
        source="F46",
    )
    therapist_rating_slope: float = number(
        0.4556,
        0,
        2,
        "How much a therapist's rating rises with the alliance.",
        unit=SHARE,
        status="calibrated",
        source="F46",
    )
    therapist_rating_bias: float = number(
        0.03984,
        0,
        0.5,
        "How much a therapist's view of one client is off.",
        unit="SD, " + SHARE,
        status="calibrated",
        source="F46",
    )
    therapist_rating_habit: float = number(
        0.04, 0, 0.5, "How much therapists differ in how kindly they rate.", unit="SD, " + SHARE
    )
    therapist_rating_noise: float = number(
        0.07, 0, 0.5, "Noise of a therapist's rating on one occasion.", unit="SD, " + SHARE
    )
    mood: float = number(
        0.0,
        0,
        0.5,
        "Mood of the day that colours everything a client rates.",
        unit="SD, " + SHARE,
        source="C34",
    )
    empathy_rating_base: float = number(
        0.2, -1, 1, "BLRI where no empathy is perceived.", unit=SHARE
    )
    empathy_rating_slope: float = number(
        0.85, 0, 2, "How much the empathy a client rates rises with perceived empathy.", unit=SHARE
    )
    empathy_rating_noise: float = number(
        0.05,
        0,
        0.5,
        "Noise of an empathy score on one occasion.",
        unit="SD, " + SHARE,
        source="F14",
    )
    trust_rating_base: float = number(
        0.27, -1, 1, "Trust as a client rates it where there is none.", unit=SHARE
    )
    trust_rating_slope: float = number(
        0.85, 0, 2, "How much the trust a client rates rises with trust.", unit=SHARE
    )
    trust_rating_noise: float = number(
        0.05, 0, 0.5, "Noise of a trust score on one occasion.", unit="SD, " + SHARE
    )
    distance_rating_base: float = number(
        0.12, -1, 1, "Therapist rated too close or too distant where limits are clear.", unit=SHARE
    )
    distance_rating_slope: float = number(
        0.6,
        0,
        2,
        "How much the distance a client rates rises with porous or rigid limits.",
        unit=SHARE,
    )
    distance_rating_noise: float = number(
        0.1, 0, 0.5, "Noise of a rating of distance on one occasion.", unit="SD, " + SHARE
    )
    rupture_rating_slope: float = number(
        1.0, 0, 2, "How much a rating of tension rises with how deep a rupture went.", unit=SHARE
    )
    rupture_rating_deference: float = number(
        0.15,
        0,
        0.5,
        "How much less tension clients tell, and how much more trained observers see.",
        unit=SHARE,
        source="F65",
    )
    rupture_rating_noise: float = number(
        0.12, 0, 0.5, "Noise of a rating of tension on one occasion.", unit="SD, " + SHARE
    )
    symptom_bias: float = number(
        0.03,
        0,
        0.3,
        "How much clients differ in how they report the same distress.",
        unit="SD, " + SHARE,
    )
    symptom_noise: float = number(
        0.054,
        0,
        0.3,
        "Noise of a symptom score on one occasion.",
        unit="SD, " + SHARE,
        status="published",
        source="F88",
    )
    satisfaction_rating_base: float = number(
        0.3, -1, 1, "CSQ-8 where nothing satisfies.", unit=SHARE, source="F79"
    )
    satisfaction_rating_slope: float = number(
        0.7,
        0,
        2,
        "How much the satisfaction a client rates rises with satisfaction.",
        unit=SHARE,
        source="F79",
    )
    satisfaction_noise: float = number(
        0.06, 0, 0.5, "Noise of a satisfaction score on one occasion.", unit="SD, " + SHARE
    )
    halo_alliance: float = number(
        0.03,
        0,
        0.5,
        "A client's lasting goodwill, in all ratings of the relationship.",
        unit="SD, " + SHARE,
        source="C34",
    )
    halo_symptoms: float = number(
        0.01,
        0,
        0.5,
        "A client's lasting goodwill, in symptom scores once therapy has begun: fewer symptoms are reported.",
        unit="SD, " + SHARE,
        source="C34",
    )
