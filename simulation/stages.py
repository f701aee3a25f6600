"""The stages of a session, in the order of the specification: from feeling safe to the ending.

Each stage is a pure function that returns what it changes of the dyad's state and what it leaves to the stages after
it. `simulation.session.hold_session` composes them for one dyad. The engine runs the sessions of a block of dyads
stage by stage, writing each stage's fields in place (`simulation.engine.holding`): a loop over one stage is short
enough for a processor to overlap several dyads, while in a loop over whole sessions every step waits for
the one before it.

Both give the same bits because of one rule, which a test checks for every stage: no stage reads from the state a
field that a stage before it has changed. It takes the new value from that stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation
from simulation.equations import alliance as a
from simulation.equations import boundaries as b
from simulation.equations import change as c
from simulation.equations import ending as e
from simulation.equations import meeting as m
from simulation.equations import rupture as r
from simulation.numerics import where
from simulation.stage_results import (
    AgencyDependency,
    Agreement,
    Attunement,
    Bond,
    Change,
    Ending,
    Frame,
    Opening,
    Repair,
    Rupture,
    Trust,
)

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

__all__ = [
    "Meeting",
    "attempt_repair",
    "attune",
    "decide_ending",
    "draw_rupture",
    "hold_frame",
    "open_up",
    "update_agency_dependency",
    "update_agreement",
    "update_bond",
    "update_distress",
    "update_trust",
]


class Meeting(NamedTuple):
    """What a session starts from: who meets, in what state, with which draws."""

    client: ClientTraits
    state: DyadState
    therapist: Presence
    draws: SessionDraws


@equation
def open_up(meeting: Meeting, p: Parameters) -> Opening:
    """How safe the client feels, and what is disclosed."""
    safe = m.safety(
        meeting.state.trust,
        meeting.state.strain,
        meeting.therapist.present_acceptance,
        meeting.therapist.present_rigidity,
        p,
    )
    return Opening(safe, m.disclosure(safe, meeting.client.attachment_avoidance, p))


@equation
def attune(meeting: Meeting, opening: Opening, p: Parameters) -> Attunement:
    """Attunement, and what the session gives.

    What a session does to distress depends on the alliance it starts from, the one that the sessions before it
    made: alliance comes before change (F22, F53, F54).
    """
    attuned = m.attunement(
        meeting.therapist.empathy_logit,
        opening.disclosure,
        meeting.state.distress,
        meeting.draws.attunement,
        p,
    )
    weighted = c.weighted_alliance(meeting.state.bond, meeting.state.task, meeting.state.goal, p)
    gain = c.session_gain(
        meeting.client.responsiveness,
        meeting.state.sensitivity,
        c.alliance_surplus(weighted, meeting.state.usual_alliance, p),
        opening.disclosure,
        meeting.state.agency,
        p,
    )
    return Attunement(
        attuned,
        m.perceived_empathy(attuned, meeting.state.trust, meeting.therapist.present_rigidity, p),
        gain,
        a.towards(meeting.state.usual_alliance, weighted, p.usual_rate),
    )


@equation
def hold_frame(meeting: Meeting, p: Parameters) -> Frame:
    """What happens to the frame, and how many crossings there have been."""
    event = b.boundary_event(
        meeting.draws.test,
        meeting.draws.response,
        b.boundary_test_probability(meeting.state.dependency, meeting.client.attachment_anxiety, p),
        meeting.therapist.yields,
        meeting.therapist.rebuffs,
        b.violation_share(meeting.state.crossings, p),
    )
    return Frame(
        event,
        meeting.state.crossings + where(event == b.CROSSING, 1.0, 0.0),
        b.after_event(meeting.therapist.present_porosity, event, b.CROSSING),
        b.after_event(meeting.therapist.present_rigidity, event, b.REBUFF),
    )


@equation
def draw_rupture(meeting: Meeting, attunement: Attunement, frame: Frame, p: Parameters) -> Rupture:
    """Whether there is a rupture, of which kind and how deep, and whether feedback warns."""
    rebuffed = where(frame.boundary_event == b.REBUFF, 1.0, 0.0)
    tension = r.rupture_probability(
        attunement.perceived_empathy,
        meeting.client.attachment_anxiety,
        rebuffed,
        where(frame.boundary_event == b.HELD, 1.0, 0.0),
        meeting.state.strain,
        meeting.state.trust,
        p,
    )
    return Rupture(
        r.rupture_kind(meeting.draws.rupture, tension, meeting.state.confronting),
        r.rupture_depth(meeting.draws.rupture, tension),
        c.off_track(
            meeting.state.session + 1.0, meeting.state.distress, meeting.state.distress_at_start, p
        ),
    )


@equation
def attempt_repair(
    meeting: Meeting, attunement: Attunement, rupture: Rupture, p: Parameters
) -> Repair:
    """Whether a rupture is noticed and repaired, and the strain that stays."""
    ruptured = where(rupture.rupture > 0.5, 1.0, 0.0)
    withdrawn = where(rupture.rupture == r.WITHDRAWAL, 1.0, 0.0)
    notice = r.notice_probability(
        attunement.attunement, withdrawn, rupture.off_track, meeting.therapist.notices, p
    )
    chance = r.taking_up(notice, ruptured, meeting.state.strain, p)
    taken_up = where(meeting.draws.notice < chance, 1.0, 0.0)
    success = r.repair_probability(meeting.therapist.repairs, meeting.state.bond, p)
    resolved = where(meeting.draws.repair < success, taken_up, 0.0)
    hurt = r.left_open(rupture.depth, taken_up, resolved, meeting.client.attachment_avoidance, p)
    return Repair(
        ruptured * taken_up,
        ruptured * resolved,
        taken_up,
        r.repair_size(resolved, rupture.depth, meeting.state.strain),
        hurt,
        r.strain_after(meeting.state.strain, hurt, resolved, p),
    )


@equation
def update_trust(
    meeting: Meeting, attunement: Attunement, frame: Frame, repair: Repair, p: Parameters
) -> Trust:
    """Trust moves towards what the session was like; rupture, repair and violation move it further."""
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    felt = a.experience(
        attunement.attunement,
        meeting.therapist.present_acceptance,
        (1.0 - frame.porosity) * (1.0 - frame.rigidity),
        p,
    )
    earned = repair.mended + where(frame.boundary_event == b.HELD, 1.0, 0.0)
    lost = repair.hurt + where(frame.boundary_event == b.REBUFF, 1.0, 0.0)
    return Trust(a.trust_after(meeting.state.trust, felt, earned, lost, violated, p))


@equation
def update_bond(
    meeting: Meeting,
    attunement: Attunement,
    frame: Frame,
    repair: Repair,
    trust: Trust,
    p: Parameters,
) -> Bond:
    """The bond moves towards what sustains it; a rupture and a crossing move it further."""
    crossed = where(frame.boundary_event == b.CROSSING, 1.0, 0.0)
    sustained = a.bond_sustained(
        trust.trust,
        attunement.perceived_empathy,
        meeting.therapist.present_acceptance,
        meeting.therapist.present_porosity,
        meeting.state.relief,
        repair.strain,
        a.inclination(meeting.state.disposition, meeting.draws.fluctuation, p),
        p,
    )
    moved = a.after_rupture(
        a.towards(meeting.state.bond, sustained, p.alliance_rate), repair.hurt, p
    )
    return Bond(
        a.bond_with_crossing(moved, crossed, meeting.draws.crossing, meeting.state.dependency, p)
    )


@equation
def update_agreement(
    meeting: Meeting, rupture: Rupture, repair: Repair, trust: Trust, bond: Bond, p: Parameters
) -> Agreement:
    """Agreement on tasks and goals moves towards what sustains it, a rupture lowers it; with it, the alliance."""
    inclined = a.inclination(meeting.state.disposition, meeting.draws.fluctuation, p)
    task = a.task_sustained(
        meeting.therapist.present_collaboration,
        meeting.state.agency,
        meeting.therapist.present_porosity,
        meeting.state.relief,
        repair.strain,
        inclined,
        rupture.off_track,
        p,
    )
    goal = a.goal_sustained(
        meeting.therapist.present_collaboration,
        meeting.state.agency,
        trust.trust,
        repair.strain,
        inclined,
        rupture.off_track,
        p,
    )
    tasks = a.after_rupture(a.towards(meeting.state.task, task, p.alliance_rate), repair.hurt, p)
    goals = a.after_rupture(a.towards(meeting.state.goal, goal, p.alliance_rate), repair.hurt, p)
    return Agreement(tasks, goals, a.alliance(bond.bond, tasks, goals))


@equation
def update_agency_dependency(
    meeting: Meeting, frame: Frame, bond: Bond, agreement: Agreement, p: Parameters
) -> AgencyDependency:
    """Agency and dependency after the session, with the alliance it made."""
    agency = a.agency_after(
        meeting.state.agency,
        meeting.therapist.present_collaboration,
        agreement.allied,
        meeting.client.motivation,
        meeting.state.dependency,
        frame.porosity,
        p,
    )
    dependency = a.dependency_after(
        meeting.state.dependency,
        meeting.client.attachment_anxiety,
        bond.bond,
        meeting.client.social_support,
        frame.porosity,
        where(frame.boundary_event == b.CROSSING, 1.0, 0.0),
        where(frame.boundary_event == b.HELD, 1.0, 0.0),
        p,
    )
    return AgencyDependency(agency, dependency)


@equation
def update_distress(
    meeting: Meeting,
    attunement: Attunement,
    frame: Frame,
    repair: Repair,
    agreement: Agreement,
    p: Parameters,
) -> Change:
    """Distress, relief and satisfaction after the session."""
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    level = c.level_after_session(
        meeting.state.distress_level,
        c.gain_at_work(attunement.gain, repair.taken_up, p),
        meeting.client.social_support,
        meeting.draws.life,
        violated,
        p,
    )
    distress = c.distress_after_session(
        meeting.state.distress, meeting.state.distress_level, level, meeting.draws.life, p
    )
    satisfied = c.satisfaction_target(
        agreement.allied,
        meeting.state.distress_at_start - distress,
        meeting.state.match,
        p,
    )
    return Change(
        distress,
        level,
        c.relief_after(meeting.state.relief, meeting.state.distress_level, level, p),
        a.towards(meeting.state.satisfaction, satisfied, p.satisfaction_rate),
    )


@equation
def decide_ending(
    meeting: Meeting,
    opening: Opening,
    frame: Frame,
    repair: Repair,
    agreement: Agreement,
    agency_dependency: AgencyDependency,
    change: Change,
    p: Parameters,
) -> Ending:
    """The session counted, and whether and how therapy ends after it."""
    session = meeting.state.session + 1.0
    violated = where(frame.boundary_event == b.VIOLATION, 1.0, 0.0)
    well = e.well_enough(
        change.distress_level,
        meeting.state.distress_at_start,
        meeting.client.good_enough,
        p,
    )
    dropout = e.dropout_probability(
        e.dropout_level(session, meeting.therapist.retains, p),
        e.dropout_push(repair.strain, change.distress, meeting.state.distress_at_start, well, p),
        agreement.allied,
        opening.safety,
        meeting.client.motivation,
        meeting.state.match,
        p,
    )
    how = e.ending(
        meeting.draws.ending,
        dropout,
        e.planned_exit_probability(well, agency_dependency.dependency, p),
        violated,
        session,
        p,
    )
    return Ending(session, dropout, how)
