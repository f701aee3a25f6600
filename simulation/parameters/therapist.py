"""Parameters of what weeks do to therapists: fatigue, supervision and training."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import LOGIT, LOGIT_SD, PER_UNIT, Group, choice, number

__all__ = ["Fatigue", "Learning", "Network"]

Network = Literal["none", "pairs", "ring", "small_world", "hub", "complete", "file"]


class Fatigue(Group):
    """Fatigue of therapists."""

    comfortable_caseload: float = number(
        12, 1, 200, "Caseload that neither tires nor rests.", unit="clients", source="F101, C28"
    )
    fatigue_start: float = number(0.3, 0.02, 0.98, "Median fatigue at the start.", source="F99")
    fatigue_start_spread: float = number(
        0.6,
        0,
        2.5,
        "How much therapists differ in fatigue at the start.",
        unit=LOGIT_SD,
        source="F99",
    )
    fatigue_rate: float = number(
        0.08, 0, 1, "How fast fatigue follows the load.", unit="share per week", source="C28"
    )
    fatigue_base: float = number(-0.9, -5, 5, "Fatigue under a comfortable load.", unit=LOGIT)
    fatigue_load: float = number(
        1.5,
        0,
        10,
        "How much a caseload beyond the comfortable tires.",
        unit=PER_UNIT,
        source="F101, C28",
    )
    fatigue_strain: float = number(
        2.0, 0, 10, "How much the strain carried in the caseload tires.", unit=PER_UNIT
    )
    fatigue_porosity: float = number(
        0.5,
        0,
        5,
        "How much of a client's dependency weighs like strain on a therapist whose limits are porous.",
        source="C22, C28",
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


class Learning(Group):
    """Supervision and training."""

    supervision_network: Network = choice(
        "pairs",
        "Who supervises whom; `file` reads the graph given with the run.",
        source="F95, C31",
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
        0.01,
        0,
        0.5,
        "Share of gained skill that fades in a week.",
        unit="share per week",
        source="C31",
    )
    supervision_sharing: float = number(
        0.05,
        0,
        1,
        "How fast skill spreads along a tie of supervision.",
        unit="share per week",
        source="C31",
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
