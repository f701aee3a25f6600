"""The loops over the lanes of a block. Each is one equation applied to every lane, and each is vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.clinic import arrival_week, assignment_draw, presence, therapist_after_week
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.engine.lanes import (
    LANES,
    client_draws_in,
    client_in,
    events_in,
    put_client,
    put_presence,
    put_rater,
    put_reports,
    put_state_if,
    put_therapist,
    put_therapist_state,
    rater_in,
    report_draws_in,
    state_in,
    therapist_draws_in,
    therapist_in,
    therapist_state_in,
)
from simulation.equations.alliance import towards
from simulation.equations.therapist import sustained_fatigue
from simulation.instruments import core_10_at_intake, report_last, report_session
from simulation.numerics import in_tails, inverse_normal, inverse_normal_inside
from simulation.population import client_from, therapist_from
from simulation.randomness import Key, uniforms
from simulation.session import begin_therapy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = [
    "begin_block",
    "client_block",
    "draw",
    "draw_uniforms",
    "last_report_block",
    "presence_block",
    "report_block",
    "rest_block",
    "therapist_block",
    "week_block",
]


@compiled
def draw_uniforms(block: Block, key: Key, plan: Array) -> None:
    """Fill rows of draws with uniforms, four a stream.

    Rows are spelt out because an offset the compiler does not know would undo the vectorising.
    """
    for i in range(LANES):
        own_key = Key(key.seed_low, key.seed_high, block.replicate[i])
        a, b, c, d = uniforms(own_key, block.who[i], block.when[i], plan[0])
        block.draws[0, i] = a
        block.draws[1, i] = b
        block.draws[2, i] = c
        block.draws[3, i] = d
    if plan[1] > 1:
        for i in range(LANES):
            own_key = Key(key.seed_low, key.seed_high, block.replicate[i])
            a, b, c, d = uniforms(own_key, block.who[i], block.when[i], plan[0] + 1)
            block.draws[4, i] = a
            block.draws[5, i] = b
            block.draws[6, i] = c
            block.draws[7, i] = d
            a, b, c, d = uniforms(own_key, block.who[i], block.when[i], plan[0] + 2)
            block.draws[8, i] = a
            block.draws[9, i] = b
            block.draws[10, i] = c
            block.draws[11, i] = d
    if plan[1] > 3:
        for i in range(LANES):
            own_key = Key(key.seed_low, key.seed_high, block.replicate[i])
            a, b, c, d = uniforms(own_key, block.who[i], block.when[i], plan[0] + 3)
            block.draws[12, i] = a
            block.draws[13, i] = b
            block.draws[14, i] = c
            block.draws[15, i] = d


@compiled
def draw(block: Block, key: Key, plan: Array) -> None:
    """Fill rows of draws: four uniforms a stream, then standard normals where the plan says so.

    All lanes share the seed of `key`; each has its own replicate.

    A plan is: the first stream, how many there are (one, three or four), the first row to turn normal, the row
    after the last. Most rows have no draw in the tails of the normal distribution, and need not compute them.
    """
    draw_uniforms(block, key, plan)
    for row in range(plan[2], plan[3]):
        extreme = 0
        for i in range(LANES):
            extreme += in_tails(block.draws[row, i])
        if extreme > 0:
            for i in range(LANES):
                block.draws[row, i] = inverse_normal(block.draws[row, i])
        else:
            for i in range(LANES):
                block.draws[row, i] = inverse_normal_inside(block.draws[row, i])


@compiled
def client_block(block: Block, key: Key, numbers: Array) -> None:
    """Make a client from each lane's draws, with their CORE-10 at intake, week of arrival and assignment draw."""
    p = unpack(numbers)
    for i in range(LANES):
        draws = client_draws_in(block, i)
        traits, rater = client_from(draws, p)
        put_client(block, i, traits)
        put_rater(block, i, rater)
        block.core_10[i] = core_10_at_intake(traits.severity, rater, draws.report, p)
        own_key = Key(key.seed_low, key.seed_high, block.replicate[i])
        block.week_arrived[i] = arrival_week(own_key, block.who[i], p)
        block.assignment_draw[i] = assignment_draw(own_key, block.who[i])


@compiled
def begin_block(block: Block, numbers: Array) -> None:
    """Begin the therapy of each dyad that has not begun: its `session` is still negative."""
    p = unpack(numbers)
    for i in range(LANES):
        begun = begin_therapy(client_in(block, i), block.distress[i], block.present_style[i], p)
        put_state_if(block, i, begun, block.session[i] < 0.0)


@compiled
def report_block(block: Block, numbers: Array) -> None:
    """Let each dyad fill in its questionnaires."""
    p = unpack(numbers)
    for i in range(LANES):
        reports = report_session(
            rater_in(block, i),
            block.habit[i],
            report_draws_in(block, i),
            state_in(block, i),
            events_in(block, i),
            p,
        )
        put_reports(block, i, reports)


@compiled
def last_report_block(block: Block, numbers: Array) -> None:
    """Fill in each client's last CORE-10 and CSQ-8, from the draws of the stream `REPORT`."""
    p = unpack(numbers)
    for i in range(LANES):
        core_10, csq_8 = report_last(
            block.distress[i],
            block.satisfaction[i],
            rater_in(block, i),
            block.draws[1, i],
            block.draws[2, i],
            block.draws[3, i],
            p,
        )
        block.core_10[i] = core_10
        block.csq_8[i] = csq_8


@compiled
def therapist_block(block: Block, numbers: Array) -> None:
    """Make a therapist from each lane's draws."""
    p = unpack(numbers)
    for i in range(LANES):
        traits, state = therapist_from(therapist_draws_in(block, i), p)
        put_therapist(block, i, traits)
        put_therapist_state(block, i, state)


@compiled
def week_block(block: Block, numbers: Array) -> None:
    """Update each therapist after the week."""
    p = unpack(numbers)
    for i in range(LANES):
        state = therapist_after_week(
            therapist_state_in(block, i),
            block.met[i],
            block.strain_units[i],
            block.skill_around[i],
            block.ties[i],
            p,
        )
        put_therapist_state(block, i, state)
        block.fatigue_sum[i] += state.fatigue


@compiled
def rest_block(block: Block, weeks: int, numbers: Array) -> None:
    """Let each therapist pass `weeks` weeks without clients, where nobody gains skill."""
    p = unpack(numbers)
    for i in range(LANES):
        supervised = 1.0 if block.ties[i] > 0 else 0.0
        block.sustained[i] = sustained_fatigue(0.0, 0.0, supervised, p)
    for _ in range(weeks):
        for i in range(LANES):
            fatigue = towards(block.fatigue[i], block.sustained[i], p.fatigue_rate)
            block.fatigue[i] = fatigue
            block.fatigue_sum[i] += fatigue


@compiled
def presence_block(block: Block, numbers: Array) -> None:
    """Compute how clients meet each therapist this week."""
    p = unpack(numbers)
    for i in range(LANES):
        put_presence(block, i, presence(therapist_in(block, i), therapist_state_in(block, i), p))
