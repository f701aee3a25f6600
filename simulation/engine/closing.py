"""The books at the end of a week and of a clinic, compiled: what happened, who goes, what is reported last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine.compilation import compiled
from simulation.engine.kernels import draw, settle_block, week_block
from simulation.engine.lanes import KEPT, LANES
from simulation.engine.records import rater_from_row, session_to_row
from simulation.randomness import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = [
    "LAST_REPORT_PLAN",
    "close_lanes",
    "close_week",
    "discharge",
    "gather_skills",
    "settle_clients",
    "settle_team",
    "write_client",
    "write_session",
]

LAST_REPORT_PLAN = np.array([Stream.REPORT, 1, 1, 4])
"""What `draw` draws; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""

IN_TREATMENT = 1
STATUS_OF_ENDING = (1, 2, 3, 4, 5)
"""A status is a place in `clinic.STATUSES`; an ending is coded in `equations.ending`."""


@compiled
def write_client(register: Array, row: int, block: Block, i: int) -> None:
    """Enter how a client's therapy went into the register."""
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
    caseloads: Array,
    register: Array,
    first: int,
    clients: int,
    history: Array,
    offsets: Array,
    recording: bool,
) -> int:
    """Write the week's sessions down, let ended dyads go, and return the number that stay in the pool.

    Goes from the last lane to the first, so the dyad that fills a gap has been looked at already.
    """
    for b in range((lanes + LANES - 1) // LANES - 1, -1, -1):
        block = blocks[b]
        for i in range(min(LANES, lanes - b * LANES) - 1, -1, -1):
            if block.due[i] == 0:
                continue
            s = block.slot[i]
            row = (block.replicate[i] - first) * clients + block.who[i]
            if recording:
                write_session(history, offsets[row] + block.when[i] - 1, block, i, slots[s].week)
            ending = int(block.ending[i])
            if ending > 0:
                write_client(register, row, block, i)
                register[row].status = STATUS_OF_ENDING[ending]
                register[row].week_ended = slots[s].week
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
            write_client(register, row, block, i)
            register[row].status = IN_TREATMENT
            register[row].week_ended = -1
            lanes -= 1
            for field in range(KEPT):
                words[lane // LANES, field, i] = words[lanes // LANES, field, lanes % LANES]
    return lanes


@compiled
def gather_skills(
    s: int, members: Array, skills: Array, team: int, indptr: Array, indices: Array
) -> None:
    """Sum, for each therapist of slot `s`, the skill gained by those tied to them."""
    gained = 0.0
    for therapist in range(team):
        m = s * team + therapist
        skills[therapist] = members[m // LANES].skill[m % LANES]
        gained += skills[therapist]
    for therapist in range(team):
        around = 0.0
        if gained > 0.0:
            for tie in range(indptr[therapist], indptr[therapist + 1]):
                around += skills[indices[tie]]
        m = s * team + therapist
        members[m // LANES].skill_around[m % LANES] = around


@compiled
def close_week(members: Array, numbers: Array) -> None:
    """Let the week work on all therapists, and put down the strain they carried."""
    for b in range(len(members)):
        block = members[b]
        week_block(block, numbers)
        for i in range(LANES):
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
