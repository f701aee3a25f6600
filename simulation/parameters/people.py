"""Parameters of who the clients and therapists are: medians and spreads of traits, and how traits go together.

A trait x in (0, 1) is logit-normal: logit(x) = logit(median) + spread · z.
"""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT_SD, Group, number

__all__ = ["Clients", "TherapistTraits"]

CORRELATION = "correlation"


class Clients(Group):
    """Client traits."""

    attachment_anxiety: float = number(
        0.42,
        0.02,
        0.98,
        "Median attachment anxiety of clients: fear of being left.",
        source="F77, C14",
    )
    attachment_anxiety_spread: float = number(
        0.9, 0, 2.5, "How much clients differ in attachment anxiety.", unit=LOGIT_SD
    )
    attachment_avoidance: float = number(
        0.42, 0.02, 0.98, "Median attachment avoidance: unease with closeness.", source="F77, C14"
    )
    attachment_avoidance_spread: float = number(
        0.9, 0, 2.5, "How much clients differ in attachment avoidance.", unit=LOGIT_SD
    )
    propensity_to_trust: float = number(
        0.58,
        0.02,
        0.98,
        "Median readiness to trust a stranger; the trust a client brings to session 1.",
    )
    propensity_to_trust_spread: float = number(
        0.7, 0, 2.5, "How much clients differ in readiness to trust.", unit=LOGIT_SD
    )
    severity: float = number(
        0.5,
        0.02,
        0.98,
        "Median distress at intake; 0.5 reads about 20 of 40 on the CORE-10.",
    )
    severity_spread: float = number(
        0.8885,
        0,
        2.5,
        "How much clients differ in distress at intake.",
        unit=LOGIT_SD,
        status="calibrated",
        source="F87, F88",
    )
    motivation: float = number(0.6, 0.02, 0.98, "Median motivation for treatment.", source="C18")
    motivation_spread: float = number(
        0.8, 0, 2.5, "How much clients differ in motivation.", unit=LOGIT_SD
    )
    social_support: float = number(0.5, 0.02, 0.98, "Median support from people outside therapy.")
    social_support_spread: float = number(
        0.8, 0, 2.5, "How much clients differ in social support.", unit=LOGIT_SD
    )
    responsiveness: float = number(
        0.7144,
        0.02,
        0.98,
        "Median responsiveness to treatment; 0.5 changes at the common rate.",
        status="calibrated",
        source="F87, F88",
    )
    responsiveness_spread: float = number(
        0.9,
        0,
        2.5,
        "How much clients differ in responsiveness to treatment.",
        unit=LOGIT_SD,
        status="calibrated",
        source="F88",
    )
    preference: float = number(
        0.5,
        0.02,
        0.98,
        "Median preferred style of therapy: 0 directive, 1 exploratory.",
        source="F36",
    )
    preference_spread: float = number(
        0.9, 0, 2.5, "How much clients differ in the style they prefer.", unit=LOGIT_SD
    )
    alliance_sensitivity: float = number(
        0.5,
        0.02,
        0.98,
        "Median sensitivity of a client's change to the alliance (β of the client).",
        source="F55, C9",
    )
    alliance_sensitivity_spread: float = number(
        0.8,
        0,
        2.5,
        "How much clients differ in sensitivity to the alliance.",
        unit=LOGIT_SD,
        source="F55, C9",
    )
    good_enough: float = number(
        0.3696,
        0.02,
        0.98,
        "Median distress below which a client feels well enough to end; 0.275 is the CORE-10 cut-off.",
        status="calibrated",
        source="C19",
    )
    good_enough_spread: float = number(
        0.45, 0, 2.5, "How much clients differ in what is good enough.", unit=LOGIT_SD, source="C19"
    )
    anxiety_with_avoidance: float = number(
        0.2, -0.9, 0.9, "Attachment anxiety with attachment avoidance.", unit=CORRELATION
    )
    anxiety_with_trust: float = number(
        -0.2, -0.9, 0.9, "Attachment anxiety with propensity to trust.", unit=CORRELATION
    )
    avoidance_with_trust: float = number(
        -0.35, -0.9, 0.9, "Attachment avoidance with propensity to trust.", unit=CORRELATION
    )
    anxiety_with_severity: float = number(
        0.3, -0.9, 0.9, "Attachment anxiety with severity.", unit=CORRELATION
    )
    support_with_severity: float = number(
        -0.25, -0.9, 0.9, "Social support with severity.", unit=CORRELATION
    )
    support_with_avoidance: float = number(
        -0.2, -0.9, 0.9, "Social support with attachment avoidance.", unit=CORRELATION
    )
    motivation_with_responsiveness: float = number(
        0.2, -0.9, 0.9, "Motivation with responsiveness to treatment.", unit=CORRELATION
    )
    trust_with_responsiveness: float = number(
        0.0,
        -0.9,
        0.9,
        "Propensity to trust with responsiveness: one client trait behind alliance and change.",
        unit=CORRELATION,
        source="F59",
    )


class TherapistTraits(Group):
    """Therapist traits."""

    empathy: float = number(
        0.65,
        0.02,
        0.98,
        "Median empathy of therapists: grasping what the client means.",
        source="F11, C2",
    )
    empathy_spread: float = number(
        1.055,
        0,
        2.5,
        "How much therapists differ in empathy.",
        unit=LOGIT_SD,
        status="calibrated",
        source="F39",
    )
    acceptance: float = number(
        0.7, 0.02, 0.98, "Median acceptance: non-judgement and positive regard.", source="F17, C3"
    )
    acceptance_spread: float = number(
        0.45, 0, 2.5, "How much therapists differ in acceptance.", unit=LOGIT_SD
    )
    collaboration: float = number(
        0.6,
        0.02,
        0.98,
        "Median collaboration: working out tasks and goals together.",
        source="F16, C26",
    )
    collaboration_spread: float = number(
        0.3664,
        0,
        2.5,
        "How much therapists differ in collaboration.",
        unit=LOGIT_SD,
        status="calibrated",
        source="F39",
    )
    boundary: float = number(
        0.55,
        0.02,
        0.98,
        "Median boundary: 0 porous, 1 rigid, clear but flexible in between.",
        source="C21, C22",
    )
    boundary_spread: float = number(
        0.45, 0, 2.5, "How much therapists differ in their boundary.", unit=LOGIT_SD
    )
    repair_skill: float = number(
        0.5, 0.02, 0.98, "Median skill in repairing ruptures.", source="F68, C17"
    )
    repair_skill_spread: float = number(
        0.5, 0, 2.5, "How much therapists differ in repair skill.", unit=LOGIT_SD
    )
    style: float = number(
        0.5, 0.02, 0.98, "Median style of therapists: 0 directive, 1 exploratory.", source="F36"
    )
    style_spread: float = number(0.9, 0, 2.5, "How much therapists differ in style.", unit=LOGIT_SD)
    retention_spread: float = number(
        0.4331,
        0,
        2.5,
        "How much therapists differ in whom they keep, beside all else.",
        unit="SD in logits",
        status="calibrated",
        source="F113",
    )
    skills_together: float = number(
        0.5,
        0,
        0.95,
        "Correlation among a therapist's empathy, acceptance, collaboration and repair skill.",
        unit=CORRELATION,
    )
