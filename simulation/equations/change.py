"""Change: distress, relief and satisfaction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import clip, exp, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Count, Difference, Flag, Normal, Share, Weight

__all__ = [
    "alliance_surplus",
    "distress_after_session",
    "distress_while_waiting",
    "gain_at_work",
    "level_after_session",
    "natural_course",
    "off_track",
    "relief_after",
    "satisfaction_target",
    "sensitivity",
    "session_gain",
    "weighted_alliance",
]


@equation(rises="bond task goal")
def weighted_alliance(bond: Share, task: Share, goal: Share, p: Parameters) -> Share:
    """Alliance as it works on distress: task and goal weigh more than bond (F22, C6)."""
    return p.bond_weight * bond + (1.0 - p.bond_weight) * 0.5 * (task + goal)


@equation(rises="trait anxiety avoidance severity")
def sensitivity(
    trait: Share, anxiety: Share, avoidance: Share, severity: Share, p: Parameters
) -> Weight:
    """How strongly this client's change depends on the alliance, β of the client; 1 is average (F55, F56, C9)."""
    return (
        2.0
        * trait
        * clip(
            1.0
            + p.sensitivity_interpersonal * (anxiety + avoidance - 1.0)
            + p.sensitivity_severity * (severity - 0.5),
            0.0,
            3.0,
        )
    )


@equation(rises="weighted", falls="usual")
def alliance_surplus(weighted: Share, usual: Share, p: Parameters) -> Difference:
    """How much better the alliance is than what it is felt against; a poor one harms (C7, C10, F59).

    Felt partly against a neutral alliance, which lets clients with better ones gain more, and partly against the
    client's own usual one, which lets a client gain more after better sessions than after worse.
    """
    return weighted - (1.0 - p.usual_share) * p.alliance_neutral - p.usual_share * usual


@equation(rises="surplus", either="responsiveness sensitive disclosed agency")
def session_gain(
    responsiveness: Share,
    sensitive: Weight,
    surplus: Difference,
    disclosed: Share,
    agency: Share,
    p: Parameters,
) -> Difference:
    """Share of distress that a session takes away; negative where a poor alliance harms (C5, C7, C10, C26)."""
    return (
        2.0
        * responsiveness
        * (p.common_change + p.alliance_effect * sensitive * surplus * disclosed * agency)
    )


@equation(rises="gain", either="taken_up")
def gain_at_work(gain: Difference, taken_up: Flag, p: Parameters) -> Difference:
    """What a session gives when a rupture is taken up in it: talking about the two takes from the work (C16)."""
    return gain * (1.0 - p.repair_time * taken_up)


@equation(rises="support")
def natural_course(support: Share, p: Parameters) -> Difference:
    """Share of distress that fades in a week without therapy, more with social support (F87)."""
    return p.natural_recovery + p.support_recovery * (support - 0.5)


@equation(rises="life violated", falls="gain support", either="level")
def level_after_session(
    level: Share, gain: Difference, support: Share, life: Normal, violated: Flag, p: Parameters
) -> Share:
    """Level of distress after the session: what it took away, the natural course, what lasts of life events (C7)."""
    weeks = p.session_interval
    faded = weeks * natural_course(support, p)
    lasting = p.life_lasting * p.life_events * math.sqrt(weeks) * life
    changed = level * (1.0 - gain - faded) + lasting
    raised = changed + p.violation_distress * (1.0 - changed) * violated
    return clip(raised, 0.0, 1.0)


@equation(rises="distress level life", falls="before")
def distress_after_session(
    distress: Share, before: Share, level: Share, life: Normal, p: Parameters
) -> Share:
    """Distress after the session: its level, what is left of the last deviation from it, and a new one.

    Between two sessions lie `session_interval` weeks, in which deviations fade.
    """
    left = exp(-p.life_fading * p.session_interval) * (distress - before)
    return clip(level + left + (1.0 - p.life_lasting) * p.life_events * life, 0.0, 1.0)


@equation(rises="distress", falls="support")
def distress_while_waiting(distress: Share, support: Share, p: Parameters) -> Share:
    """Distress after one more week on the waiting list (F87)."""
    return clip(distress * (1.0 - natural_course(support, p)), 0.0, 1.0)


@equation(rises="relief before", falls="after")
def relief_after(relief: Difference, before: Share, after: Share, p: Parameters) -> Difference:
    """Relief felt: this session's fall in distress and what is remembered of earlier ones (C8)."""
    return p.relief_memory * relief + (before - after)


@equation(rises="session distress", falls="at_start")
def off_track(session: Count, distress: Share, at_start: Share, p: Parameters) -> Flag:
    """1 if progress feedback is in use and, from session 3, warns that distress is not falling (F91)."""
    late = distress - p.feedback_threshold * at_start
    return where((session > 2.5) & (late > 0.0), p.progress_feedback, 0.0)


@equation(rises="allied improvement match")
def satisfaction_target(
    allied: Share, improvement: Difference, match: Share, p: Parameters
) -> Share:
    """Satisfaction that alliance, improvement and a met expectation sustain (F79, C35)."""
    return logistic(
        p.satisfaction_base
        + p.satisfaction_alliance * (allied - 0.5)
        + p.satisfaction_improvement * improvement
        + p.satisfaction_match * (match - 0.5)
    )
