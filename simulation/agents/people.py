"""The people of the model as Mesa agents: clients and therapists.

To change one rule, subclass and override one method; see `Client.hold_session`, `Client.ends`, `Therapist.appear`
and `Therapist.end_week`. What is not overridden is computed by the same equations as in the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from simulation.agents.dyad import meet
from simulation.plain.people import PlainClient, PlainTherapist
from simulation.states import DyadState, SessionEvents

if TYPE_CHECKING:
    from simulation.states import Presence

__all__ = ["Client", "Therapist"]


class Client(PlainClient, mesa.Agent):
    """Someone who asks for therapy, as a Mesa agent; see `simulation.plain.people.PlainClient`."""

    model: Any

    def __init__(self, model: Any, number: int, week_arrived: int) -> None:
        mesa.Agent.__init__(self, model)
        PlainClient.__init__(self, model, number, week_arrived)
        self._traits = np.array(self.traits)
        self._state = np.zeros(len(DyadState._fields))
        self._events = np.zeros(len(SessionEvents._fields))

    def hold_session(self, therapist: Presence) -> tuple[DyadState, SessionEvents]:
        """Hold the next session in compiled code, as `PlainClient.hold_session` does in Python."""
        if self.model.session is not None:
            return super().hold_session(therapist)
        assert self.state is not None
        self._state[:] = self.state
        meet(
            self.model.key,
            self.number,
            self.sessions + 1,
            self._traits,
            self._state,
            np.array(therapist),
            self._events,
            self.model.numbers,
        )
        return DyadState(*self._state.tolist()), SessionEvents(*self._events.tolist())


class Therapist(PlainTherapist, mesa.Agent):
    """Someone who treats a caseload, as a Mesa agent; see `simulation.plain.people.PlainTherapist`."""

    model: Any

    def __init__(self, model: Any, number: int) -> None:
        mesa.Agent.__init__(self, model)
        PlainTherapist.__init__(self, model, number)
