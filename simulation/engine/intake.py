"""Intake, compiled: who comes, who works here, who waits, who begins with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import (
    STATUSES,
    distress_after_waiting,
    gives_up_waiting,
    is_skill_gained,
)
from simulation.coefficients import unpack
from simulation.engine.assignment import choose_in_team, load_team, note_caseload, team_of
from simulation.engine.compilation import compiled
from simulation.engine.kernels import client_block, draw, rest_block, therapist_block
from simulation.engine.lanes import LANES, copy_lasting_presence
from simulation.engine.records import (
    client_from_row,
    client_to_row,
    therapist_from_row,
    therapist_to_row,
)
from simulation.randomness import Key, Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.engine.records import Rows
    from simulation.engine.workspace import Clinics, Workspace
    from simulation.network import Ties

    Array = NDArray[Any]
    Block = Any

__all__ = [
    "CLIENT_PLAN",
    "THERAPIST_PLAN",
    "begin_work",
    "draw_clients",
    "draw_team",
    "open_team",
    "open_week",
]

CLIENT_PLAN = np.array([Stream.ATTACHMENT, 4, 0, 16])
THERAPIST_PLAN = np.array([Stream.SKILL, 3, 0, 10])
"""What `draw` draws for whom; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""

IN_TREATMENT, NEVER_STARTED = STATUSES.index("in_treatment"), STATUSES.index("never_started")


@compiled
def draw_clients(
    clinics: Clinics, block: Block, client_rows: Array, c: int, key: Key, numbers: Array
) -> None:
    """Draw the clients of running clinic c, and the draws that will decide whom they are assigned to."""
    p = unpack(numbers)
    clients = int(p.clients)
    clinic = clinics.running[c]
    assignment_draws = clinics.assignment_draws
    for start in range(0, clients, LANES):
        for i in range(LANES):
            block.replicate[i] = clinic.replicate
            block.who[i] = start + i
            block.when[i] = 0
        draw(block, key, CLIENT_PLAN)
        client_block(block, key, numbers)
        for i in range(min(LANES, clients - start)):
            client = client_rows[clinic.first_client + start + i]
            client_to_row(client, block, i)
            client.core_10_intake = block.core_10[i]
            client.week_arrived = block.week_arrived[i]
            assignment_draws[c, start + i] = block.assignment_draw[i]
            client.week_started = -1
            client.week_ended = -1
            client.therapist = -1


@compiled
def draw_team(drawn: Block, block: Block, therapist_rows: Array, key: Key, numbers: Array) -> None:
    """Draw the therapists of all clinics, from that of `key` on.

    They are drawn in a block of clients: for another layout, `draw` would have to be compiled once more.
    """
    p = unpack(numbers)
    team = int(p.therapists)
    for start in range(0, len(therapist_rows), LANES):
        for i in range(LANES):
            drawn.replicate[i] = key.replicate + (start + i) // team
            drawn.who[i] = (start + i) % team
            drawn.when[i] = 0
        draw(drawn, key, THERAPIST_PLAN)
        for row in range(THERAPIST_PLAN[3]):
            for i in range(LANES):
                block.draws[row, i] = drawn.draws[row, i]
        therapist_block(block, numbers)
        for i in range(min(LANES, len(therapist_rows) - start)):
            therapist = therapist_rows[start + i]
            therapist_to_row(therapist, block, i)
            therapist.fatigue_last = block.fatigue[i]


@compiled
def begin_work(
    work: Workspace, therapist_rows: Array, c: int, therapist: int, ties: Ties, numbers: Array
) -> None:
    """Give a therapist of running clinic c a lane, after the weeks that have passed without clients."""
    clinic = work.clinics.running[c]
    begins = ties.begins
    lane = c * (len(begins) - 1) + clinic.at_work
    clinic.at_work += 1
    work.clinics.lanes[c, therapist] = lane
    work.clinics.at_work[lane // LANES] += 1
    block = work.therapists[lane // LANES]
    i = lane % LANES
    record = therapist_rows[clinic.first_therapist + therapist]
    therapist_from_row(record, block, i)
    block.present_style[i] = block.style[i]
    block.habit[i] = block.rating_habit[i]
    block.fatigue[i] = record.fatigue_last
    block.fatigue_sum[i] = 0.0
    block.ties[i] = begins[therapist + 1] - begins[therapist]
    if clinic.week > 0:
        resting = work.scratch_team[0]
        resting.ties[0] = block.ties[i]
        resting.fatigue[0] = block.fatigue[i]
        resting.fatigue_sum[0] = 0.0
        rest_block(resting, clinic.week, numbers)
        block.fatigue[i] = resting.fatigue[0]
        block.fatigue_sum[i] = resting.fatigue_sum[0]
    block.skill[i] = 0.0
    block.skill_around[i] = 0.0
    block.met[i] = 0
    block.strain_units[i] = 0
    block.clients_seen[i] = 0


@compiled
def open_team(work: Workspace, therapist_rows: Array, c: int, ties: Ties, numbers: Array) -> None:
    """Let the therapists of running clinic c be chosen from; those who gain skill are at work at once."""
    p = unpack(numbers)
    clinics = work.clinics
    team = team_of(clinics.team, c)
    first_row = clinics.running[c].first_therapist
    for therapist in range(len(team.order)):
        team.styles[therapist] = therapist_rows[first_row + therapist].style
        clinics.lanes[c, therapist] = -1
        if is_skill_gained(p):
            begin_work(work, therapist_rows, c, therapist, ties, numbers)
    load_team(team, p)


@compiled
def open_week(
    work: Workspace, rows: Rows, c: int, lanes: int, ties: Ties, key: Key, numbers: Array
) -> int:
    """Let clients arrive, wait, give up or be assigned; return the number of dyads in the pool."""
    p = unpack(numbers)
    clients = int(p.clients)
    clinics, dyads, therapists, client_rows = (
        work.clinics,
        work.dyads,
        work.therapists,
        rows.clients,
    )
    queue, assignment_draws = clinics.queue, clinics.assignment_draws
    team = team_of(clinics.team, c)
    clinic = clinics.running[c]
    own_key = Key(key.seed_low, key.seed_high, clinic.replicate)
    first_row = clinic.first_client
    week = clinic.week
    arrived = clinic.arrived
    waiting = clinic.waiting
    while arrived < clients and client_rows[first_row + arrived].week_arrived <= week:
        queue[c, waiting] = arrived
        waiting += 1
        arrived += 1
    room = True
    allotting = len(rows.allotted) > 0
    still_waiting = 0
    for place in range(waiting):
        client = queue[c, place]
        record = client_rows[first_row + client]
        came = record.week_arrived
        if week > came and gives_up_waiting(own_key, client, week, p):
            record.status = NEVER_STARTED
            record.week_ended = week
            clinic.ended += 1
            continue
        therapist = -1
        if allotting:
            therapist = rows.allotted[first_row + client]
            own = clinics.lanes[c, therapist]
            if own >= 0 and therapists[own // LANES].met[own % LANES] >= p.caseload_cap:
                therapist = -1
        elif room:
            preference = record.preference
            assignment_draw = assignment_draws[c, client]
            therapist = choose_in_team(assignment_draw, preference, team, p)
            room = therapist >= 0
        if therapist < 0:
            queue[c, still_waiting] = client
            still_waiting += 1
            continue
        if clinics.lanes[c, therapist] < 0:
            begin_work(work, rows.therapists, c, therapist, ties, numbers)
        lane = clinics.lanes[c, therapist]
        b, j = lane // LANES, lane % LANES
        colleague = therapists[b]
        colleague.met[j] += 1
        colleague.clients_seen[j] += 1
        note_caseload(team, therapist, colleague.met[j], p)
        block = dyads[lanes // LANES]
        i = lanes % LANES
        copy_lasting_presence(block, i, colleague, j)
        client_from_row(record, block, i)
        block.distress[i] = distress_after_waiting(
            record.severity, week - came, record.social_support, p
        )
        block.session[i] = -1.0
        block.replicate[i] = clinic.replicate
        block.who[i] = client
        block.when[i] = 0
        block.clinic[i] = c
        block.therapist[i] = therapist
        block.team_block[i] = b
        block.team_lane[i] = j
        block.week_started[i] = week
        block.ruptures[i] = 0.0
        block.ruptures_noticed[i] = 0.0
        block.ruptures_repaired[i] = 0.0
        block.boundary_tests[i] = 0.0
        record.therapist = therapist
        record.week_started = week
        record.status = IN_TREATMENT
        lanes += 1
    clinic.arrived = arrived
    clinic.waiting = still_waiting
    return lanes
