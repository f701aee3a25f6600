"""The stages of a session, in the order of the specification: from feeling safe to the ending.

Each stage is a pure function that returns what it changes of the dyad's state and what it leaves to the stages after
it. `simulation.session.hold_session` composes them for one dyad. The engine holds the sessions of a block of dyads
stage by stage, writing each stage's fields in place (`simulation.engine.holding`): a loop over one stage is short
enough for a processor to overlap several dyads, while in a loop over whole sessions every step waits for
the one before it.

Both come to the same because of one rule, to which a test holds every stage: no stage reads from the state a field
that a stage before it has changed. It takes the new value from that stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.equations import alliance as a
from simulation.equations import boundaries as b
from simulation.equations import change as c
from simulation.equations import ending as e
from simulation.equations import meeting as m
from simulation.equations import rupture as r
from simulation.numerics import where
from simulation.stage_results import (
    Agreement,
    Attunement,
    Bond,
    Change,
    Ending,
    Frame,
    Growth,
    Opening,
    Repair,
    Rupture,
    Trust,
)

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = [
    "agree",
    "attune",
    "bond_anew",
    "end_or_go_on",
    "fare",
    "grow",
    "hold_frame",
    "mend",
    "open_up",
    "tear",
    "trust_anew",
]


@equation
def open_up(client: ClientTraits, state: DyadState, therapist: Presence, p: Parameters) -> Opening:
    """How safe the client feels, and what is disclosed."""
    safe = m.safety(
        state.trust, state.strain, therapist.present_acceptance, therapist.present_clarity, p
    )
    return Opening(safe, m.disclosure(safe, client.attachment_avoidance, p))


@equation
def attune(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    opened: Opening,
    p: Parameters,
) -> Attunement:
    """Attunement, and what the session gives.

    What a session does to distress hangs on the alliance in which it is held, the one that the sessions before it
    made: alliance comes before change (F22, F53, F54).
    """
    attuned = m.attunement(
        therapist.empathy_logit, opened.disclosure, state.distress, draws.attunement, p
    )
    weighted = c.weighted_alliance(state.bond, state.task, state.goal, p)
    gain = c.session_gain(
        client.responsiveness,
        state.sensitivity,
        c.alliance_surplus(weighted, state.usual_alliance, p),
        opened.disclosure,
        state.agency,
        p,
    )
    return Attunement(
        attuned,
        m.perceived_empathy(attuned, state.trust, p),
        gain,
        a.towards(state.usual_alliance, weighted, p.usual_rate),
    )


@equation
def hold_frame(
    client: ClientTraits, state: DyadState, therapist: Presence, draws: SessionDraws, p: Parameters
) -> Frame:
    """What happens to the frame, and how many crossings there have been."""
    event = b.boundary_event(
        draws.test,
        draws.response,
        b.boundary_test_probability(state.dependency, client.attachment_anxiety, p),
        therapist.yields,
        therapist.rebuffs,
        b.violation_share(state.crossings, p),
    )
    return Frame(event, state.crossings + where(event == b.CROSSING, 1.0, 0.0))


@equation
def tear(
    client: ClientTraits,
    state: DyadState,
    draws: SessionDraws,
    attuned: Attunement,
    frame: Frame,
    p: Parameters,
) -> Rupture:
    """Whether there is a rupture, of which kind and how deep, and whether feedback warns."""
    rebuffed = where(frame.boundary_event == b.REBUFF, 1.0, 0.0)
    tension = r.rupture_probability(
        attuned.perceived_empathy,
        client.attachment_anxiety,
        rebuffed,
        state.strain,
        state.trust,
        p,
    )
    return Rupture(
        r.rupture_kind(draws.rupture, tension, state.confronting),
        r.rupture_depth(draws.rupture, tension),
        c.off_track(state.session + 1.0, state.distress, state.distress_at_start, p),
    )


@equation
def mend(
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    attuned: Attunement,
    torn: Rupture,
    p: Parameters,
) -> Repair:
    """Whether a rupture is noticed and repaired, and the strain that stays."""
    ruptured = where(torn.rupture > 0.5, 1.0, 0.0)
    withdrawn = where(torn.rupture == r.WITHDRAWAL, 1.0, 0.0)
    notice = r.notice_probability(
        attuned.attunement, withdrawn, torn.off_track, therapist.notices, p
    )
    noticed = where(draws.notice < notice, ruptured, 0.0)
    success = r.repair_probability(therapist.repairs, state.bond, p)
    repaired = where(draws.repair < success, noticed, 0.0)
    hurt = torn.depth * (1.0 - repaired)
    return Repair(noticed, repaired, hurt, r.strain_after(state.strain, hurt, repaired, p))


@equation
def trust_anew(
    state: DyadState,
    therapist: Presence,
    attuned: Attunement,
    frame: Frame,
    mended: Repair,
    p: Parameters,
) -> Trust:
    """Trust after the session."""
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    felt = a.experience(
        attuned.perceived_empathy, therapist.present_acceptance, therapist.present_clarity, p
    )
    return Trust(a.trust_after(state.trust, felt, mended.hurt, mended.repaired, violated, p))


@equation
def bond_anew(
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    attuned: Attunement,
    frame: Frame,
    mended: Repair,
    trusting: Trust,
    p: Parameters,
) -> Bond:
    """The bond moves towards what sustains it; a rupture and a crossing move it further."""
    crossed = where(frame.boundary_event == b.CROSSING, 1.0, 0.0)
    sustained = a.bond_sustained(
        trusting.trust,
        attuned.perceived_empathy,
        therapist.present_acceptance,
        state.relief,
        mended.strain,
        state.disposition,
        draws.fluctuation,
        p,
    )
    moved = a.after_rupture(a.towards(state.bond, sustained, p.alliance_rate), mended.hurt, p)
    return Bond(a.bond_with_crossing(moved, crossed, draws.crossing, p))


@equation
def agree(
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    torn: Rupture,
    mended: Repair,
    trusting: Trust,
    p: Parameters,
) -> Agreement:
    """Agreement on tasks and goals moves towards what sustains it; a rupture lowers it."""
    task = a.task_sustained(
        therapist.present_collaboration,
        state.agency,
        state.relief,
        mended.strain,
        state.disposition,
        torn.off_track,
        draws.fluctuation,
        p,
    )
    goal = a.goal_sustained(
        therapist.present_collaboration,
        state.agency,
        trusting.trust,
        mended.strain,
        state.disposition,
        torn.off_track,
        draws.fluctuation,
        p,
    )
    return Agreement(
        a.after_rupture(a.towards(state.task, task, p.alliance_rate), mended.hurt, p),
        a.after_rupture(a.towards(state.goal, goal, p.alliance_rate), mended.hurt, p),
    )


@equation
def grow(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    frame: Frame,
    bonded: Bond,
    agreed: Agreement,
    p: Parameters,
) -> Growth:
    """Agency and dependency after the session, with the alliance it made."""
    agency = a.agency_after(
        state.agency,
        therapist.present_collaboration,
        a.alliance(bonded.bond, agreed.task, agreed.goal),
        client.motivation,
        state.dependency,
        p,
    )
    dependency = a.dependency_after(
        state.dependency,
        client.attachment_anxiety,
        bonded.bond,
        client.social_support,
        where(frame.boundary_event == b.CROSSING, 1.0, 0.0),
        where(frame.boundary_event == b.HELD, 1.0, 0.0),
        p,
    )
    return Growth(agency, dependency)


@equation
def fare(
    client: ClientTraits,
    state: DyadState,
    draws: SessionDraws,
    attuned: Attunement,
    frame: Frame,
    bonded: Bond,
    agreed: Agreement,
    p: Parameters,
) -> Change:
    """Distress, relief and satisfaction after the session."""
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    distress = c.distress_after_session(
        state.distress, attuned.gain, client.social_support, draws.life, violated, p
    )
    satisfied = c.satisfaction_target(
        a.alliance(bonded.bond, agreed.task, agreed.goal),
        state.distress_at_start - distress,
        state.match,
        p,
    )
    return Change(
        distress,
        c.relief_after(state.relief, state.distress, distress, p),
        a.towards(state.satisfaction, satisfied, p.satisfaction_rate),
    )


@equation
def end_or_go_on(
    client: ClientTraits,
    state: DyadState,
    draws: SessionDraws,
    frame: Frame,
    mended: Repair,
    bonded: Bond,
    agreed: Agreement,
    grown: Growth,
    changed: Change,
    p: Parameters,
) -> Ending:
    """The session counted, and whether and how therapy ends after it."""
    session = state.session + 1.0
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    calm = e.calm_sessions_after(state.calm_sessions, changed.distress, client.good_enough)
    dropout = e.dropout_probability(
        e.dropout_level(session, p),
        a.alliance(bonded.bond, agreed.task, agreed.goal),
        mended.strain,
        changed.distress,
        client.motivation,
        state.match,
        calm,
        p,
    )
    how = e.ending(
        draws.ending,
        dropout,
        e.planned_exit_probability(calm, grown.dependency, p),
        violated,
        session,
        p,
    )
    return Ending(session, calm, dropout, how)
