"""Rules of ending, each for any model of the dyad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.dyads.measured import Ended
from simulation.equation import equation
from simulation.equations import ending as e
from simulation.equations.alliance import alliance
from simulation.numerics import where

if TYPE_CHECKING:
    from simulation.dyads.measured import Measured
    from simulation.parameters import Parameters
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = ["good_enough_ending", "usual_ending"]


@equation
def usual_ending(
    client: ClientTraits,
    before: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    now: Measured,
    p: Parameters,
) -> Ended:
    """End as the model does (`simulation.stages.decide_ending`), on what is measured."""
    session = before.session + 1.0
    well = e.well_enough(now.distress_level, before.distress_at_start, client.good_enough, p)
    dropout = e.dropout_probability(
        e.dropout_level(session, therapist.retains, p),
        e.dropout_push(now.strain, now.distress, before.distress_at_start, well, p),
        alliance(now.bond, now.task, now.goal),
        now.safety,
        client.motivation,
        before.match,
        p,
    )
    planned = e.planned_exit_probability(well, now.dependency, p)
    return Ended(dropout, e.ending(draws.ending, dropout, planned, 0.0, session, p))


@equation
def good_enough_ending(
    client: ClientTraits,
    before: DyadState,
    _therapist: Presence,
    _draws: SessionDraws,
    now: Measured,
    p: Parameters,
) -> Ended:
    """End as soon as the client has improved enough for the client, and for no other reason but the session limit.

    The good-enough level: Barkham and others (2006), Journal of Consulting and Clinical Psychology 74: 160-167,
    doi:10.1037/0022-006X.74.1.160. Enough is what `simulation.equations.ending.well_enough` says: the client's
    own level, and a fall of `enough_change`. Nobody drops out.
    """
    well = e.well_enough(now.distress_level, before.distress_at_start, client.good_enough, p)
    last = where(before.session + 1.0 >= p.session_limit, e.AT_LIMIT, e.GOES_ON)
    return Ended(0.0, where(well > 0.5, e.BY_PLAN, last))
