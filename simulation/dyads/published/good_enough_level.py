"""Clients change at their own steady rate, and leave when they have improved enough for themselves.

The good-enough level: Barkham, Connell, Stiles and others (2006), Journal of Consulting and Clinical Psychology 74:
160-167, doi:10.1037/0022-006X.74.1.160. The relationship does nothing: the alliance stays what it was at the start,
and neither change nor ending depends on it. Of clients who begin alike, those who stay longer change more slowly.

How rates and levels differ between clients is this project's: rates by the trait `responsiveness`, levels by
`good_enough`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from simulation.dyads.endings import good_enough_ending
from simulation.dyads.measured import Measured, one_relationship
from simulation.dyads.model import DyadModel
from simulation.equations.alliance import towards
from simulation.equations.change import satisfaction_target
from simulation.numerics import clip
from simulation.parameters import Parameters
from simulation.parameters.declaration import number

if TYPE_CHECKING:
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = ["SETTING", "Course", "GoodEnoughLevel"]


class Course(NamedTuple):
    """What a client carries."""

    fall: float
    """Distress that a session takes away, always the same, [0, 1]."""
    allied: float
    """The alliance, which does not change, [0, 1]."""


def begin(client: ClientTraits, distress: float, _style: float, p: Any) -> Course:
    """Give each client a rate of their own, and an alliance that says how ready they are to trust."""
    return Course(
        2.0 * client.responsiveness * p.steady_rate * distress, client.propensity_to_trust
    )


def session(
    _client: ClientTraits, state: Course, _therapist: Presence, _draws: SessionDraws, _p: Any
) -> Course:
    """Change nothing about the rate."""
    return state


def measured(
    _client: ClientTraits,
    state: Course,
    before: DyadState,
    _therapist: Presence,
    draws: SessionDraws,
    p: Any,
) -> Measured:
    """Let distress fall by the client's rate; what life brings shows for one session and is gone."""
    level = clip(before.distress_level - state.fall, 0.0, 1.0)
    distress = clip(level + p.life_events * draws.life, 0.0, 1.0)
    target = satisfaction_target(state.allied, before.distress_at_start - distress, before.match, p)
    satisfaction = towards(before.satisfaction, target, p.satisfaction_rate)
    return one_relationship(state.allied, state.allied, distress, level, satisfaction)


class GoodEnoughLevel(Parameters):
    """Leaving by the good-enough level."""

    dyad: ClassVar[DyadModel] = DyadModel(Course, begin, session, measured, good_enough_ending)

    steady_rate: float = number(
        0.08,
        0,
        1,
        "Share of the distress at the start that a session takes away, on average.",
        unit="share",
        source="form: Barkham and others 2006, doi:10.1037/0022-006X.74.1.160; value: this project",
    )


SETTING = GoodEnoughLevel
