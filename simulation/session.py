"""One session of one dyad: the composition of the equations, in the order of the specification.

`hold_session` is a pure function. Called from Python it is plain Python; the Mesa agents call the same through
a compiled entry point, the engine through a vectorised loop; all three return the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.compilation import equation
from simulation.equations import alliance as a
from simulation.equations import boundaries as b
from simulation.equations import change as c
from simulation.equations import ending as e
from simulation.equations import meeting as m
from simulation.equations import rupture as r
from simulation.numerics import inverse_normal, logistic, where
from simulation.randomness import Stream, uniforms
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

__all__ = ["begin_therapy", "draw_session", "hold_session"]

FRAME = int(Stream.FRAME)
RUPTURE = int(Stream.RUPTURE)
CHANGE = int(Stream.CHANGE)


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
    )


@equation
def hold_session(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> tuple[DyadState, SessionEvents]:
    """Hold one session and return the dyad's new state and what happened.

    What a session does to distress hangs on the alliance in which it is held, the one that the sessions before it
    made: alliance comes before change (F22, F53, F54).

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
    session = state.session + 1.0
    anxiety = client.attachment_anxiety

    # Safety, disclosure, attunement
    safe = m.safety(
        state.trust, state.strain, therapist.present_acceptance, therapist.present_clarity, p
    )
    disclosed = m.disclosure(safe, client.attachment_avoidance, p)
    attuned = m.attunement(therapist.empathy_logit, disclosed, state.distress, draws.attunement, p)
    perceived = m.perceived_empathy(attuned, state.trust, p)

    # The frame
    event = b.boundary_event(
        draws.test,
        draws.response,
        b.boundary_test_probability(state.dependency, anxiety, p),
        therapist.yields,
        therapist.rebuffs,
        b.violation_share(state.crossings, p),
    )
    held = where(event == b.HELD, 1.0, 0.0)
    crossed = where(event == b.CROSSING, 1.0, 0.0)
    rebuffed = where(event == b.REBUFF, 1.0, 0.0)
    violated = where(event == b.VIOLATION, 1.0, 0.0)

    # Rupture and repair
    off_track = c.off_track(session, state.distress, state.distress_at_start, p)
    tension = r.rupture_probability(perceived, anxiety, rebuffed, state.strain, state.trust, p)
    rupture = r.rupture_kind(draws.rupture, tension, state.confronting)
    ruptured = where(rupture > 0.5, 1.0, 0.0)
    withdrawn = where(rupture == r.WITHDRAWAL, 1.0, 0.0)
    notice = r.notice_probability(attuned, withdrawn, off_track, therapist.notices, p)
    noticed = where(draws.notice < notice, ruptured, 0.0)
    repair = r.repair_probability(therapist.repairs, state.bond, p)
    repaired = where(draws.repair < repair, noticed, 0.0)
    hurt = r.rupture_depth(draws.rupture, tension) * (1.0 - repaired)
    strain = r.strain_after(state.strain, hurt, repaired, p)

    # Trust and alliance
    felt = a.experience(perceived, therapist.present_acceptance, therapist.present_clarity, p)
    trust = a.trust_after(state.trust, felt, hurt, repaired, violated, p)
    bond = a.towards(
        state.bond,
        a.bond_sustained(
            trust,
            perceived,
            therapist.present_acceptance,
            state.relief,
            strain,
            state.disposition,
            draws.fluctuation,
            p,
        ),
        p.alliance_rate,
    )
    bond = a.bond_with_crossing(a.after_rupture(bond, hurt, p), crossed, draws.crossing, p)
    task = a.towards(
        state.task,
        a.task_sustained(
            therapist.present_collaboration,
            state.agency,
            state.relief,
            strain,
            state.disposition,
            off_track,
            draws.fluctuation,
            p,
        ),
        p.alliance_rate,
    )
    goal = a.towards(
        state.goal,
        a.goal_sustained(
            therapist.present_collaboration,
            state.agency,
            trust,
            strain,
            state.disposition,
            off_track,
            draws.fluctuation,
            p,
        ),
        p.alliance_rate,
    )
    task = a.after_rupture(task, hurt, p)
    goal = a.after_rupture(goal, hurt, p)
    allied = a.alliance(bond, task, goal)

    # Agency, dependency, change
    agency = a.agency_after(
        state.agency,
        therapist.present_collaboration,
        allied,
        client.motivation,
        state.dependency,
        p,
    )
    dependency = a.dependency_after(
        state.dependency, anxiety, bond, client.social_support, crossed, held, p
    )
    weighted = c.weighted_alliance(state.bond, state.task, state.goal, p)
    gain = c.session_gain(
        client.responsiveness,
        state.sensitivity,
        c.alliance_surplus(weighted, state.usual_alliance, p),
        disclosed,
        state.agency,
        p,
    )
    distress = c.distress_after_session(
        state.distress, gain, client.social_support, draws.life, violated, p
    )
    relief = c.relief_after(state.relief, state.distress, distress, p)
    satisfaction = a.towards(
        state.satisfaction,
        c.satisfaction_target(allied, state.distress_at_start - distress, state.match, p),
        p.satisfaction_rate,
    )

    # Ending
    calm = e.calm_sessions_after(state.calm_sessions, distress, client.good_enough)
    dropout = e.dropout_probability(
        e.dropout_level(session, p),
        allied,
        strain,
        distress,
        client.motivation,
        state.match,
        calm,
        p,
    )
    ending = e.ending(
        draws.ending,
        dropout,
        e.planned_exit_probability(calm, dependency, p),
        violated,
        session,
        p,
    )

    after = DyadState(
        trust,
        bond,
        task,
        goal,
        agency,
        dependency,
        strain,
        distress,
        satisfaction,
        relief,
        session,
        calm,
        state.crossings + crossed,
        a.towards(state.usual_alliance, weighted, p.usual_rate),
        state.distress_at_start,
        state.disposition,
        state.match,
        state.confronting,
        state.sensitivity,
    )
    events = SessionEvents(
        safe,
        disclosed,
        attuned,
        perceived,
        dropout,
        rupture,
        noticed,
        repaired,
        event,
        ending,
    )
    return after, events
