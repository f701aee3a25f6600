"""Intake, compiled: who comes, who works here, who waits, who begins with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import (
    STATUSES,
    choose_therapist,
    distress_after_waiting,
    gives_up_waiting,
)
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.engine.kernels import client_block, draw, therapist_block
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

    from simulation.engine.workspace import Clinics
    from simulation.network import Ties

    Array = NDArray[Any]
    Block = Any

__all__ = [
    "CLIENT_PLAN",
    "THERAPIST_PLAN",
    "draw_clients",
    "draw_team",
    "load_therapists",
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
            row = clinic.first_client + start + i
            client_to_row(client_rows, row, block, i)
            client_rows[row].core_10_intake = block.core_10[i]
            client_rows[row].week_arrived = block.week_arrived[i]
            assignment_draws[c, start + i] = block.assignment_draw[i]
            client_rows[row].week_started = -1
            client_rows[row].week_ended = -1
            client_rows[row].therapist = -1


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
            therapist_to_row(therapist_rows, start + i, block, i)
            therapist_rows[start + i].fatigue_last = block.fatigue[i]


@compiled
def load_therapists(
    clinics: Clinics, therapists: Array, therapist_rows: Array, c: int, ties: Ties
) -> None:
    """Load the therapists of running clinic c into their lanes, at the start of their work."""
    begins = ties.begins
    team = len(begins) - 1
    caseloads, styles = clinics.caseloads, clinics.styles
    for therapist in range(team):
        lane = c * team + therapist
        block = therapists[lane // LANES]
        i = lane % LANES
        row = clinics.running[c].first_therapist + therapist
        therapist_from_row(therapist_rows, row, block, i)
        block.present_style[i] = block.style[i]
        block.habit[i] = block.rating_habit[i]
        block.fatigue[i] = therapist_rows[row].fatigue_last
        block.skill[i] = 0.0
        block.fatigue_sum[i] = 0.0
        block.ties[i] = begins[therapist + 1] - begins[therapist]
        block.met[i] = 0
        block.strain_units[i] = 0
        block.clients_seen[i] = 0
        caseloads[c, therapist] = 0
        styles[c, therapist] = therapist_rows[row].style


@compiled
def open_week(
    clinics: Clinics,
    dyads: Array,
    therapists: Array,
    client_rows: Array,
    c: int,
    lanes: int,
    key: Key,
    numbers: Array,
) -> int:
    """Let clients arrive, wait, give up or be assigned; return the number of dyads in the pool."""
    p = unpack(numbers)
    clients = int(p.clients)
    team = int(p.therapists)
    queue, assignment_draws = clinics.queue, clinics.assignment_draws
    caseloads, styles = clinics.caseloads[c], clinics.styles[c]
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
    still_waiting = 0
    for place in range(waiting):
        client = queue[c, place]
        row = first_row + client
        came = client_rows[row].week_arrived
        if week > came and gives_up_waiting(own_key, client, week, p):
            client_rows[row].status = NEVER_STARTED
            client_rows[row].week_ended = week
            clinic.ended += 1
            continue
        therapist = -1
        if room:
            preference = client_rows[row].preference
            assignment_draw = assignment_draws[c, client]
            therapist = choose_therapist(assignment_draw, preference, caseloads, styles, p)
            room = therapist >= 0
        if therapist < 0:
            queue[c, still_waiting] = client
            still_waiting += 1
            continue
        caseloads[therapist] += 1
        lane = c * team + therapist
        team_block = therapists[lane // LANES]
        team_block.clients_seen[lane % LANES] += 1
        block = dyads[lanes // LANES]
        i = lanes % LANES
        copy_lasting_presence(block, i, team_block, lane % LANES)
        client_from_row(client_rows, row, block, i)
        block.distress[i] = distress_after_waiting(
            client_rows[row].severity, week - came, client_rows[row].social_support, p
        )
        block.session[i] = -1.0
        block.replicate[i] = clinic.replicate
        block.who[i] = client
        block.when[i] = 0
        block.clinic[i] = c
        block.therapist[i] = therapist
        block.team_block[i] = lane // LANES
        block.team_lane[i] = lane % LANES
        block.week_started[i] = week
        block.ruptures[i] = 0.0
        block.ruptures_noticed[i] = 0.0
        block.ruptures_repaired[i] = 0.0
        block.boundary_tests[i] = 0.0
        client_rows[row].therapist = therapist
        client_rows[row].week_started = week
        client_rows[row].status = IN_TREATMENT
        lanes += 1
    clinic.arrived = arrived
    clinic.waiting = still_waiting
    for therapist in range(team):
        lane = c * team + therapist
        therapists[lane // LANES].met[lane % LANES] = caseloads[therapist]
    return lanes
