"""Trust, the alliance of bond, task and goal (Bordin 1979), agency and dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import clip, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Difference, Flag, Logit, Normal, Share, Uniform, Weight

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
    "inclination",
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


@equation(rises="lasting fluctuation")
def inclination(lasting: Logit, fluctuation: Normal, p: Parameters) -> Logit:
    """How a client takes to the alliance today: what lastingly lifts or lowers it, and the day (F59, F60)."""
    return lasting + p.alliance_noise * fluctuation


@equation(rises="attuned acceptance clear")
def experience(attuned: Share, acceptance: Share, clear: Share, p: Parameters) -> Share:
    """What the session was like for trust: attuned, accepting and clear, weights summing to 1 (C1, C3)."""
    accepted = p.trust_acceptance * (1.0 - p.trust_attunement)
    return (
        p.trust_attunement * attuned
        + accepted * acceptance
        + (1.0 - p.trust_attunement - accepted) * clear
    )


@equation(rises="trust felt earned", falls="lost violated")
def trust_after(
    trust: Share, felt: Share, earned: Weight, lost: Weight, violated: Flag, p: Parameters
) -> Share:
    """Trust grows at its rate towards what sessions are like, and is lost faster (C17, C24).

    A repair or a limit held counts as several sessions of full trust; a rupture left open, by its depth, and a
    rebuff take a share at once.
    """
    rate = where(felt < trust, p.trust_rate * p.trust_loss_ratio, p.trust_rate)
    moved = towards(trust, felt, rate)
    raised = towards(moved, 1.0, clip(p.trust_rate * p.trust_repair * earned, 0.0, 1.0))
    fallen = towards(raised, 0.0, clip(p.trust_rupture * p.trust_loss_ratio * lost, 0.0, 1.0))
    return fallen * (1.0 - p.violation_trust * violated)


@equation(rises="trust perceived acceptance porosity relief inclined", falls="strain")
def bond_sustained(
    trust: Share,
    perceived: Share,
    acceptance: Share,
    porosity: Share,
    relief: Difference,
    strain: Share,
    inclined: Logit,
    p: Parameters,
) -> Share:
    """Bond that trust, empathy, acceptance and relief sustain; porous limits feel warm, video takes a little.

    (C1, C3, C6, C8, C22, F78)
    """
    return logistic(
        p.bond_base
        + p.bond_trust * (trust - 0.5)
        + p.bond_attunement * (perceived - 0.5)
        + p.bond_acceptance * (acceptance - 0.5)
        + p.bond_porosity * porosity
        + p.bond_relief * relief
        - p.alliance_strain * strain
        - p.telehealth * p.telehealth_bond
        + inclined
    )


@equation(rises="part", falls="hurt")
def after_rupture(part: Share, hurt: Share, p: Parameters) -> Share:
    """Bond, task or goal after a rupture, which is by definition a deterioration in them (F65, C17)."""
    return part * (1.0 - p.rupture_alliance * hurt)


@equation(rises="bond draw", falls="dependency", either="crossed")
def bond_with_crossing(
    bond: Share, crossed: Flag, draw: Uniform, dependency: Share, p: Parameters
) -> Share:
    """Bond after a crossing, which may enrich or undermine it: the less a client depends, the better (C22, F112).

    The effect is uniform with standard deviation `crossing_bond`, from a uniform draw, and its mean is zero for
    a client who depends as much as `crossing_neutral`.
    """
    chance = p.crossing_bond * SQRT12 * (draw - 0.5)
    effect = chance + p.crossing_leaning * (p.crossing_neutral - dependency)
    return clip(bond + effect * crossed, 0.0, 1.0)


@equation(rises="collaboration agency relief inclined off_track", falls="porosity strain")
def task_sustained(
    collaboration: Share,
    agency: Share,
    porosity: Share,
    relief: Difference,
    strain: Share,
    inclined: Logit,
    off_track: Flag,
    p: Parameters,
) -> Share:
    """Agreement on tasks that collaboration, agency and improvement sustain (C8, C26, C32)."""
    return logistic(
        p.task_base
        + p.task_collaboration * (collaboration - 0.5)
        + p.task_agency * (agency - 0.5)
        - p.task_porosity * porosity
        + p.task_relief * relief
        - p.alliance_strain * strain
        + inclined
        + p.feedback_adjustment * off_track
    )


@equation(rises="collaboration agency trust inclined off_track", falls="strain")
def goal_sustained(
    collaboration: Share,
    agency: Share,
    trust: Share,
    strain: Share,
    inclined: Logit,
    off_track: Flag,
    p: Parameters,
) -> Share:
    """Agreement on goals that collaboration, agency and trust sustain (F15, C26, C32)."""
    return logistic(
        p.goal_base
        + p.goal_collaboration * (collaboration - 0.5)
        + p.goal_agency * (agency - 0.5)
        + p.goal_trust * (trust - 0.5)
        - p.alliance_strain * strain
        + inclined
        + p.feedback_adjustment * off_track
    )


@equation(rises="agency collaboration allied motivation", falls="dependency porosity")
def agency_after(
    agency: Share,
    collaboration: Share,
    allied: Share,
    motivation: Share,
    dependency: Share,
    porosity: Share,
    p: Parameters,
) -> Share:
    """Agency grows with collaboration and alliance; dependency and blurred roles undermine it (C22, C25, C26)."""
    sustained = logistic(
        p.agency_base
        + p.agency_collaboration * (collaboration - 0.5)
        + p.agency_alliance * (allied - 0.5)
        + p.agency_motivation * (motivation - 0.5)
        - p.agency_dependency * dependency
        - p.agency_porosity * porosity
    )
    return towards(agency, sustained, p.agency_rate)


@equation(rises="dependency anxiety bond porosity crossed", falls="support held")
def dependency_after(
    dependency: Share,
    anxiety: Share,
    bond: Share,
    support: Share,
    porosity: Share,
    crossed: Flag,
    held: Flag,
    p: Parameters,
) -> Share:
    """Dependency relaxes to its level, which porous limits raise for those afraid of being left (C25).

    Crossings feed it, limits held warmly lower it (C22).
    """
    sustained = logistic(
        p.dependency_base
        + p.dependency_anxiety * (anxiety - 0.5)
        + p.dependency_bond * (bond - 0.5)
        - p.dependency_support * (support - 0.5)
        + p.dependency_porosity * porosity * anxiety
    )
    moved = towards(dependency, sustained, p.dependency_rate)
    fed = moved + p.crossing_dependency * (1.0 - moved) * crossed
    return fed * (1.0 - p.holding_dependency * held)
