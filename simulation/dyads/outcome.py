"""What a session does to distress and satisfaction, for models of the dyad that say nothing about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation
from simulation.equations import change as c
from simulation.equations.alliance import towards

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Difference, Share
    from simulation.states import ClientTraits, DyadState, SessionDraws

__all__ = ["Outcome", "outcome_of"]


class Outcome(NamedTuple):
    """Distress, its level and satisfaction after a session, all on [0, 1]."""

    distress: float
    level: float
    satisfaction: float


@equation
def outcome_of(
    gain: Difference,
    allied: Share,
    client: ClientTraits,
    before: DyadState,
    draws: SessionDraws,
    p: Parameters,
) -> Outcome:
    """Return distress and satisfaction by the model's own equations, given what the session gives.

    Parameters
    ----------
    gain
        Share of distress that the session takes away; negative where it adds.
    allied
        The alliance, which satisfaction depends on.
    client, before, draws
        Who, in what state, with which draws of the session.
    p
        Parameters of the model.
    """
    level = c.level_after_session(
        before.distress_level, gain, client.social_support, draws.life, 0.0, p
    )
    distress = c.distress_after_session(
        before.distress, before.distress_level, level, draws.life, p
    )
    target = c.satisfaction_target(allied, before.distress_at_start - distress, before.match, p)
    return Outcome(distress, level, towards(before.satisfaction, target, p.satisfaction_rate))
