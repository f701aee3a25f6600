"""The end of a week and of follow-up, compiled: what happened, who leaves the pool, what is reported last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUS_OF_ENDING, STATUSES
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.engine.kernels import draw, last_report_block, week_block
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
def write_client(client_rows: Array, row: int, block: Block, i: int) -> None:
    """Write down how a client's therapy went."""
    client_rows[row].sessions = block.when[i]
    client_rows[row].preference_match = block.match[i]
    client_rows[row].distress_last = block.distress[i]
    client_rows[row].satisfaction_last = block.satisfaction[i]
    client_rows[row].ruptures = int(block.ruptures[i])
    client_rows[row].ruptures_noticed = int(block.ruptures_noticed[i])
    client_rows[row].ruptures_repaired = int(block.ruptures_repaired[i])
    client_rows[row].boundary_tests = int(block.boundary_tests[i])
    client_rows[row].boundary_crossings = int(block.crossings[i])


@compiled
def write_session(session_rows: Array, row: int, block: Block, i: int, week: int) -> None:
    """Write down one session."""
    session_to_row(session_rows, row, block, i)
    session_rows[row].replicate = block.replicate[i]
    session_rows[row].client = block.who[i]
    session_rows[row].therapist = block.therapist[i]
    session_rows[row].week = week
    session_rows[row].session = block.when[i]
    session_rows[row].rupture = int(block.rupture[i])
    session_rows[row].rupture_noticed = int(block.noticed[i])
    session_rows[row].rupture_repaired = int(block.repaired[i])
    session_rows[row].boundary_event = int(block.boundary_event[i])


@compiled
def finish_sessions(work: Workspace, rows: Rows, lanes: int) -> int:
    """Write down the week's sessions, remove ended dyads, and return the number that stay in the pool.

    Goes from the last lane to the first, so the dyad that fills a gap has been looked at already.
    """
    dyads, words = work.dyads, work.dyad_words
    running, caseloads = work.clinics.running, work.clinics.caseloads
    client_rows, session_rows, begins = rows.clients, rows.sessions, rows.begins
    recording = len(begins) > 0
    for b in range((lanes + LANES - 1) // LANES - 1, -1, -1):
        block = dyads[b]
        for i in range(min(LANES, lanes - b * LANES) - 1, -1, -1):
            if block.due[i] == 0:
                continue
            c = block.clinic[i]
            if recording:
                row = running[c].first_client + block.who[i]
                place = begins[row] + block.when[i] - 1
                write_session(session_rows, place, block, i, running[c].week)
            ending = int(block.ending[i])
            if ending > 0:
                row = running[c].first_client + block.who[i]
                write_client(client_rows, row, block, i)
                client_rows[row].status = STATUS_AFTER[ending]
                client_rows[row].week_ended = running[c].week
                running[c].ended += 1
                caseloads[c, block.therapist[i]] -= 1
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
            row = first_row + block.who[i]
            write_client(client_rows, row, block, i)
            client_rows[row].status = IN_TREATMENT
            client_rows[row].week_ended = -1
            lanes -= 1
            for field in range(CARRIED):
                words[lane // LANES, field, i] = words[lanes // LANES, field, lanes % LANES]
    return lanes


@compiled
def gather_skills(therapists: Array, skills: Array, c: int, ties: Ties) -> None:
    """Sum, for each therapist of running clinic c, the skill gained by those tied to them."""
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
def close_week(therapists: Array, numbers: Array) -> None:
    """Update all therapists after the week, and clear the strain they carried."""
    for b in range(len(therapists)):
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
            row = clinic.first_client + start + i
            block.replicate[i] = clinic.replicate
            block.who[i] = start + i
            block.when[i] = client_rows[row].sessions
            rater_from_row(client_rows, row, block, i)
            block.distress[i] = client_rows[row].distress_last
            block.satisfaction[i] = client_rows[row].satisfaction_last
        draw(block, key, LAST_REPORT_PLAN)
        last_report_block(block, numbers)
        for i in range(inside):
            row = clinic.first_client + start + i
            came = client_rows[row].sessions > 0
            client_rows[row].core_10_last = block.core_10[i] if came else float("nan")
            client_rows[row].csq_8_last = block.csq_8[i] if came else float("nan")


@compiled
def finish_therapists(
    clinic: Record, therapists: Array, therapist_rows: Array, c: int, team: int
) -> None:
    """Write down how the therapists of running clinic c are at the end of follow-up."""
    for therapist in range(team):
        lane = c * team + therapist
        block = therapists[lane // LANES]
        i = lane % LANES
        row = clinic.first_therapist + therapist
        therapist_rows[row].fatigue_mean = block.fatigue_sum[i] / clinic.week
        therapist_rows[row].fatigue_last = block.fatigue[i]
        therapist_rows[row].skill_gain = block.skill[i]
        therapist_rows[row].clients_seen = block.clients_seen[i]
        therapist_rows[row].ties = block.ties[i]
