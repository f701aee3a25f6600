"""How a session begins: safety, disclosure, attunement and what the client perceives of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import logistic

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Logit, Normal, Share

__all__ = ["attunement", "disclosure", "perceived_empathy", "safety"]


@equation(rises="trust acceptance", falls="strain rigidity")
def safety(trust: Share, strain: Share, acceptance: Share, rigidity: Share, p: Parameters) -> Share:
    """Safety: trust and acceptance make it, strain and rigid limits take it (C3, C4, C21)."""
    return logistic(
        p.safety_base
        + p.safety_trust * (trust - 0.5)
        + p.safety_acceptance * (acceptance - 0.5)
        - p.safety_rigidity * rigidity
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


@equation(rises="attuned trust", falls="rigidity")
def perceived_empathy(attuned: Share, trust: Share, rigidity: Share, p: Parameters) -> Share:
    """Empathy as the client perceives it: attunement seen through trust; rigid limits feel cold (C2, C21, F11)."""
    warm = attuned * (1.0 - p.empathy_rigidity * rigidity)
    return (1.0 - p.perceived_trust) * warm + p.perceived_trust * trust
