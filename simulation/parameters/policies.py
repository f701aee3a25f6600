"""Parameters of what a clinic can decide to do: each policy with the size of its direct effect."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import LOGIT, Group, choice, integer, number, switch

__all__ = ["Assignment", "Policies"]

Assignment = Literal["random", "least_loaded", "preference_match"]


class Policies(Group):
    """What a clinic can decide to do."""

    assignment: Assignment = choice(
        "least_loaded", "Which therapist with room a client is given.", source="F36"
    )
    caseload_cap: int = integer(
        15, 1, 1000, "Most clients a therapist sees at a time.", unit="clients", source="F101"
    )
    progress_feedback: bool = switch(
        "Therapists see questionnaire scores and a warning when a client is not on track.",
        source="F91, F92, C32",
    )
    feedback_notice: float = number(
        1.0,
        0,
        8,
        "How much the warning of progress feedback helps to notice a rupture.",
        unit=LOGIT,
        source="F91, C32",
    )
    feedback_adjustment: float = number(
        0.5,
        0,
        5,
        "How much progress feedback makes therapist and client rework tasks and goals.",
        unit=LOGIT,
        source="F91, F92",
    )
    feedback_threshold: float = number(
        0.97,
        0,
        2,
        "A client is not on track above this share of distress at the start.",
        unit="ratio",
        source="F91",
    )
    alliance_supervision: bool = switch("Supervision that attends to the alliance.", source="F95")
    alliance_supervision_effect: float = number(
        0.4,
        0,
        3,
        "How much supervision of the alliance adds to collaboration, noticing and repair, from session 1.",
        unit=LOGIT,
        source="F95",
    )
    deliberate_practice: float = number(
        0.0,
        0,
        20,
        "Hours a week each therapist spends on deliberate practice.",
        unit="hours per week",
        source="F98",
    )
    role_induction: bool = switch(
        "Clients are told at the outset how therapy works and how long it takes.", source="F37"
    )
    role_induction_effect: float = number(
        0.6, 0, 5, "How much role induction keeps a client.", unit=LOGIT, source="F37, C20"
    )
    telehealth: bool = switch("Sessions are held by video.", source="F78, C33")
    telehealth_bond: float = number(
        0.1,
        0,
        2,
        "How much video takes from the bond.",
        unit=LOGIT,
        status="published",
        source="F78, C33",
    )
    ethics_training: bool = switch("Therapists are trained in ethics and boundaries.")
