"""One week of the clinic: arrivals, waiting, assignment, and what the week does to the therapists.

Small pure functions that the Mesa model and the engine both call; each of the two has its own records.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from simulation.coefficients import assignment_code
from simulation.equation import equation
from simulation.equations import boundaries as b
from simulation.equations import therapist as t
from simulation.equations.alliance import preference_match
from simulation.equations.change import distress_while_waiting
from simulation.equations.ending import AFTER_VIOLATION, AT_LIMIT, BY_DROPOUT, BY_PLAN
from simulation.randomness import Stream, uniforms
from simulation.states import Presence, TherapistState, TherapistTraits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.coefficients import Coefficients
    from simulation.parameters import Parameters
    from simulation.randomness import Key

__all__ = [
    "STATUSES",
    "STATUS_OF_ENDING",
    "STRAIN_UNIT",
    "arrival_week",
    "assignment_draw",
    "choose_therapist",
    "distress_after_waiting",
    "gives_up_waiting",
    "is_due",
    "is_skill_gained",
    "presence",
    "therapist_after_week",
]

ARRIVAL = int(Stream.ARRIVAL)
ASSIGNMENT = int(Stream.ASSIGNMENT)
WAITING = int(Stream.WAITING)

RANDOM = assignment_code("random")
PREFERENCE_MATCH = assignment_code("preference_match")

STATUSES = (
    "waiting",
    "in_treatment",
    "completed",
    "dropped_out",
    "session_limit",
    "boundary_violation",
    "never_started",
)
"""Where a client stands; tables and compiled code have its place here."""

STATUS_OF_ENDING: Mapping[float, str] = MappingProxyType(
    {
        BY_PLAN: "completed",
        BY_DROPOUT: "dropped_out",
        AT_LIMIT: "session_limit",
        AFTER_VIOLATION: "boundary_violation",
    }
)
"""The status after each ending, by its code in `simulation.equations.ending`; any other goes on."""

STRAIN_UNIT = 2.0**32
"""Strain of a caseload is summed in whole units of 2^-32, so that the sum does not depend on its order."""

NOBODY = -1
"""In the place of a therapist's number: nobody has room."""


@equation
def arrival_week(key: Key, client: int, p: Parameters) -> int:
    """Week in which client number `client` asks for therapy: one after the other, at a steady rate."""
    jitter, _, _, _ = uniforms(key, client, 0, ARRIVAL)
    return int((client + jitter) / p.arrivals_per_week)


@equation
def gives_up_waiting(key: Key, client: int, week: int, p: Parameters) -> bool:
    """Tell whether a client on the waiting list gives up in this week."""
    draw, _, _, _ = uniforms(key, client, week, WAITING)
    return draw < p.waiting_loss


@equation
def distress_after_waiting(severity: float, weeks: int, support: float, p: Parameters) -> float:
    """Distress at the first session, after `weeks` weeks on the waiting list (F87)."""
    distress = severity
    for _ in range(weeks):
        distress = distress_while_waiting(distress, support, p)
    return distress


@equation
def is_due(week: int, week_started: int, interval: int) -> bool:
    """Tell whether a dyad that began in `week_started` holds a session in this week."""
    return interval == 1 or (week - week_started) % interval == 0


@equation
def assignment_draw(key: Key, client: int) -> float:
    """Return what client number `client` draws for `choose_therapist`: uniform on (0, 1)."""
    draw, _, _, _ = uniforms(key, client, 0, ASSIGNMENT)
    return draw


@equation
def choose_therapist(
    draw: float,
    preference: float,
    caseloads: Sequence[int],
    styles: Sequence[float],
    p: Coefficients,
) -> int:
    """Return the number of the therapist with room who takes this client, or -1 if nobody has room.

    Ties go to the first one counted from a random start, which the client's `draw` decides.
    """
    team = len(caseloads)
    with_room = 0
    for therapist in range(team):
        if caseloads[therapist] < p.caseload_cap:
            with_room += 1
    if with_room == 0:
        return NOBODY
    skip = int(draw * with_room)
    first = 0 if p.assignment_code == RANDOM else int(draw * team)
    best = NOBODY
    best_score = -1.0e300
    for step in range(team):
        therapist = first + step
        if therapist >= team:
            therapist -= team
        if caseloads[therapist] >= p.caseload_cap:
            continue
        if p.assignment_code == RANDOM:
            if skip == 0:
                return therapist
            skip -= 1
            continue
        score = -1.0 * caseloads[therapist]
        if p.assignment_code == PREFERENCE_MATCH:
            score = preference_match(preference, styles[therapist])
        if score > best_score:
            best = therapist
            best_score = score
    return best


@equation
def presence(traits: TherapistTraits, state: TherapistState, p: Parameters) -> Presence:
    """Return the therapist as clients meet them this week."""
    boundary = b.effective_boundary(traits.boundary, p)
    porosity, rigidity = b.looseness(boundary, p)
    yields, rebuffs = b.answers_to_test(boundary, state.fatigue, p)
    return Presence(
        t.empathy_logit(traits.empathy, state.fatigue, state.skill, p),
        traits.acceptance,
        t.collaboration_now(traits.collaboration, state.skill, p),
        porosity,
        rigidity,
        yields,
        rebuffs,
        t.noticing(state.fatigue, state.skill, p),
        t.repairing(traits.repair_skill, state.skill, p),
        traits.style,
        traits.rating_habit,
        p.retention_spread * traits.retention,
    )


@equation
def is_skill_gained(p: Parameters) -> bool:
    """Tell whether therapists gain skill; if not, they all keep none, and do not change each other."""
    return p.practice_effect * p.deliberate_practice > 0.0 or p.experience_effect > 0.0


@equation
def therapist_after_week(
    state: TherapistState,
    caseload: int,
    strain_units: int,
    skill_around: float,
    ties: int,
    p: Parameters,
) -> TherapistState:
    """Fatigue and skill after a week of sessions, supervision and practice.

    Parameters
    ----------
    state
        Before.
    caseload
        Clients in treatment this week.
    strain_units
        What is carried of them after the week's sessions, summed, in `STRAIN_UNIT`.
    skill_around
        Skill gained by the colleagues tied to this therapist in the supervision network, summed.
    ties
        How many colleagues.
    p
        Parameters of the model.
    """
    carries = strain_units / STRAIN_UNIT / caseload if caseload > 0 else 0.0
    around = skill_around / ties if ties > 0 else 0.0
    supervised = 1.0 if ties > 0 else 0.0
    return TherapistState(
        t.fatigue_after_week(state.fatigue, 1.0 * caseload, carries, supervised, p),
        t.skill_after_week(state.skill, 1.0 * caseload, around, supervised, p),
    )
