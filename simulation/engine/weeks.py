"""Many clinics at once, compiled: a pool of dyads in blocks of lanes, fed by clinics that run side by side.

Several clinics run in the slots of one working memory, each in its own week. Their dyads in treatment lie packed
together in blocks; a week's sessions are one pass over the blocks. A dyad that ends makes room for the last one;
a clinic that ends makes room for the next replicate. Draws are keyed by client and session, so where a dyad lies
and who its neighbours are cannot change what happens to it.

Here is the course of weeks only. Who comes and begins is in `simulation.engine.intake`, what happens in a session in
`simulation.engine.kernels`, who goes and what is written down in `simulation.engine.closing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STRAIN_UNIT, is_due
from simulation.coefficients import unpack
from simulation.engine.closing import (
    close_lanes,
    close_week,
    discharge,
    gather_skills,
    settle_clients,
    settle_team,
)
from simulation.engine.compilation import compiled
from simulation.engine.holding import count_block, hold_block
from simulation.engine.intake import draw_clients, draw_team, open_week, seat_team
from simulation.engine.kernels import begin_block, draw, presence_block, report_block
from simulation.engine.lanes import LANES, copy_weekly_presence
from simulation.randomness import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = ["REPORT_PLAN", "SESSION_PLAN", "run_clinics"]

SESSION_PLAN = np.array([Stream.FRAME, 3, 8, 11])
REPORT_PLAN = np.array([Stream.OCCASION, 3, 0, 12])
"""What `draw` draws for whom; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""


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
    """Hold this week's sessions and book their strain; dyads from lane `begun` on hold their first."""
    for b in range((lanes + LANES - 1) // LANES):
        block = blocks[b]
        inside = min(LANES, lanes - b * LANES)
        for i in range(inside):
            week = slots[block.slot[i]].week
            due = 1 if is_due(week, block.week_started[i], interval) else 0
            block.due[i] = due
            block.when[i] += due
        for i in range(inside):
            copy_weekly_presence(block, i, members[block.team_block[i]], block.team_lane[i])
        if (b + 1) * LANES > begun:
            begin_block(block, numbers)
        draw(block, low, high, SESSION_PLAN)
        hold_block(block, numbers)
        count_block(block)
        if recording:
            draw(block, low, high, REPORT_PLAN)
            report_block(block, numbers)
        for i in range(inside):
            strain = int(block.strain[i] * STRAIN_UNIT)
            members[block.team_block[i]].strain_units[block.team_lane[i]] += strain


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
    lots: Array,
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

    All arrays are the caller's: working memory of `simulation.engine.workspace`, the supervision network as a sparse
    matrix, and rows of `simulation.engine.records` for the results.
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
    draw_team(desk[0], bench[0], staff, team, first, low, high, numbers)
    while closed < replicates:
        begun = lanes
        for s in range(len(slots)):
            if slots[s].running == 0 and opened < replicates:
                replicate = first + opened
                draw_clients(
                    desk[0],
                    lots[s],
                    register,
                    opened * clients,
                    clients,
                    replicate,
                    low,
                    high,
                    numbers,
                )
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
                    lots,
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
