"""Many clinics at once, compiled: a pool of dyads in blocks of lanes, fed by clinics that run side by side.

Several clinics run side by side in one working memory, each in its own week. Their dyads in treatment lie packed
together in blocks; a week's sessions are one pass over the blocks. A dyad that ends makes room for the last one;
a clinic that ends makes room for the next replicate. Draws are keyed by client and session, so where a dyad lies
and who its neighbours are cannot change what happens to it.

Here is the course of weeks only. Who comes and begins is in `simulation.engine.intake`, what happens in a session in
`simulation.engine.kernels`, who goes and what is written down in `simulation.engine.closing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STRAIN_UNIT, is_due, is_skill_gained
from simulation.coefficients import unpack
from simulation.engine.closing import (
    censor,
    close_week,
    finish_clients,
    finish_sessions,
    finish_therapists,
    gather_skills,
)
from simulation.engine.compilation import compiled, compiled_alone
from simulation.engine.holding import count_block, hold_block
from simulation.engine.intake import draw_clients, draw_team, open_team, open_week
from simulation.engine.kernels import begin_block, draw, presence_block, report_block
from simulation.engine.lanes import LANES, copy_weekly_presence
from simulation.equations.therapist import carried
from simulation.randomness import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.engine.records import Rows
    from simulation.engine.workspace import Workspace
    from simulation.network import Ties
    from simulation.randomness import Key

    Array = NDArray[Any]

__all__ = ["REPORT_PLAN", "SESSION_PLAN", "run_clinics"]

SESSION_PLAN = np.array([Stream.FRAME, 3, 8, 11])
REPORT_PLAN = np.array([Stream.OCCASION, 4, 0, 16])
"""What `draw` draws for whom; rows in the order of the fields of the draws, see `simulation.engine.lanes`."""


@compiled
def hold_week(
    work: Workspace, lanes: int, begun: int, recording: bool, key: Key, numbers: Array
) -> None:
    """Hold this week's sessions and add up what therapists carry; dyads from lane begun on hold their first."""
    p = unpack(numbers)
    interval = int(p.session_interval)
    dyads, therapists, running = work.dyads, work.therapists, work.clinics.running
    for b in range((lanes + LANES - 1) // LANES):
        block = dyads[b]
        inside = min(LANES, lanes - b * LANES)
        for i in range(inside):
            week = running[block.clinic[i]].week
            due = 1 if is_due(week, block.week_started[i], interval) else 0
            block.due[i] = due
            block.when[i] += due
        for i in range(inside):
            copy_weekly_presence(block, i, therapists[block.team_block[i]], block.team_lane[i])
        if (b + 1) * LANES > begun:
            begin_block(block, numbers)
        draw(block, key, SESSION_PLAN)
        hold_block(block, numbers)
        count_block(block)
        if recording:
            draw(block, key, REPORT_PLAN)
            report_block(block, numbers)
        for i in range(inside):
            weight = carried(block.strain[i], block.dependency[i], block.present_porosity[i], p)
            therapists[block.team_block[i]].strain_units[block.team_lane[i]] += int(
                weight * STRAIN_UNIT
            )


@compiled_alone
def run_clinics(
    key: Key, replicates: int, ties: Ties, work: Workspace, rows: Rows, numbers: Array
) -> None:
    """Run clinics from opening to the end of follow-up.

    Parameters
    ----------
    key
        Key of the first clinic; each other one has the next replicate.
    replicates
        How many clinics.
    ties
        The supervision network of every clinic.
    work
        Working memory.
    rows
        Where clients and therapists are written down, and sessions, if it is said where those of each client begin.
    numbers
        See `simulation.coefficients`.
    """
    p = unpack(numbers)
    clients = int(p.clients)
    team = int(p.therapists)
    follow_up = int(p.weeks)
    clinics, therapists = work.clinics, work.therapists
    running = clinics.running
    scratch = work.scratch_clients[0]
    recording = len(rows.begins) > 0
    learning = is_skill_gained(p)
    opened = 0
    finished = 0
    lanes = int(ties.begins[0])  # 0, but not a constant: a constant would be compiled for twice
    for c in range(len(running)):
        running[c].open = 0
    draw_team(scratch, work.scratch_team[0], rows.therapists, key, numbers)
    while finished < replicates:
        begun = lanes
        for c in range(len(running)):
            clinic = running[c]
            if clinic.open == 0 and opened < replicates:
                clinic.open = 1
                clinic.replicate = key.replicate + opened
                clinic.first_client = opened * clients
                clinic.first_therapist = opened * team
                clinic.week = 0
                clinic.arrived = 0
                clinic.waiting = 0
                clinic.ended = 0
                clinic.at_work = 0
                draw_clients(clinics, scratch, rows.clients, c, key, numbers)
                open_team(work, rows.therapists, c, ties, numbers)
                opened += 1
            if clinic.open == 1:
                lanes = open_week(work, rows, c, lanes, ties, key, numbers)
        for b in range(len(therapists)):
            if clinics.at_work[b] > 0:
                presence_block(therapists[b], numbers)
        hold_week(work, lanes, begun, recording, key, numbers)
        if learning:
            for c in range(len(running)):
                gather_skills(therapists, work.skills, c, ties)
        close_week(therapists, clinics.at_work, numbers)
        lanes = finish_sessions(work, rows, lanes, numbers)
        for c in range(len(running)):
            clinic = running[c]
            if clinic.open == 0:
                continue
            clinic.week += 1
            if clinic.ended < clients and clinic.week < follow_up:
                continue
            lanes = censor(work, rows.clients, c, lanes)
            finish_clients(clinic, scratch, rows.clients, key, numbers)
            finish_therapists(work, rows.therapists, c, ties, numbers)
            clinic.open = 0
            finished += 1
