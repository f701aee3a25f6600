"""Trust, the alliance of bond, task and goal (Bordin 1979), agency and dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import clip, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Difference, Flag, Logit, Normal, Share, Uniform

__all__ = [
    "after_rupture",
    "agency_after",
    "alliance",
    "bond_sustained",
    "bond_with_crossing",
    "dependency_after",
    "disposition",
    "experience",
    "goal_sustained",
    "preference_match",
    "task_sustained",
    "towards",
    "trust_after",
]

SQRT12 = 3.4641016151377544
"""A uniform draw on (0, 1) has standard deviation 1 / √12."""


@equation(rises="value target", either="rate")
def towards(value: Share, target: Share, rate: Share) -> Share:
    """Move `value` the share `rate` of the way to `target`."""
    return value + rate * (target - value)


@equation(rises="bond task goal")
def alliance(bond: Share, task: Share, goal: Share) -> Share:
    """Alliance: the mean of its three parts (Bordin 1979)."""
    return (bond + task + goal) / 3.0


@equation(either="preference style")
def preference_match(preference: Share, style: Share) -> Share:
    """How well the therapist's style matches the one the client prefers (F36)."""
    return 1.0 - abs(preference - style)


@equation(rises="propensity motivation match impression", falls="anxiety avoidance")
def disposition(
    anxiety: Share,
    avoidance: Share,
    propensity: Share,
    motivation: Share,
    match: Share,
    impression: Normal,
    p: Parameters,
) -> Logit:
    """What lifts or lowers this dyad's alliance lastingly, in logits: the trait-like part (F59, F77, C13, C14)."""
    return (
        p.start_trust * (propensity - 0.5)
        - p.start_anxiety * (anxiety - 0.5)
        - p.start_avoidance * (avoidance - 0.5)
        + p.start_motivation * (motivation - 0.5)
        + p.start_match * (match - 0.5)
        + p.start_spread * impression
    )


@equation(rises="perceived acceptance clear")
def experience(perceived: Share, acceptance: Share, clear: Share, p: Parameters) -> Share:
    """What the session was like for trust: attuned, accepting and clear, weights summing to 1 (C1, C3)."""
    accepted = p.trust_acceptance * (1.0 - p.trust_attunement)
    return (
        p.trust_attunement * perceived
        + accepted * acceptance
        + (1.0 - p.trust_attunement - accepted) * clear
    )


@equation(rises="trust felt repaired", falls="hurt violated")
def trust_after(
    trust: Share, felt: Share, hurt: Share, repaired: Flag, violated: Flag, p: Parameters
) -> Share:
    """Trust moves towards what the session was like, faster down than up (C24), and with rupture and repair (C17)."""
    rate = where(felt < trust, p.trust_rate * p.trust_loss_ratio, p.trust_rate)
    moved = towards(trust, felt, rate)
    restored = moved + p.trust_repair * (1.0 - moved) * repaired
    return restored * (1.0 - p.trust_rupture * hurt) * (1.0 - p.violation_trust * violated)


@equation(rises="trust perceived acceptance relief lasting fluctuation", falls="strain")
def bond_sustained(
    trust: Share,
    perceived: Share,
    acceptance: Share,
    relief: Difference,
    strain: Share,
    lasting: Logit,
    fluctuation: Normal,
    p: Parameters,
) -> Share:
    """Bond that trust, empathy, acceptance and relief sustain; video takes a little (C1, C3, C6, C8, F78)."""
    return logistic(
        p.bond_base
        + p.bond_trust * (trust - 0.5)
        + p.bond_attunement * (perceived - 0.5)
        + p.bond_acceptance * (acceptance - 0.5)
        + p.bond_relief * relief
        - p.alliance_strain * strain
        - p.telehealth * p.telehealth_bond
        + lasting
        + p.alliance_noise * fluctuation
    )


@equation(rises="part", falls="hurt")
def after_rupture(part: Share, hurt: Share, p: Parameters) -> Share:
    """Bond, task or goal after a rupture, which is by definition a deterioration in them (F65, C17)."""
    return part * (1.0 - p.rupture_alliance * hurt)


@equation(rises="bond draw", either="crossed")
def bond_with_crossing(bond: Share, crossed: Flag, draw: Uniform, p: Parameters) -> Share:
    """Bond after a crossing, which may enrich or undermine it; the mean effect is zero (C22, F112).

    The effect is uniform with standard deviation `crossing_bond`, from a uniform draw.
    """
    effect = p.crossing_bond * SQRT12 * (draw - 0.5)
    return clip(bond + effect * crossed, 0.0, 1.0)


@equation(rises="collaboration agency relief lasting off_track fluctuation", falls="strain")
def task_sustained(
    collaboration: Share,
    agency: Share,
    relief: Difference,
    strain: Share,
    lasting: Logit,
    off_track: Flag,
    fluctuation: Normal,
    p: Parameters,
) -> Share:
    """Agreement on tasks that collaboration, agency and improvement sustain (C8, C26, C32)."""
    return logistic(
        p.task_base
        + p.task_collaboration * (collaboration - 0.5)
        + p.task_agency * (agency - 0.5)
        + p.task_relief * relief
        - p.alliance_strain * strain
        + lasting
        + p.feedback_adjustment * off_track
        + p.alliance_noise * fluctuation
    )


@equation(rises="collaboration agency trust lasting off_track fluctuation", falls="strain")
def goal_sustained(
    collaboration: Share,
    agency: Share,
    trust: Share,
    strain: Share,
    lasting: Logit,
    off_track: Flag,
    fluctuation: Normal,
    p: Parameters,
) -> Share:
    """Agreement on goals that collaboration, agency and trust sustain (F15, C26, C32)."""
    return logistic(
        p.goal_base
        + p.goal_collaboration * (collaboration - 0.5)
        + p.goal_agency * (agency - 0.5)
        + p.goal_trust * (trust - 0.5)
        - p.alliance_strain * strain
        + lasting
        + p.feedback_adjustment * off_track
        + p.alliance_noise * fluctuation
    )


@equation(rises="agency collaboration allied motivation", falls="dependency")
def agency_after(
    agency: Share,
    collaboration: Share,
    allied: Share,
    motivation: Share,
    dependency: Share,
    p: Parameters,
) -> Share:
    """Agency grows with collaboration and alliance and is undermined by dependency (C25, C26)."""
    sustained = logistic(
        p.agency_base
        + p.agency_collaboration * (collaboration - 0.5)
        + p.agency_alliance * (allied - 0.5)
        + p.agency_motivation * (motivation - 0.5)
        - p.agency_dependency * dependency
    )
    return towards(agency, sustained, p.agency_rate)


@equation(rises="dependency anxiety bond crossed", falls="support held")
def dependency_after(
    dependency: Share,
    anxiety: Share,
    bond: Share,
    support: Share,
    crossed: Flag,
    held: Flag,
    p: Parameters,
) -> Share:
    """Dependency relaxes to its level; crossings feed it, limits held warmly lower it (C22, C25)."""
    sustained = logistic(
        p.dependency_base
        + p.dependency_anxiety * (anxiety - 0.5)
        + p.dependency_bond * (bond - 0.5)
        - p.dependency_support * (support - 0.5)
    )
    moved = towards(dependency, sustained, p.dependency_rate)
    fed = moved + p.crossing_dependency * (1.0 - moved) * crossed
    return fed * (1.0 - p.holding_dependency * held)
