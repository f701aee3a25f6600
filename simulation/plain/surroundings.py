"""What all people of a clinic share: its parameters, the key of their draws, the session they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.coefficients import coefficients, unpack_with
from simulation.randomness import key_of
from simulation.session import begin_therapy, hold_session

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.session import SessionFunction

__all__ = ["Surroundings"]


class Surroundings:
    """The part of a clinic that its people read.

    Attributes
    ----------
    parameters
        The setting.
    numbers, p
        The same as an array and as a named tuple; see `simulation.coefficients`.
    seed, replicate, key
        What all draws are keyed by.
    session
        What to use instead of `simulation.session.hold_session`, a session function or that of the setting's model of
        the dyad; None for that one.
    begin_therapy
        `simulation.session.begin_therapy`, or that of the setting's model of the dyad.
    week
        Weeks completed.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        seed: int,
        replicate: int,
        session: SessionFunction | None = None,
    ) -> None:
        self.parameters = parameters
        self.numbers = coefficients(parameters)
        self.p: Any = unpack_with(parameters.own)(self.numbers.tolist())
        self.seed = seed
        self.replicate = replicate
        self.key = key_of(seed, replicate)
        self.session = None if session is hold_session else session
        self.begin_therapy = begin_therapy
        if parameters.dyad is not None:
            self.session = parameters.dyad.holding(session)
            self.begin_therapy = parameters.dyad.beginning
        self.week = 0
