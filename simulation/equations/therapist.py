"""The therapist between sessions: effective empathy, collaboration, noticing, fatigue and skill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.equations.alliance import towards
from simulation.numerics import clip, logistic, logit, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Count, Flag, Logit, OpenShare, Share, Weight

__all__ = [
    "carried",
    "collaboration_now",
    "empathy_logit",
    "fatigue_after_week",
    "noticing",
    "repairing",
    "skill_after_week",
    "sustained_fatigue",
]


@equation(rises="empathy skill", falls="fatigue")
def empathy_logit(empathy: OpenShare, fatigue: Share, skill: Logit, p: Parameters) -> Logit:
    """Effective empathy in logits: fatigue lowers it, training raises it (C28, C31)."""
    return logit(empathy) + skill - p.empathy_fatigue * fatigue


@equation(rises="collaboration skill")
def collaboration_now(collaboration: OpenShare, skill: Logit, p: Parameters) -> Share:
    """Collaboration with what training and alliance-focused supervision add (F95, C31)."""
    return logistic(
        logit(collaboration) + skill + p.alliance_supervision * p.alliance_supervision_effect
    )


@equation(rises="skill", falls="fatigue")
def noticing(fatigue: Share, skill: Logit, p: Parameters) -> Logit:
    """What the therapist brings to noticing a rupture, in logits (C16, C29, F95)."""
    return (
        skill
        - p.notice_fatigue * (fatigue - 0.5)
        + p.alliance_supervision * p.alliance_supervision_effect
    )


@equation(rises="repair_skill skill")
def repairing(repair_skill: Share, skill: Logit, p: Parameters) -> Logit:
    """What the therapist brings to a repair, in logits (C17, F95)."""
    return (
        p.repair_ability * (repair_skill - 0.5)
        + skill
        + p.alliance_supervision * p.alliance_supervision_effect
    )


@equation(rises="strain dependency porosity")
def carried(strain: Share, dependency: Share, porosity: Share, p: Parameters) -> Weight:
    """What a therapist carries of one client: strain, and with porous limits the pull of dependency (C22, C28)."""
    return strain + p.fatigue_porosity * porosity * dependency


@equation(rises="caseload carries", falls="supervised")
def sustained_fatigue(caseload: Count, carries: Weight, supervised: Flag, p: Parameters) -> Share:
    """Fatigue that this caseload, week after week, would lead to; fatigue moves towards it (C28, C30)."""
    return logistic(
        p.fatigue_base
        + p.fatigue_load * (caseload / p.comfortable_caseload - 1.0)
        + p.fatigue_strain * carries
        - p.fatigue_environment * (p.supportive_environment - 0.5)
        - p.fatigue_supervision * supervised
    )


@equation(rises="fatigue caseload carries", falls="supervised")
def fatigue_after_week(
    fatigue: Share, caseload: Count, carries: Weight, supervised: Flag, p: Parameters
) -> Share:
    """Fatigue follows caseload and what is carried of clients; environment and supervision restore (C28, C30)."""
    sustained = sustained_fatigue(caseload, carries, supervised, p)
    return towards(fatigue, sustained, p.fatigue_rate)


@equation(rises="around supervised", either="skill caseload")
def skill_after_week(
    skill: Logit, caseload: Count, around: Logit, supervised: Flag, p: Parameters
) -> Logit:
    """Skill gained: practice adds, supervision shares, time takes; experience alone adds none (F49, F98, C31).

    `around` is the mean skill gained by those tied to the therapist in the supervision network.
    """
    room = 1.0 - skill / p.skill_ceiling
    practised = p.practice_effect * p.deliberate_practice * room
    experienced = p.experience_effect * caseload * room
    shared = where(around > skill, p.supervision_sharing * (around - skill) * supervised, 0.0)
    gained = skill * (1.0 - p.forgetting) + practised + experienced + shared
    return clip(gained, 0.0, p.skill_ceiling)
