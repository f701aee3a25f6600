"""Parameters of how a session begins: safety, disclosure and attunement.

Weights multiply centred quantities: ``safety_trust · (trust - ½)`` is in logits when trust goes from ½ to 1.
"""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_UNIT, Group, number

__all__ = ["Meeting"]


class Meeting(Group):
    """Safety, disclosure and attunement."""

    safety_base: float = number(0.9, -5, 5, "Safety when everything else is average.", unit=LOGIT)
    safety_trust: float = number(
        3.0, 0, 10, "How much trust makes a session feel safe.", unit=PER_UNIT, source="C4"
    )
    safety_acceptance: float = number(
        1.0,
        0,
        10,
        "How much a therapist's acceptance makes a session feel safe.",
        unit=PER_UNIT,
        source="C3",
    )
    safety_rigidity: float = number(
        1.8, 0, 10, "How much rigid limits take safety away.", unit=PER_UNIT, source="C21"
    )
    safety_strain: float = number(1.4, 0, 10, "How much strain takes safety away.", unit=PER_UNIT)
    concealment: float = number(
        0.5,
        0,
        1,
        "Share of disclosure that full attachment avoidance holds back.",
        source="F80, C4",
    )
    attunement_disclosure: float = number(
        1.0, 0, 10, "How much more a therapist grasps when the client discloses.", unit=PER_UNIT
    )
    attunement_distress: float = number(
        0.5, 0, 10, "How much harder high distress makes attunement.", unit=PER_UNIT
    )
    attunement_noise: float = number(
        0.6, 0, 3, "How much attunement varies from one session to the next.", unit="SD in logits"
    )
    empathy_rigidity: float = number(
        0.25,
        0,
        1,
        "Share of attunement that fully rigid limits keep from being felt.",
        source="C21",
    )
    empathy_fatigue: float = number(
        2.0,
        0,
        5,
        "Loss of effective empathy in a fully fatigued therapist.",
        unit=LOGIT,
        source="C28",
    )
    perceived_trust: float = number(
        0.5,
        0,
        1,
        "Share of perceived empathy that comes from trust, not from attunement.",
        source="C2, F11",
    )
