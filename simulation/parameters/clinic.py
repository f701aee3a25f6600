"""Parameters of the clinic: size, intake, fatigue, learning and policies."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from simulation.parameters.declaration import choice, integer, number, switch

__all__ = ["Assignment", "Clinic", "Fatigue", "Learning", "Network", "Policies"]

Assignment = Literal["random", "least_loaded", "preference_match"]
Network = Literal["none", "pairs", "ring", "small_world", "hub", "complete", "file"]

LOGIT = "logit"
PER_UNIT = "logit per unit"


class Clinic(BaseModel):
    """Size, calendar and intake."""

    clients: int = integer(100, 1, 1_000_000, "Clients who ask for therapy.", unit="people")
    therapists: int = integer(10, 1, 10_000, "Therapists in the team.", unit="people")
    session_limit: int = integer(
        20, 1, 500, "Most sessions the setting offers a client.", unit="sessions", source="F31, F32"
    )
    session_interval: int = integer(1, 1, 12, "Weeks from one session to the next.", unit="weeks")
    weeks: int = integer(
        104, 1, 5000, "Weeks after which the books are closed, finished or not.", unit="weeks"
    )
    arrivals_per_week: float = number(
        20, 0.01, 1e6, "Clients who ask for therapy in a week.", unit="people per week"
    )
    waiting_loss: float = number(
        0.02, 0, 1, "Chance per week that a waiting client gives up.", unit="probability"
    )


class Fatigue(BaseModel):
    """Fatigue of therapists."""

    comfortable_caseload: float = number(
        12, 1, 200, "Caseload that neither tires nor rests.", unit="clients", source="F101, C28"
    )
    fatigue_start: float = number(0.3, 0.02, 0.98, "Median fatigue at the start.", source="F99")
    fatigue_start_spread: float = number(
        0.6, 0, 2.5, "How much therapists differ in it.", unit="SD on the logit scale", source="F99"
    )
    fatigue_rate: float = number(
        0.08, 0, 1, "How fast fatigue follows the load.", unit="share per week", source="C28"
    )
    fatigue_base: float = number(-0.9, -5, 5, "Fatigue under a comfortable load.", unit=LOGIT)
    fatigue_load: float = number(
        1.5, 0, 10, "How much a caseload beyond the comfortable tires.", unit=PER_UNIT, source="F101, C28"
    )
    fatigue_strain: float = number(
        2.0, 0, 10, "How much the strain carried in the caseload tires.", unit=PER_UNIT
    )
    fatigue_environment: float = number(
        2.0, 0, 10, "How much a supportive environment restores.", unit=PER_UNIT, source="C28"
    )
    fatigue_supervision: float = number(
        0.4, 0, 5, "How much being supervised restores.", unit=LOGIT, source="C28, C30"
    )
    supportive_environment: float = number(
        0.5, 0, 1, "How supportive the workplace is: fair load, privacy, resources."
    )


class Learning(BaseModel):
    """Supervision and training."""

    supervision_network: Network = choice(
        "pairs", "Who supervises whom; `file` reads the graph given with the run.", source="F95, C31"
    )
    small_world_rewiring: float = number(
        0.1, 0, 1, "Share of rewired ties in a small-world network.", unit="probability"
    )
    practice_effect: float = number(
        0.012,
        0,
        0.5,
        "Skill gained by an hour of deliberate practice.",
        unit="logits per hour",
        source="F98, C31",
    )
    skill_ceiling: float = number(1.0, 0.05, 5, "Most skill that training can add.", unit=LOGIT)
    forgetting: float = number(
        0.01, 0, 0.5, "Share of gained skill that fades in a week.", unit="share per week", source="C31"
    )
    supervision_sharing: float = number(
        0.05, 0, 1, "How fast skill spreads along a tie of supervision.", unit="share per week", source="C31"
    )
    experience_effect: float = number(
        0.0,
        0,
        0.1,
        "Skill gained by a session of mere experience; the evidence says none.",
        unit="logits per session",
        status="published",
        source="F49, C31",
    )


class Policies(BaseModel):
    """What a clinic can decide to do."""

    assignment: Assignment = choice(
        "least_loaded", "Which therapist with room a client is given.", source="F36"
    )
    caseload_cap: int = integer(
        15, 1, 1000, "Most clients a therapist sees at a time.", unit="clients", source="F101"
    )
    progress_feedback: bool = switch(
        "Therapists see questionnaire scores and a warning when a client is not on track.", source="F91, F92, C32"
    )
    feedback_notice: float = number(
        1.0, 0, 8, "How much that warning helps to notice a rupture.", unit=LOGIT, source="F91, C32"
    )
    feedback_adjustment: float = number(
        0.5, 0, 5, "How much it makes therapist and client rework tasks and goals.", unit=LOGIT, source="F91, F92"
    )
    feedback_threshold: float = number(
        0.97, 0, 2, "A client is not on track above this share of distress at the start.", unit="ratio", source="F91"
    )
    alliance_supervision: bool = switch(
        "Supervision that attends to the alliance.", source="F95"
    )
    alliance_supervision_effect: float = number(
        0.4, 0, 3, "How much it adds to collaboration, noticing and repair, from session 1.", unit=LOGIT, source="F95"
    )
    deliberate_practice: float = number(
        0.0, 0, 20, "Hours a week each therapist spends on deliberate practice.", unit="hours per week", source="F98"
    )
    role_induction: bool = switch(
        "Clients are told at the outset how therapy works and how long it takes.", source="F37"
    )
    role_induction_effect: float = number(
        0.6, 0, 5, "How much that keeps a client.", unit=LOGIT, source="F37, C20"
    )
    telehealth: bool = switch("Sessions are held by video.", source="F78, C33")
    telehealth_bond: float = number(
        0.1, 0, 2, "How much video takes from the bond.", unit=LOGIT, status="published", source="F78, C33"
    )
    ethics_training: bool = switch("Therapists are trained in ethics and boundaries.")
