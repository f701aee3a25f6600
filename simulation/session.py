"""One session of one dyad: the composition of its stages, in the order of the specification.

`hold_session` is a pure function. Called from Python it is plain Python; the Mesa agents call the same through
a compiled entry point; the engine runs the same stages in vectorised loops. All three return the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation import stages as s
from simulation.equation import equation
from simulation.equations import alliance as a
from simulation.equations import change as c
from simulation.equations import rupture as r
from simulation.numerics import inverse_normal, logistic, where
from simulation.randomness import Stream, uniforms
from simulation.stages import Meeting
from simulation.states import (
    ClientTraits,
    DyadState,
    Presence,
    SessionDraws,
    SessionEvents,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from simulation.parameters import Parameters
    from simulation.randomness import Key

    SessionFunction: TypeAlias = Callable[
        [ClientTraits, DyadState, Presence, SessionDraws, Parameters],
        tuple[DyadState, SessionEvents],
    ]

__all__ = ["begin_therapy", "draw_session", "hold_session", "life_without_therapy"]

FRAME = int(Stream.FRAME)
RUPTURE = int(Stream.RUPTURE)
CHANGE = int(Stream.CHANGE)
OUTSIDE = int(Stream.OUTSIDE)
WEEKS_A_DRAW = 4
"""Weeks without therapy of which one group of draws decides."""


@equation
def draw_session(key: Key, client: int, session: int) -> SessionDraws:
    """Draw the randomness of session number `session` (from 1) of client number `client`."""
    test, response, crossing, ending = uniforms(key, client, session, FRAME)
    rupture, notice, repair, _ = uniforms(key, client, session, RUPTURE)
    attunement, life, fluctuation, _ = uniforms(key, client, session, CHANGE)
    return SessionDraws(
        test,
        response,
        crossing,
        ending,
        rupture,
        notice,
        repair,
        inverse_normal(attunement),
        inverse_normal(life),
        inverse_normal(fluctuation),
    )


@equation
def life_without_therapy(key: Key, client: int, week: int) -> float:
    """Draw what life does to a client in a week since intake (from 1) without therapy: standard normal."""
    a, b, c, d = uniforms(key, client, (week - 1) // WEEKS_A_DRAW, OUTSIDE)
    place = (week - 1) % WEEKS_A_DRAW
    first = where(place == 0, a, b)
    second = where(place == 2, c, d)
    return inverse_normal(where(place < 2, first, second))


@equation
def begin_therapy(client: ClientTraits, distress: float, style: float, p: Parameters) -> DyadState:
    """Return the state in which a client enters the first session with a therapist of this `style`.

    `distress` is what it has become while waiting.
    """
    match = a.preference_match(client.preference, style)
    lasting = a.disposition(
        client.attachment_anxiety,
        client.attachment_avoidance,
        client.propensity_to_trust,
        client.motivation,
        match,
        client.impression,
        p,
    )
    allied = logistic(p.start_base + lasting)
    agency = logistic(p.agency_base + p.agency_motivation * (client.motivation - 0.5))
    dependency = logistic(
        p.dependency_base
        + p.dependency_anxiety * (client.attachment_anxiety - 0.5)
        - p.dependency_support * (client.social_support - 0.5)
    )
    satisfaction = c.satisfaction_target(allied, 0.0, match, p)
    return DyadState(
        client.propensity_to_trust,
        allied,
        allied,
        allied,
        agency,
        dependency,
        0.0,
        distress,
        satisfaction,
        0.0,
        0.0,
        0.0,
        allied,
        distress,
        lasting,
        match,
        r.confrontation_share(client.attachment_anxiety, client.attachment_avoidance, p),
        c.sensitivity(
            client.alliance_sensitivity,
            client.attachment_anxiety,
            client.attachment_avoidance,
            client.severity,
            p,
        ),
        distress,
    )


@equation
def hold_session(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> tuple[DyadState, SessionEvents]:
    """Hold one session and return the dyad's new state and what happened; see `simulation.stages`.

    Parameters
    ----------
    client
        Traits of the client.
    state
        State of the dyad before the session.
    therapist
        The therapist as present this week.
    draws
        The randomness of this session, see `draw_session`.
    p
        Parameters of the model.
    """
    meeting = Meeting(client, state, therapist, draws)
    opening = s.open_up(meeting, p)
    attunement = s.attune(meeting, opening, p)
    frame = s.hold_frame(meeting, p)
    rupture = s.draw_rupture(meeting, attunement, frame, p)
    repair = s.attempt_repair(meeting, attunement, rupture, p)
    trust = s.update_trust(meeting, attunement, frame, repair, p)
    bond = s.update_bond(meeting, attunement, frame, repair, trust, p)
    agreement = s.update_agreement(meeting, rupture, repair, trust, bond, p)
    agency_dependency = s.update_agency_dependency(meeting, frame, bond, agreement, p)
    change = s.update_distress(meeting, attunement, frame, repair, agreement, p)
    ending = s.decide_ending(
        meeting, opening, frame, repair, agreement, agency_dependency, change, p
    )
    after = DyadState(
        trust.trust,
        bond.bond,
        agreement.task,
        agreement.goal,
        agency_dependency.agency,
        agency_dependency.dependency,
        repair.strain,
        change.distress,
        change.satisfaction,
        change.relief,
        ending.session,
        frame.crossings,
        attunement.usual_alliance,
        state.distress_at_start,
        state.disposition,
        state.match,
        state.confronting,
        state.sensitivity,
        change.distress_level,
    )
    events = SessionEvents(
        opening.safety,
        opening.disclosure,
        attunement.attunement,
        attunement.perceived_empathy,
        ending.dropout_probability,
        rupture.rupture,
        repair.noticed,
        repair.repaired,
        rupture.depth,
        frame.boundary_event,
        frame.porosity,
        frame.rigidity,
        ending.ending,
    )
    return after, events
