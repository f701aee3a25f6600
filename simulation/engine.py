"""Many clinics at once, compiled: a pool of dyads in blocks of lanes, fed by clinics that run side by side.

Several clinics run in the slots of one working memory, each in its own week. Their dyads in treatment lie packed
together in blocks; a week's sessions are one pass over the blocks. A dyad that ends makes room for the last one;
a clinic that ends makes room for the next replicate. Draws are keyed by client and session, so where a dyad lies
and who its neighbours are cannot change what happens to it.

Here are the books only: who is where. What happens is in `simulation.kernels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import (
    STRAIN_UNIT,
    arrival_week,
    choose_therapist,
    distress_after_waiting,
    gives_up_waiting,
    is_due,
)
from simulation.coefficients import unpack
from simulation.compilation import compiled
from simulation.kernels import (
    begin_block,
    client_block,
    draw,
    hold_block,
    presence_block,
    report_block,
    settle_block,
    therapist_block,
    week_block,
)
from simulation.lanes import KEPT, LANES, presence_in, put_presence
from simulation.randomness import Key, Stream
from simulation.records import (
    client_from_row,
    client_to_row,
    rater_from_row,
    session_to_row,
    therapist_from_row,
    therapist_to_row,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = ["run_clinics"]

CLIENT_PLAN = np.array([Stream.ATTACHMENT, 4, 0, 16])
THERAPIST_PLAN = np.array([Stream.SKILL, 3, 0, 9])
SESSION_PLAN = np.array([Stream.FRAME, 3, 8, 11])
REPORT_PLAN = np.array([Stream.OCCASION, 3, 0, 12])
LAST_REPORT_PLAN = np.array([Stream.REPORT, 3, 0, 4])
"""What `draw` draws for whom; rows in the order of the fields of the draws, see `simulation.lanes`."""

IN_TREATMENT, NEVER_STARTED = 1, 6
STATUS_OF_ENDING = (1, 2, 3, 4, 5)
"""A status is a place in `clinic.STATUSES`; an ending is coded in `equations.ending`."""


@compiled
def draw_clients(
    desk: Block,
    register: Array,
    first_row: int,
    clients: int,
    replicate: int,
    low: int,
    high: int,
    numbers: Array,
) -> None:
    """Enter the clients of a clinic into the register."""
    p = unpack(numbers)
    key = Key(low, high, replicate)
    for start in range(0, clients, LANES):
        for i in range(LANES):
            desk.replicate[i] = replicate
            desk.who[i] = start + i
            desk.when[i] = 0
        draw(desk, low, high, CLIENT_PLAN)
        client_block(desk, numbers)
        for i in range(min(LANES, clients - start)):
            row = first_row + start + i
            client_to_row(register, row, desk, i)
            register[row].core_10_intake = desk.core_10[i]
            register[row].week_arrived = arrival_week(key, start + i, p)
            register[row].week_started = -1
            register[row].week_ended = -1
            register[row].therapist = -1


@compiled
def draw_team(
    bench: Block,
    staff: Array,
    first_row: int,
    team: int,
    replicate: int,
    low: int,
    high: int,
    numbers: Array,
) -> None:
    """Enter the therapists of a clinic into the list of staff."""
    for start in range(0, team, LANES):
        for i in range(LANES):
            bench.replicate[i] = replicate
            bench.who[i] = start + i
            bench.when[i] = 0
        draw(bench, low, high, THERAPIST_PLAN)
        therapist_block(bench, numbers)
        for i in range(min(LANES, team - start)):
            therapist_to_row(staff, first_row + start + i, bench, i)
            staff[first_row + start + i].fatigue_last = bench.fatigue[i]


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
            therapist = choose_therapist(key, client, preference, caseloads[s], styles[s], p)
            room = therapist >= 0
        if therapist < 0:
            queue[s, kept] = client
            kept += 1
            continue
        caseloads[s, therapist] += 1
        m = s * team + therapist
        members[m // LANES].clients_seen[m % LANES] += 1
        block = blocks[lanes // LANES]
        i = lanes % LANES
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
        block.member[i] = m
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
    return lanes


@compiled
def hold_week(
    lanes: int,
    begun: int,
    blocks: Array,
    slots: Array,
    members: Array,
    interval: int,
    low: int,
    high: int,
    numbers: Array,
    recording: bool,
) -> None:
    """Hold this week's sessions; dyads from lane `begun` on hold their first."""
    for b in range((lanes + LANES - 1) // LANES):
        block = blocks[b]
        for i in range(min(LANES, lanes - b * LANES)):
            m = block.member[i]
            put_presence(block, i, presence_in(members[m // LANES], m % LANES))
            week = slots[block.slot[i]].week
            due = 1 if is_due(week, block.week_started[i], interval) else 0
            block.due[i] = due
            block.when[i] += due
        if (b + 1) * LANES > begun:
            begin_block(block, numbers)
        draw(block, low, high, SESSION_PLAN)
        hold_block(block, numbers)
        if recording:
            draw(block, low, high, REPORT_PLAN)
            report_block(block, numbers)


@compiled
def write_client(register: Array, row: int, block: Block, i: int, status: int, week: int) -> None:
    """Enter how a client's therapy went into the register."""
    register[row].status = status
    register[row].week_ended = week
    register[row].sessions = block.when[i]
    register[row].preference_match = block.match[i]
    register[row].distress_last = block.distress[i]
    register[row].satisfaction_last = block.satisfaction[i]
    register[row].ruptures = int(block.ruptures[i])
    register[row].ruptures_noticed = int(block.ruptures_noticed[i])
    register[row].ruptures_repaired = int(block.ruptures_repaired[i])
    register[row].boundary_tests = int(block.boundary_tests[i])
    register[row].boundary_crossings = int(block.crossings[i])


@compiled
def write_session(history: Array, row: int, block: Block, i: int, week: int) -> None:
    """Enter one session into the history."""
    session_to_row(history, row, block, i)
    history[row].replicate = block.replicate[i]
    history[row].client = block.who[i]
    history[row].therapist = block.therapist[i]
    history[row].week = week
    history[row].session = block.when[i]
    history[row].rupture = int(block.rupture[i])
    history[row].rupture_noticed = int(block.noticed[i])
    history[row].rupture_repaired = int(block.repaired[i])
    history[row].boundary_event = int(block.boundary_event[i])


@compiled
def close_lanes(
    lanes: int,
    blocks: Array,
    words: Array,
    slots: Array,
    members: Array,
    caseloads: Array,
    register: Array,
    first: int,
    clients: int,
    history: Array,
    offsets: Array,
    recording: bool,
) -> int:
    """Book the week's sessions, let ended dyads go, and return the number that stay in the pool.

    Goes from the last lane to the first, so the dyad that fills a gap has been booked already.
    """
    for b in range((lanes + LANES - 1) // LANES - 1, -1, -1):
        block = blocks[b]
        for i in range(min(LANES, lanes - b * LANES) - 1, -1, -1):
            m = block.member[i]
            members[m // LANES].met[m % LANES] += 1
            members[m // LANES].strain_units[m % LANES] += int(block.strain[i] * STRAIN_UNIT)
            if block.due[i] == 0:
                continue
            s = block.slot[i]
            row = (block.replicate[i] - first) * clients + block.who[i]
            if recording:
                write_session(history, offsets[row] + block.when[i] - 1, block, i, slots[s].week)
            ending = int(block.ending[i])
            if ending > 0:
                write_client(register, row, block, i, STATUS_OF_ENDING[ending], slots[s].week)
                slots[s].ended += 1
                caseloads[s, block.therapist[i]] -= 1
                lanes -= 1
                for row in range(KEPT):
                    words[b, row, i] = words[lanes // LANES, row, lanes % LANES]
    return lanes


@compiled
def discharge(
    lanes: int, s: int, blocks: Array, words: Array, register: Array, first: int, clients: int
) -> int:
    """Take the dyads of slot `s` that are still in treatment out of the pool; return how many stay."""
    for lane in range(lanes - 1, -1, -1):
        block = blocks[lane // LANES]
        i = lane % LANES
        if block.slot[i] == s:
            row = (block.replicate[i] - first) * clients + block.who[i]
            write_client(register, row, block, i, IN_TREATMENT, -1)
            lanes -= 1
            for field in range(KEPT):
                words[lane // LANES, field, i] = words[lanes // LANES, field, lanes % LANES]
    return lanes


@compiled
def gather_skills(
    s: int, members: Array, skills: Array, team: int, indptr: Array, indices: Array
) -> None:
    """Sum, for each therapist of slot `s`, the skill gained by those tied to them."""
    for therapist in range(team):
        m = s * team + therapist
        skills[therapist] = members[m // LANES].skill[m % LANES]
    for therapist in range(team):
        around = 0.0
        for tie in range(indptr[therapist], indptr[therapist + 1]):
            around += skills[indices[tie]]
        m = s * team + therapist
        members[m // LANES].skill_around[m % LANES] = around


@compiled
def close_week(members: Array, numbers: Array) -> None:
    """Let the week work on all therapists, and clear their desks for the next."""
    for b in range(len(members)):
        block = members[b]
        week_block(block, numbers)
        for i in range(LANES):
            block.met[i] = 0
            block.strain_units[i] = 0


@compiled
def settle_clients(
    desk: Block,
    register: Array,
    first_row: int,
    clients: int,
    replicate: int,
    low: int,
    high: int,
    numbers: Array,
) -> None:
    """Collect the last questionnaires of a clinic's clients; who held no session filled in none."""
    for start in range(0, clients, LANES):
        inside = min(LANES, clients - start)
        for i in range(inside):
            row = first_row + start + i
            desk.replicate[i] = replicate
            desk.who[i] = start + i
            desk.when[i] = register[row].sessions
            rater_from_row(register, row, desk, i)
            desk.distress[i] = register[row].distress_last
            desk.satisfaction[i] = register[row].satisfaction_last
        draw(desk, low, high, LAST_REPORT_PLAN)
        settle_block(desk, numbers)
        for i in range(inside):
            row = first_row + start + i
            held = register[row].sessions > 0
            register[row].core_10_last = desk.core_10[i] if held else float("nan")
            register[row].csq_8_last = desk.csq_8[i] if held else float("nan")


@compiled
def settle_team(
    s: int, members: Array, staff: Array, first_row: int, team: int, weeks: int
) -> None:
    """Write down how the therapists of slot `s` ended."""
    for therapist in range(team):
        m = s * team + therapist
        block = members[m // LANES]
        i = m % LANES
        row = first_row + therapist
        staff[row].fatigue_mean = block.fatigue_sum[i] / weeks
        staff[row].fatigue_last = block.fatigue[i]
        staff[row].skill_gain = block.skill[i]
        staff[row].clients_seen = block.clients_seen[i]
        staff[row].ties = block.ties[i]


@compiled
def run_clinics(
    low: int,
    high: int,
    first: int,
    replicates: int,
    numbers: Array,
    indptr: Array,
    indices: Array,
    blocks: Array,
    words: Array,
    desk: Array,
    slots: Array,
    queue: Array,
    members: Array,
    bench: Array,
    skills: Array,
    caseloads: Array,
    styles: Array,
    register: Array,
    staff: Array,
    history: Array,
    offsets: Array,
    recording: bool,
) -> None:
    """Run the replicates from `first` to ``first + replicates - 1``, from opening to closing.

    All arrays are the caller's: working memory of `simulation.workspace`, the supervision network as a sparse
    matrix, and rows of `simulation.records` for the results.
    """
    p = unpack(numbers)
    clients = int(p.clients)
    team = int(p.therapists)
    interval = int(p.session_interval)
    horizon = int(p.weeks)
    opened = 0
    closed = 0
    lanes = int(indptr[0])  # 0, but not a constant: a constant would be compiled for twice
    for s in range(len(slots)):
        slots[s].running = 0
    while closed < replicates:
        begun = lanes
        for s in range(len(slots)):
            if slots[s].running == 0 and opened < replicates:
                replicate = first + opened
                draw_clients(
                    desk[0], register, opened * clients, clients, replicate, low, high, numbers
                )
                draw_team(bench[0], staff, opened * team, team, replicate, low, high, numbers)
                seat_team(s, members, caseloads, styles, staff, opened * team, team, indptr)
                slots[s].running = 1
                slots[s].replicate = replicate
                slots[s].week = 0
                slots[s].arrived = 0
                slots[s].waiting = 0
                slots[s].ended = 0
                opened += 1
            if slots[s].running == 1:
                row = (slots[s].replicate - first) * clients
                lanes = open_week(
                    s,
                    slots,
                    queue,
                    blocks,
                    lanes,
                    members,
                    caseloads,
                    styles,
                    register,
                    row,
                    low,
                    high,
                    numbers,
                )
        for b in range(len(members)):
            presence_block(members[b], numbers)
        hold_week(lanes, begun, blocks, slots, members, interval, low, high, numbers, recording)
        lanes = close_lanes(
            lanes,
            blocks,
            words,
            slots,
            members,
            caseloads,
            register,
            first,
            clients,
            history,
            offsets,
            recording,
        )
        for s in range(len(slots)):
            gather_skills(s, members, skills, team, indptr, indices)
        close_week(members, numbers)
        for s in range(len(slots)):
            if slots[s].running == 0:
                continue
            slots[s].week += 1
            if slots[s].ended < clients and slots[s].week < horizon:
                continue
            lanes = discharge(lanes, s, blocks, words, register, first, clients)
            replicate = slots[s].replicate
            done = replicate - first
            settle_clients(
                desk[0], register, done * clients, clients, replicate, low, high, numbers
            )
            settle_team(s, members, staff, done * team, team, slots[s].week)
            slots[s].running = 0
            closed += 1
