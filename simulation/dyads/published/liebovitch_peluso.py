"""Therapist and client pull at each other's affect: the dyad of Liebovitch, Peluso and others, in its parent form.

The parent form is that of Liebovitch, Naudot, Vallacher and others (2008), Physica A 387: 6360-6378, with a
hyperbolic tangent for the influence::

    dT/dt = inertia_therapist T + uninfluenced_therapist + influence_on_therapist tanh(C)
    dC/dt = inertia_client C + uninfluenced_client + influence_on_client tanh(T)

Liebovitch, Peluso, Norman and others (2011), Cognitive Neurodynamics 5: 265-275, doi:10.1007/s11571-011-9157-x, and
Peluso, Liebovitch, Gottman and others (2012), Psychotherapy Research 22: 40-55, study a dyad of this kind. Four
results that the second reports in words hold here, and are tested: who responds most to the other ends in the most
positive state; a client oscillates before the final state (where influences have opposite signs); a therapist who
begins in a negative state fails; influence and inertia stand in for each other. Their own influence functions and
figures are not claimed.

What a session is in the equations' time, noise, and what affect does to ratings and distress are this project's,
assumed and to be swept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from simulation.dyads.measured import Measured, one_relationship
from simulation.dyads.model import DyadModel
from simulation.dyads.outcome import outcome_of
from simulation.equation import equation
from simulation.numerics import logistic
from simulation.parameters import Parameters
from simulation.parameters.declaration import number

if TYPE_CHECKING:
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = [
    "SETTING",
    "Affects",
    "LiebovitchPeluso",
    "session_course",
    "speed_client",
    "speed_therapist",
]

SOURCE = "form: Liebovitch and others 2008, Physica A 387: 6360-6378; value: this project"
OWN = "this project"
STEPS = 8
"""Steps of a session."""


class Affects(NamedTuple):
    """What the dyad carries: the affect of both, 0 neutral, positive pleasant, without bounds."""

    therapist: float
    client: float


@equation
def tanh(x: float) -> float:
    """Return the hyperbolic tangent."""
    return 2.0 * logistic(2.0 * x) - 1.0


@equation
def speed_therapist(therapist: float, client: float, p: Any) -> float:
    """How fast the therapist's affect changes, in a unit of the equations' time."""
    speed: float = (
        p.inertia_therapist * therapist
        + p.uninfluenced_therapist
        + p.influence_on_therapist * tanh(client)
    )
    return speed


@equation
def speed_client(therapist: float, client: float, p: Any) -> float:
    """How fast the client's affect changes, in a unit of the equations' time."""
    speed: float = (
        p.inertia_client * client + p.uninfluenced_client + p.influence_on_client * tanh(therapist)
    )
    return speed


@equation
def session_course(state: Affects, p: Any) -> Affects:
    """Both affects after `session_time`, by the midpoint rule in `STEPS` steps."""
    step = p.session_time / STEPS
    therapist = state.therapist
    client = state.client
    for _ in range(STEPS):
        halfway_therapist = therapist + 0.5 * step * speed_therapist(therapist, client, p)
        halfway_client = client + 0.5 * step * speed_client(therapist, client, p)
        therapist += step * speed_therapist(halfway_therapist, halfway_client, p)
        client += step * speed_client(halfway_therapist, halfway_client, p)
    return Affects(therapist, client)


def begin(client: ClientTraits, _distress: float, _style: float, p: Any) -> Affects:
    """Begin with the therapist's usual affect, and the client's by how ready the client is to trust."""
    return Affects(
        p.first_therapist,
        p.first_client + p.first_client_trust * (client.propensity_to_trust - 0.5),
    )


def session(
    _client: ClientTraits, state: Affects, _therapist: Presence, draws: SessionDraws, p: Any
) -> Affects:
    """Let both influence each other for a session; then chance moves the client."""
    after = session_course(state, p)
    return Affects(after.therapist, after.client + p.affect_noise * draws.fluctuation)


def measured(
    client: ClientTraits,
    state: Affects,
    before: DyadState,
    _therapist: Presence,
    draws: SessionDraws,
    p: Any,
) -> Measured:
    """The client's affect is rated as alliance, the therapist's as empathy; distress falls with positive affect."""
    allied = logistic(p.affect_reading * state.client)
    gain = 2.0 * client.responsiveness * (p.common_change + p.affect_effect * tanh(state.client))
    after = outcome_of(gain, allied, client, before, draws, p)
    empathy = logistic(p.affect_reading * state.therapist)
    return one_relationship(allied, empathy, after.distress, after.level, after.satisfaction)


class LiebovitchPeluso(Parameters):
    """The dyad of Liebovitch and Peluso."""

    dyad: ClassVar[DyadModel] = DyadModel(Affects, begin, session, measured)

    inertia_therapist: float = number(
        -0.9,
        -10,
        -0.01,
        "How fast the therapist's affect fades.",
        unit="per unit of time",
        source=SOURCE,
    )
    inertia_client: float = number(
        -0.9,
        -10,
        -0.01,
        "How fast the client's affect fades.",
        unit="per unit of time",
        source=SOURCE,
    )
    uninfluenced_therapist: float = number(
        0.0,
        -5,
        5,
        "What moves the therapist's affect when alone.",
        unit="affect per unit of time",
        source=SOURCE,
    )
    uninfluenced_client: float = number(
        0.0,
        -5,
        5,
        "What moves the client's affect when alone.",
        unit="affect per unit of time",
        source=SOURCE,
    )
    influence_on_therapist: float = number(
        1.5,
        -10,
        10,
        "Influence of the client on the therapist.",
        unit="affect per unit of time",
        source=SOURCE,
    )
    influence_on_client: float = number(
        1.5,
        -10,
        10,
        "Influence of the therapist on the client.",
        unit="affect per unit of time",
        source=SOURCE,
    )
    session_time: float = number(
        0.4, 0, 5, "How long a session is in the equations' time.", unit="units of time", source=OWN
    )
    first_therapist: float = number(
        1.0, -5, 5, "The therapist's affect before the first session.", unit="affect", source=OWN
    )
    first_client: float = number(
        0.0,
        -5,
        5,
        "The affect of a client of middling readiness to trust.",
        unit="affect",
        source=OWN,
    )
    first_client_trust: float = number(
        3.0,
        0,
        20,
        "How much readiness to trust lifts the client's first affect.",
        unit="affect per unit",
        source=OWN,
    )
    affect_noise: float = number(
        0.2,
        0,
        5,
        "Spread of what chance does to the client's affect in a session.",
        unit="affect",
        source=OWN,
    )
    affect_reading: float = number(
        0.7,
        0,
        10,
        "How steeply ratings of the relationship follow affect.",
        unit="logit per unit",
        source=OWN,
    )
    affect_effect: float = number(
        0.03,
        -1,
        1,
        "Share of distress that full positive affect takes away in a session.",
        unit="share",
        source=OWN,
    )


SETTING = LiebovitchPeluso
