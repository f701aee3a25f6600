"""Intake, compiled: who comes, who works here, who waits, who begins with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import (
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

    Array = NDArray[Any]
    Block = Any

__all__ = ["CLIENT_PLAN", "THERAPIST_PLAN", "draw_clients", "draw_team", "open_week", "seat_team"]

CLIENT_PLAN = np.array([Stream.ATTACHMENT, 4, 0, 16])
THERAPIST_PLAN = np.array([Stream.SKILL, 3, 0, 9])
"""What `draw` draws for whom; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""

IN_TREATMENT, NEVER_STARTED = 1, 6
"""A status is a place in `clinic.STATUSES`."""


@compiled
def draw_clients(
    desk: Block,
    lots: Array,
    register: Array,
    first_row: int,
    clients: int,
    replicate: int,
    low: int,
    high: int,
    numbers: Array,
) -> None:
    """Enter the clients of a clinic into the register, and the lots they draw into `lots`."""
    for start in range(0, clients, LANES):
        for i in range(LANES):
            desk.replicate[i] = replicate
            desk.who[i] = start + i
            desk.when[i] = 0
        draw(desk, low, high, CLIENT_PLAN)
        client_block(desk, low, high, numbers)
        for i in range(min(LANES, clients - start)):
            row = first_row + start + i
            client_to_row(register, row, desk, i)
            register[row].core_10_intake = desk.core_10[i]
            register[row].week_arrived = desk.week_arrived[i]
            lots[start + i] = desk.lot[i]
            register[row].week_started = -1
            register[row].week_ended = -1
            register[row].therapist = -1


@compiled
def draw_team(
    desk: Block,
    bench: Block,
    staff: Array,
    team: int,
    first: int,
    low: int,
    high: int,
    numbers: Array,
) -> None:
    """Enter the therapists of all clinics from replicate `first` on into the list of staff."""
    for start in range(0, len(staff), LANES):
        for i in range(LANES):
            desk.replicate[i] = first + (start + i) // team
            desk.who[i] = (start + i) % team
            desk.when[i] = 0
        # Drawn at the clients' desk: for another layout, the kernel would have to be compiled once more.
        draw(desk, low, high, THERAPIST_PLAN)
        for row in range(THERAPIST_PLAN[3]):
            for i in range(LANES):
                bench.draws[row, i] = desk.draws[row, i]
        therapist_block(bench, numbers)
        for i in range(min(LANES, len(staff) - start)):
            therapist_to_row(staff, start + i, bench, i)
            staff[start + i].fatigue_last = bench.fatigue[i]


@compiled
def seat_team(
    s: int,
    members: Array,
    caseloads: Array,
    styles: Array,
    staff: Array,
    first_row: int,
    team: int,
    indptr: Array,
) -> None:
    """Seat the therapists of a clinic in the places of slot `s`."""
    for therapist in range(team):
        m = s * team + therapist
        block = members[m // LANES]
        i = m % LANES
        row = first_row + therapist
        therapist_from_row(staff, row, block, i)
        block.present_style[i] = block.style[i]
        block.habit[i] = block.rating_habit[i]
        block.fatigue[i] = staff[row].fatigue_last
        block.skill[i] = 0.0
        block.fatigue_sum[i] = 0.0
        block.ties[i] = indptr[therapist + 1] - indptr[therapist]
        block.met[i] = 0
        block.strain_units[i] = 0
        block.clients_seen[i] = 0
        caseloads[s, therapist] = 0
        styles[s, therapist] = staff[row].style


@compiled
def open_week(
    s: int,
    slots: Array,
    queue: Array,
    lots: Array,
    blocks: Array,
    lanes: int,
    members: Array,
    caseloads: Array,
    styles: Array,
    register: Array,
    first_row: int,
    low: int,
    high: int,
    numbers: Array,
) -> int:
    """Let clients arrive, wait, give up or be assigned; return the number of dyads in the pool."""
    p = unpack(numbers)
    week = slots[s].week
    replicate = slots[s].replicate
    key = Key(low, high, replicate)
    clients = int(p.clients)
    team = int(p.therapists)
    arrived = slots[s].arrived
    waiting = slots[s].waiting
    while arrived < clients and register[first_row + arrived].week_arrived <= week:
        queue[s, waiting] = arrived
        waiting += 1
        arrived += 1
    room = True
    kept = 0
    load = caseloads[s]
    style = styles[s]
    for place in range(waiting):
        client = queue[s, place]
        row = first_row + client
        came = register[row].week_arrived
        if week > came and gives_up_waiting(key, client, week, p):
            register[row].status = NEVER_STARTED
            register[row].week_ended = week
            slots[s].ended += 1
            continue
        therapist = -1
        if room:
            preference = register[row].preference
            therapist = choose_therapist(lots[s, client], preference, load, style, p)
            room = therapist >= 0
        if therapist < 0:
            queue[s, kept] = client
            kept += 1
            continue
        load[therapist] += 1
        m = s * team + therapist
        members[m // LANES].clients_seen[m % LANES] += 1
        block = blocks[lanes // LANES]
        i = lanes % LANES
        copy_lasting_presence(block, i, members[m // LANES], m % LANES)
        client_from_row(register, row, block, i)
        block.distress[i] = distress_after_waiting(
            register[row].severity, week - came, register[row].social_support, p
        )
        block.session[i] = -1.0
        block.replicate[i] = replicate
        block.who[i] = client
        block.when[i] = 0
        block.slot[i] = s
        block.therapist[i] = therapist
        block.team_block[i] = m // LANES
        block.team_lane[i] = m % LANES
        block.week_started[i] = week
        block.ruptures[i] = 0.0
        block.ruptures_noticed[i] = 0.0
        block.ruptures_repaired[i] = 0.0
        block.boundary_tests[i] = 0.0
        register[row].therapist = therapist
        register[row].week_started = week
        register[row].status = IN_TREATMENT
        lanes += 1
    slots[s].arrived = arrived
    slots[s].waiting = kept
    for therapist in range(team):
        m = s * team + therapist
        members[m // LANES].met[m % LANES] = load[therapist]
    return lanes
