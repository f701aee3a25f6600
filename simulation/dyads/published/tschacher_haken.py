"""Two states that return to a trait and act on each other: the minimal model of Tschacher and Haken.

Tschacher and Haken (2019), The Process of Psychotherapy, Springer, chapter 8::

    dx_th/dt = -k_th x_th + g_th k_th + a x_cl x_th
    dx_cl/dt = -k_cl (x_cl - g_cl) + b x_th^2

Each k is one over a relaxation time, each g a trait; noise acts on the client only. The signs of the terms with k
follow the book's text, by which they restore the trait. Tested are fixed points and their stability: states swing
around them only where a and b have opposite signs, and the client rests away from the trait by b / k_cl times the
square of the therapist's state.

What the states mean, what a session is in the equations' time, and what the client's state does to ratings and
distress are this project's, assumed and to be swept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from simulation.dyads.measured import Measured, one_relationship
from simulation.dyads.model import DyadModel
from simulation.dyads.outcome import outcome_of
from simulation.equation import equation
from simulation.numerics import clip, logistic
from simulation.parameters import Parameters
from simulation.parameters.declaration import number

if TYPE_CHECKING:
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = [
    "SETTING",
    "States",
    "TschacherHaken",
    "session_course",
    "speed_client",
    "speed_therapist",
]

SOURCE = (
    "form: Tschacher and Haken 2019, The Process of Psychotherapy, chapter 8; value: this project"
)
OWN = "this project"
STEPS = 8
"""Steps of a session."""

FURTHEST = 20.0
"""Where a state that escalates stops: the equations have no bounds."""


class States(NamedTuple):
    """What the dyad carries: the states of both, without unit."""

    therapist: float
    client: float


@equation
def speed_therapist(therapist: float, client: float, p: Any) -> float:
    """How fast the therapist's state changes, in a unit of the equations' time."""
    speed: float = (
        p.return_therapist * (p.trait_therapist - therapist)
        + p.coupling_therapist * client * therapist
    )
    return speed


@equation
def speed_client(therapist: float, client: float, p: Any) -> float:
    """How fast the client's state changes, in a unit of the equations' time."""
    speed: float = (
        p.return_client * (p.trait_client - client) + p.coupling_client * therapist * therapist
    )
    return speed


@equation
def session_course(state: States, p: Any) -> States:
    """Both states after `session_time`, by the midpoint rule in `STEPS` steps, within `FURTHEST`."""
    step = p.session_time / STEPS
    therapist = state.therapist
    client = state.client
    for _ in range(STEPS):
        halfway_therapist = therapist + 0.5 * step * speed_therapist(therapist, client, p)
        halfway_client = client + 0.5 * step * speed_client(therapist, client, p)
        therapist += step * speed_therapist(halfway_therapist, halfway_client, p)
        client += step * speed_client(halfway_therapist, halfway_client, p)
        therapist = clip(therapist, -FURTHEST, FURTHEST)
        client = clip(client, -FURTHEST, FURTHEST)
    return States(therapist, client)


def begin(client: ClientTraits, _distress: float, _style: float, p: Any) -> States:
    """Begin at the traits; a client readier to trust begins above, another below."""
    return States(
        p.trait_therapist,
        p.trait_client + p.first_state_trust * (client.propensity_to_trust - 0.5),
    )


def session(
    _client: ClientTraits, state: States, _therapist: Presence, draws: SessionDraws, p: Any
) -> States:
    """Let both act on each other for a session; then chance moves the client."""
    after = session_course(state, p)
    return States(after.therapist, after.client + p.state_noise * draws.fluctuation)


def measured(
    client: ClientTraits,
    state: States,
    before: DyadState,
    _therapist: Presence,
    draws: SessionDraws,
    p: Any,
) -> Measured:
    """The client's state is rated as alliance, the therapist's as empathy; distress falls with the alliance."""
    allied = logistic(p.state_reading * state.client)
    gain = 2.0 * client.responsiveness * (p.common_change + p.state_effect * (allied - 0.5))
    after = outcome_of(gain, allied, client, before, draws, p)
    empathy = logistic(p.state_reading * state.therapist)
    return one_relationship(allied, empathy, after.distress, after.level, after.satisfaction)


class TschacherHaken(Parameters):
    """The minimal model of Tschacher and Haken."""

    dyad: ClassVar[DyadModel] = DyadModel(States, begin, session, measured)

    return_therapist: float = number(
        1.0,
        0.01,
        20,
        "One over the therapist's relaxation time.",
        unit="per unit of time",
        source=SOURCE,
    )
    return_client: float = number(
        1.0,
        0.01,
        20,
        "One over the client's relaxation time.",
        unit="per unit of time",
        source=SOURCE,
    )
    trait_therapist: float = number(
        1.0, -5, 5, "The state to which the therapist returns.", unit="state", source=SOURCE
    )
    trait_client: float = number(
        0.2, -5, 5, "The state to which the client returns.", unit="state", source=SOURCE
    )
    coupling_therapist: float = number(
        -1.0,
        -10,
        10,
        "What the client's state does to the therapist's.",
        unit="per unit of time",
        source=SOURCE,
    )
    coupling_client: float = number(
        1.0,
        -10,
        10,
        "What the therapist's state does to the client's.",
        unit="per unit of time",
        source=SOURCE,
    )
    session_time: float = number(
        0.4, 0, 5, "How long a session is in the equations' time.", unit="units of time", source=OWN
    )
    first_state_trust: float = number(
        1.5,
        0,
        20,
        "How much readiness to trust lifts the client's first state.",
        unit="state per unit",
        source=OWN,
    )
    state_noise: float = number(
        0.2,
        0,
        5,
        "Spread of what chance does to the client's state in a session.",
        unit="state",
        source=OWN,
    )
    state_reading: float = number(
        1.5,
        0,
        10,
        "How steeply ratings of the relationship follow a state.",
        unit="logit per unit",
        source=OWN,
    )
    state_effect: float = number(
        0.1,
        -1,
        1,
        "Share of distress that a full alliance takes away in a session.",
        unit="share",
        source=OWN,
    )


SETTING = TschacherHaken
