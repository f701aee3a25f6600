"""How a session begins: safety, disclosure, attunement and what the client perceives of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import logistic

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Logit, Normal, Share

__all__ = ["attunement", "disclosure", "perceived_empathy", "safety"]


@equation(rises="trust acceptance clarity", falls="strain")
def safety(trust: Share, strain: Share, acceptance: Share, clarity: Share, p: Parameters) -> Share:
    """Safety: trust, acceptance and a clear boundary make it, strain takes it (C3, C4, C21)."""
    return logistic(
        p.safety_base
        + p.safety_trust * (trust - 0.5)
        + p.safety_acceptance * (acceptance - 0.5)
        + p.safety_clarity * (clarity - 0.5)
        - p.safety_strain * strain
    )


@equation(rises="safe", falls="avoidance")
def disclosure(safe: Share, avoidance: Share, p: Parameters) -> Share:
    """Disclosure: what feels safe to say, less what avoidance conceals (C4, F80)."""
    return safe * (1.0 - p.concealment * avoidance)


@equation(rises="empathy_logit disclosed noise", falls="distress")
def attunement(
    empathy_logit: Logit, disclosed: Share, distress: Share, noise: Normal, p: Parameters
) -> Share:
    """Attunement: effective empathy meets what is disclosed; high distress is harder to follow (C2)."""
    return logistic(
        empathy_logit
        + p.attunement_disclosure * (disclosed - 0.5)
        - p.attunement_distress * (distress - 0.5)
        + p.attunement_noise * noise
    )


@equation(rises="attuned trust")
def perceived_empathy(attuned: Share, trust: Share, p: Parameters) -> Share:
    """Empathy as the client perceives it: attunement seen through trust (C2, F11)."""
    return (1.0 - p.perceived_trust) * attuned + p.perceived_trust * trust
