"""The end of a week and of follow-up, compiled: what happened, who leaves the pool, what is reported last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUS_OF_ENDING, STATUSES
from simulation.coefficients import unpack
from simulation.engine.assignment import note_caseload, team_of
from simulation.engine.compilation import compiled
from simulation.engine.kernels import draw, last_report_block, rest_block, week_block
from simulation.engine.lanes import CARRIED, LANES
from simulation.engine.records import rater_from_row, session_to_row
from simulation.randomness import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.engine.records import Rows
    from simulation.engine.workspace import Workspace
    from simulation.network import Ties
    from simulation.randomness import Key

    Array = NDArray[Any]
    Block = Any
    Record = Any

__all__ = [
    "LAST_REPORT_PLAN",
    "assess",
    "censor",
    "close_week",
    "finish_clients",
    "finish_sessions",
    "finish_therapists",
    "gather_skills",
    "write_client",
    "write_session",
]

LAST_REPORT_PLAN = np.array([Stream.REPORT, 1, 1, 4])
"""What `draw` draws; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""

IN_TREATMENT = STATUSES.index("in_treatment")
STATUS_AFTER = tuple(
    STATUSES.index(STATUS_OF_ENDING.get(ending, "in_treatment"))
    for ending in range(len(STATUS_OF_ENDING) + 1)
)
"""The status after each ending: places in `clinic.STATUSES`, in the order of the codes of `equations.ending`."""


@compiled
def write_client(client: Record, block: Block, i: int) -> None:
    """Write down how a client's therapy went."""
    client.sessions = block.when[i]
    client.preference_match = block.match[i]
    client.distress_last = block.distress[i]
    client.satisfaction_last = block.satisfaction[i]
    client.ruptures = int(block.ruptures[i])
    client.ruptures_noticed = int(block.ruptures_noticed[i])
    client.ruptures_repaired = int(block.ruptures_repaired[i])
    client.boundary_tests = int(block.boundary_tests[i])
    client.boundary_crossings = int(block.crossings[i])


@compiled
def write_session(session: Record, block: Block, i: int, week: int) -> None:
    """Write down one session."""
    session_to_row(session, block, i)
    session.replicate = block.replicate[i]
    session.client = block.who[i]
    session.therapist = block.therapist[i]
    session.week = week
    session.session = block.when[i]
    session.rupture = int(block.rupture[i])
    session.rupture_noticed = int(block.noticed[i])
    session.rupture_repaired = int(block.repaired[i])
    session.boundary_event = int(block.boundary_event[i])


@compiled
def assess(rows: Rows, row: int, week: int, block: Block, i: int) -> None:
    """Note how distressed a client is after a session, for the assessments that are not over yet."""
    weeks, assessed = rows.assessment_weeks, rows.assessed
    passed = week - rows.clients[row].week_arrived
    for place in range(len(weeks)):
        if weeks[place] >= passed:
            assessed[row, place] = block.distress[i]
    assessed[row, len(weeks)] = block.distress_level[i]


@compiled
def finish_sessions(work: Workspace, rows: Rows, lanes: int, numbers: Array) -> int:
    """Write down the week's sessions, remove ended dyads, and return the number that stay in the pool.

    Goes from the last lane to the first, so the dyad that fills a gap has been looked at already.
    """
    p = unpack(numbers)
    dyads, words = work.dyads, work.dyad_words
    running, therapists = work.clinics.running, work.therapists
    client_rows, session_rows, begins = rows.clients, rows.sessions, rows.begins
    recording = len(begins) > 0
    assessing = len(rows.assessment_weeks) > 0
    for b in range((lanes + LANES - 1) // LANES - 1, -1, -1):
        block = dyads[b]
        for i in range(min(LANES, lanes - b * LANES) - 1, -1, -1):
            if block.due[i] == 0:
                continue
            c = block.clinic[i]
            if recording:
                row = running[c].first_client + block.who[i]
                place = begins[row] + block.when[i] - 1
                write_session(session_rows[place], block, i, running[c].week)
            if assessing:
                assess(rows, running[c].first_client + block.who[i], running[c].week, block, i)
            ending = int(block.ending[i])
            if ending > 0:
                client = client_rows[running[c].first_client + block.who[i]]
                write_client(client, block, i)
                client.status = STATUS_AFTER[ending]
                client.week_ended = running[c].week
                running[c].ended += 1
                team_block, lane = therapists[block.team_block[i]], block.team_lane[i]
                team_block.met[lane] -= 1
                note_caseload(
                    team_of(work.clinics.team, c), block.therapist[i], team_block.met[lane], p
                )
                lanes -= 1
                for field in range(CARRIED):
                    words[b, field, i] = words[lanes // LANES, field, lanes % LANES]
    return lanes


@compiled
def censor(work: Workspace, client_rows: Array, c: int, lanes: int) -> int:
    """End the follow-up of running clinic c, whoever is still in treatment; return the number left in the pool."""
    dyads, words = work.dyads, work.dyad_words
    first_row = work.clinics.running[c].first_client
    for lane in range(lanes - 1, -1, -1):
        block = dyads[lane // LANES]
        i = lane % LANES
        if block.clinic[i] == c:
            client = client_rows[first_row + block.who[i]]
            write_client(client, block, i)
            client.status = IN_TREATMENT
            client.week_ended = -1
            lanes -= 1
            for field in range(CARRIED):
                words[lane // LANES, field, i] = words[lanes // LANES, field, lanes % LANES]
    return lanes


@compiled
def gather_skills(therapists: Array, skills: Array, c: int, ties: Ties) -> None:
    """Sum, for each therapist of running clinic c, the skill gained by those tied to them; all are at work."""
    begins = ties.begins
    colleagues = ties.colleagues
    team = len(skills)
    gained = 0.0
    for therapist in range(team):
        lane = c * team + therapist
        skills[therapist] = therapists[lane // LANES].skill[lane % LANES]
        gained += skills[therapist]
    for therapist in range(team):
        around = 0.0
        if gained > 0.0:
            for tie in range(begins[therapist], begins[therapist + 1]):
                around += skills[colleagues[tie]]
        lane = c * team + therapist
        therapists[lane // LANES].skill_around[lane % LANES] = around


@compiled
def close_week(therapists: Array, at_work: Array, numbers: Array) -> None:
    """Update all therapists at work after the week, and clear the strain they carried."""
    for b in range(len(therapists)):
        if at_work[b] == 0:
            continue
        block = therapists[b]
        week_block(block, numbers)
        for i in range(LANES):
            block.strain_units[i] = 0


@compiled
def finish_clients(
    clinic: Record, block: Block, client_rows: Array, key: Key, numbers: Array
) -> None:
    """Collect the last questionnaires of a clinic's clients; those without a session filled in none."""
    p = unpack(numbers)
    clients = int(p.clients)
    for start in range(0, clients, LANES):
        inside = min(LANES, clients - start)
        for i in range(inside):
            client = client_rows[clinic.first_client + start + i]
            block.replicate[i] = clinic.replicate
            block.who[i] = start + i
            block.when[i] = client.sessions
            rater_from_row(client, block, i)
            block.distress[i] = client.distress_last
            block.satisfaction[i] = client.satisfaction_last
        draw(block, key, LAST_REPORT_PLAN)
        last_report_block(block, numbers)
        for i in range(inside):
            client = client_rows[clinic.first_client + start + i]
            came = client.sessions > 0
            client.core_10_last = block.core_10[i] if came else float("nan")
            client.csq_8_last = block.csq_8[i] if came else float("nan")


@compiled
def finish_therapists(
    work: Workspace, therapist_rows: Array, c: int, ties: Ties, numbers: Array
) -> None:
    """Write down how the therapists of running clinic c are at the end of follow-up."""
    clinic, lanes, begins = work.clinics.running[c], work.clinics.lanes, ties.begins
    resting = work.scratch_team[0]
    team = len(begins) - 1
    for start in range(0, team, LANES):
        inside = min(LANES, team - start)
        idle = 0
        for i in range(inside):
            therapist = start + i
            if lanes[c, therapist] < 0:
                idle += 1
            resting.fatigue[i] = therapist_rows[clinic.first_therapist + therapist].fatigue_last
            resting.fatigue_sum[i] = 0.0
            resting.skill[i] = 0.0
            resting.clients_seen[i] = 0
            resting.ties[i] = begins[therapist + 1] - begins[therapist]
        if idle > 0:
            rest_block(resting, clinic.week, numbers)
        for i in range(inside):
            record = therapist_rows[clinic.first_therapist + start + i]
            block, place = resting, i
            lane = lanes[c, start + i]
            if lane >= 0:
                block, place = work.therapists[lane // LANES], lane % LANES
                work.clinics.at_work[lane // LANES] -= 1
            record.fatigue_mean = block.fatigue_sum[place] / clinic.week
            record.fatigue_last = block.fatigue[place]
            record.skill_gain = block.skill[place]
            record.clients_seen = block.clients_seen[place]
            record.ties = resting.ties[i]
