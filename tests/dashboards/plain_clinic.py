"""A whole clinic in plain functions of the translated subset, to see golden runs come out of JavaScript.

The week is that of `simulation.plain.clinic.PlainClinic.pass_week`; all that is calculated is the model's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.clinic import (
    STRAIN_UNIT,
    arrival_week,
    assignment_draw,
    choose_therapist,
    distress_after_waiting,
    gives_up_waiting,
    is_due,
    presence,
    therapist_after_week,
)
from simulation.equations.ending import GOES_ON
from simulation.equations.therapist import carried
from simulation.instruments import SessionReports, draw_reports, report_session
from simulation.population import draw_client, draw_therapist
from simulation.session import begin_therapy, draw_session, hold_session

if TYPE_CHECKING:
    from simulation.coefficients import Coefficients
    from simulation.randomness import Key
    from simulation.states import (
        ClientTraits,
        DyadState,
        Presence,
        Rater,
        SessionEvents,
        TherapistState,
        TherapistTraits,
    )

__all__ = ["Clinic", "Held", "TherapistRow", "run_clinic"]


class Held(NamedTuple):
    """One session held."""

    client: int
    therapist: int
    week: int
    session: int
    after: DyadState
    events: SessionEvents
    reports: SessionReports


class TherapistRow(NamedTuple):
    """What became of a therapist."""

    traits: TherapistTraits
    fatigue_mean: float
    fatigue_last: float
    skill_gain: float
    clients_seen: int
    ties: int


class Clinic(NamedTuple):
    """People by their numbers, and where they stand; the lists change from week to week."""

    key: Key
    p: Coefficients
    clients: list[ClientTraits]
    raters: list[Rater]
    arrived: list[int]
    states: list[DyadState]
    started: list[int]
    sessions: list[int]
    team: list[TherapistTraits]
    weekly: list[TherapistState]
    caseloads: list[list[int]]
    seen: list[int]


def open_clinic(key: Key, p: Coefficients) -> Clinic:
    """Return a clinic before its first week."""
    people = [draw_client(key, client, p) for client in range(int(p.clients))]
    team = [draw_therapist(key, therapist, p) for therapist in range(int(p.therapists))]
    empty: list[int] = []
    return Clinic(
        key,
        p,
        [traits for traits, _, _ in people],
        [rater for _, rater, _ in people],
        [arrival_week(key, client, p) for client in range(len(people))],
        [begin_therapy(traits, traits.severity, 0.5, p) for traits, _, _ in people],
        [-1 for _ in people],
        [0 for _ in people],
        [traits for traits, _ in team],
        [state for _, state in team],
        [[*empty] for _ in team],
        [0 for _ in team],
    )


def intake(c: Clinic, waiting: list[int], week: int) -> list[int]:
    """Let those who wait give up or begin with a therapist who has room; return who still waits."""
    styles = [traits.style for traits in c.team]
    left: list[int] = []
    room = True
    for client in waiting:
        if week > c.arrived[client] and gives_up_waiting(c.key, client, week, c.p):
            continue
        number = -1
        if room:
            caseloads = [len(caseload) for caseload in c.caseloads]
            draw = assignment_draw(c.key, client)
            number = choose_therapist(draw, c.clients[client].preference, caseloads, styles, c.p)
            room = number >= 0
        if number < 0:
            left.append(client)
            continue
        traits, waited = c.clients[client], week - c.arrived[client]
        distress = distress_after_waiting(traits.severity, waited, traits.social_support, c.p)
        c.states[client] = begin_therapy(traits, distress, c.team[number].style, c.p)
        c.started[client] = week
        c.seen[number] += 1
        c.caseloads[number].append(client)
    return left


def meet(c: Clinic, client: int, therapist: int, present: Presence, week: int) -> Held:
    """Hold the next session of a client."""
    c.sessions[client] += 1
    session = c.sessions[client]
    draws = draw_session(c.key, client, session)
    after, events = hold_session(c.clients[client], c.states[client], present, draws, c.p)
    c.states[client] = after
    noise = draw_reports(c.key, client, session)
    reports = report_session(c.raters[client], present.habit, noise, after, events, c.p)
    return Held(client, therapist, week, session, after, events, reports)


def end_week(c: Clinic, met: list[list[int]], there: list[Presence], ties: list[list[int]]) -> None:
    """Let the week tire and teach the therapists."""
    skills = [state.skill for state in c.weekly]
    for therapist, state in enumerate([*c.weekly]):
        units = 0
        for client in met[therapist]:
            now = c.states[client]
            porosity = there[therapist].present_porosity
            units += int(carried(now.strain, now.dependency, porosity, c.p) * STRAIN_UNIT)
        around = 0.0
        for colleague in ties[therapist]:
            around += skills[colleague]
        c.weekly[therapist] = therapist_after_week(
            state, len(met[therapist]), units, around, len(ties[therapist]), c.p
        )


def run_clinic(
    key: Key, p: Coefficients, ties: list[list[int]]
) -> tuple[list[Held], list[TherapistRow]]:
    """Run a clinic from opening to the end of follow-up."""
    c = open_clinic(key, p)
    held: list[Held] = []
    waiting: list[int] = []
    tired = [0.0 for _ in c.team]
    week, came = 0, 0
    going = True
    while going:
        while came < len(c.clients) and c.arrived[came] <= week:
            waiting.append(came)
            came += 1
        waiting = intake(c, waiting, week)
        there = [presence(c.team[one], c.weekly[one], p) for one in range(len(c.team))]
        met = [[*caseload] for caseload in c.caseloads]
        for therapist, caseload in enumerate(met):
            for client in caseload:
                if is_due(week, c.started[client], int(p.session_interval)):
                    held.append(meet(c, client, therapist, there[therapist], week))
                    if held[-1].events.ending != GOES_ON:
                        c.caseloads[therapist] = [
                            one for one in c.caseloads[therapist] if one != client
                        ]
        end_week(c, met, there, ties)
        for therapist, state in enumerate(c.weekly):
            tired[therapist] += state.fatigue
        week += 1
        inside = sum(len(caseload) for caseload in c.caseloads)
        going = week < int(p.weeks) and (came < len(c.clients) or len(waiting) + inside > 0)
    rows = [
        TherapistRow(
            c.team[one],
            tired[one] / week,
            c.weekly[one].fatigue,
            c.weekly[one].skill,
            c.seen[one],
            len(ties[one]),
        )
        for one in range(len(c.team))
    ]
    return held, rows
