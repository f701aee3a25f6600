"""How fast the engine is, beside what its arithmetic must cost at least, and beside Mesa's own way of running.

All parts are measured in turn within each of several rounds of one process, and medians are taken: a machine that
is busy for a while slows all of them alike.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.compilation import Compiled, compiled, equation, listing
from simulation.engine import SESSION_PLAN
from simulation.kernels import draw
from simulation.lanes import LANES
from simulation.numerics import logistic
from simulation.parameters import Parameters
from simulation.simulate import available_cores, simulate
from simulation.workspace import make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = [
    "Measures",
    "ScalingRow",
    "default_clinic",
    "logistics_in_a_session",
    "measure",
    "scaling_rows",
    "scaling_table",
]

ROUNDS = 7
REPLICATES = 1_000
MESA_REPLICATES = 1
SEED = 1


@dataclass(frozen=True, slots=True)
class Measures:
    """What a benchmark found.

    Attributes
    ----------
    courses_per_second_one_core, courses_per_second_all_cores
        Courses of therapy, each from the first session to its ending, that the engine runs in a second.
    ns_per_client_session
        Nanoseconds of one core for each session held, everything included.
    floor_ns_per_client_session
        The same for the draws and logistics of a session and nothing else.
    ratio_to_floor
        The one divided by the other.
    mesa_batch_run_courses_per_second
        Courses that `AllianceModel` runs in a second through ``mesa.batch_run``, in one process.
    ratio_to_mesa_batch_run
        How many times faster the engine is on one core.
    """

    courses_per_second_one_core: float
    courses_per_second_all_cores: float
    ns_per_client_session: float
    floor_ns_per_client_session: float
    ratio_to_floor: float
    mesa_batch_run_courses_per_second: float
    ratio_to_mesa_batch_run: float

    def as_json(self) -> dict[str, float]:
        """Return the measures by name."""
        return asdict(self)

    def text(self) -> str:
        """Return the measures as lines for people."""
        cores = available_cores()
        lines = [
            "Default clinic: 100 clients, 10 therapists, up to 20 sessions. Medians of "
            f"{ROUNDS} rounds.",
            "",
            f"  engine, one core       {self.courses_per_second_one_core:>12,.0f} courses per second",
            f"  engine, {cores} cores{' ' if cores < 10 else ''}       "
            f"{self.courses_per_second_all_cores:>12,.0f} courses per second",
            f"  mesa.batch_run         {self.mesa_batch_run_courses_per_second:>12,.0f} courses per second",
            f"  one core against Mesa  {self.ratio_to_mesa_batch_run:>12,.0f} times",
            "",
            f"  a session held         {self.ns_per_client_session:>12.1f} ns",
            f"  its draws and logistics{self.floor_ns_per_client_session:>12.1f} ns, nothing else",
            f"  ratio                  {self.ratio_to_floor:>12.2f}",
        ]
        return "\n".join(lines)


def default_clinic() -> Parameters:
    """Return the clinic that is measured."""
    return Parameters(clients=100, therapists=10, session_limit=20)


def measure(
    *, rounds: int = ROUNDS, replicates: int = REPLICATES, mesa_replicates: int = MESA_REPLICATES
) -> Measures:
    """Measure engine, floor and Mesa side by side.

    Parameters
    ----------
    rounds
        How often each is measured.
    replicates, mesa_replicates
        Clinics that the engine, and Mesa, run in each round.
    """
    parameters = default_clinic()
    cores = available_cores()
    run_floor, floor_sessions = _floor(parameters, replicates)

    def engine(threads: int) -> Any:
        return simulate(parameters, seed=SEED, replicates=replicates, threads=threads)

    def batch() -> None:
        _mesa_batch(mesa_replicates)

    rows = engine(cores).client_rows
    courses, sessions = int((rows["sessions"] > 0).sum()), int(rows["sessions"].sum())
    batch()
    run_floor()
    mesa_rows = simulate(parameters, seed=SEED, replicates=mesa_replicates, threads=1).client_rows
    mesa_courses = int((mesa_rows["sessions"] > 0).sum())
    one: list[float] = []
    all_cores: list[float] = []
    floor: list[float] = []
    mesa: list[float] = []
    for _ in range(rounds):
        one.append(_seconds(lambda: engine(1)))
        floor.append(_seconds(run_floor))
        all_cores.append(_seconds(lambda: engine(cores)))
        mesa.append(_seconds(batch))
    per_second = courses / statistics.median(one)
    session_ns = 1e9 * statistics.median(one) / sessions
    floor_ns = 1e9 * statistics.median(floor) / floor_sessions
    mesa_per_second = mesa_courses / statistics.median(mesa)
    return Measures(
        courses_per_second_one_core=per_second,
        courses_per_second_all_cores=courses / statistics.median(all_cores),
        ns_per_client_session=session_ns,
        floor_ns_per_client_session=floor_ns,
        ratio_to_floor=session_ns / floor_ns,
        mesa_batch_run_courses_per_second=mesa_per_second,
        ratio_to_mesa_batch_run=per_second / mesa_per_second,
    )


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _mesa_batch(replicates: int) -> None:
    import mesa

    from simulation.model import AllianceModel

    parameters = default_clinic()
    mesa.batch_run(
        AllianceModel,
        parameters={
            "parameters": [parameters],
            "rng": [SEED],
            "replicate": list(range(replicates)),
        },
        number_processes=1,
        max_steps=parameters.weeks,
        data_collection_period=-1,
        display_progress=False,
    )


# -- The floor ---------------------------------------------------------------------------------


@cache
def logistics_in_a_session() -> int:
    """Count how often one session calls the logistic function, by holding one and watching."""
    from simulation.coefficients import coefficients, unpack
    from simulation.session import hold_session
    from simulation.states import ClientTraits, DyadState, Presence, SessionDraws

    def halves(kind: Any) -> Any:
        return kind(*(0.5 for _ in kind._fields))

    p = unpack(coefficients(Parameters()).tolist())
    calls = 0

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is logistic.__code__

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        hold_session(
            halves(ClientTraits), halves(DyadState), halves(Presence), halves(SessionDraws), p
        )
    finally:
        sys.setprofile(before)
    return calls


@equation
def logistics_of_a_session(block: Block, i: int) -> float:
    """Stand for a session's logistics; `_floor` puts as many in its place as `hold_session` calls."""
    return logistic(block.draws[0, i])


@compiled
def floor_block(block: Block, low: int, high: int, plan: Array) -> None:
    """Make the draws of a session of each dyad, and its logistics."""
    draw(block, low, high, plan)
    for i in range(LANES):
        block.distress[i] = logistics_of_a_session(block, i)
        block.when[i] += 1


@compiled
def floor_sessions(blocks: Array, low: int, high: int, plan: Array, times: int) -> None:
    """Do so for all blocks, `times` times."""
    for _ in range(times):
        for b in range(len(blocks)):
            floor_block(blocks[b], low, high, plan)


def _floor(parameters: Parameters, replicates: int) -> tuple[Callable[[], None], int]:
    """Return a function that runs the floor, and how many sessions it stands for.

    It works on the engine's own blocks, all lanes filled, and draws with the engine's own kernel.
    """
    rows = int(SESSION_PLAN[3])
    terms = (
        # No two arguments are alike, or the compiler would work out one of them only once.
        f"logistic(block.draws[{place % rows}, i] - {float(place)})"
        for place in range(logistics_in_a_session())
    )
    as_many = listing(
        "logistics_of_a_session(block, i)", "return " + " + ".join(terms), logistic=logistic
    )
    floor = Compiled(floor_sessions.function, replacing={logistics_of_a_session: as_many})
    blocks = make_workspace(parameters, replicates).blocks
    blocks["who"] = np.arange(LANES)
    a_clinic = parameters.clients * parameters.session_limit // 2
    times = max(1, replicates * a_clinic // (len(blocks) * LANES))

    def run() -> None:
        floor(blocks, SEED, 0, SESSION_PLAN, times)

    return run, times * len(blocks) * LANES


# -- Scaling -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScalingRow:
    """Seconds that one size of run takes, with 1 and with 2 threads."""

    clients: int
    session_limit: int
    replicates: int
    sessions: int
    seconds_one_thread: float
    seconds_two_threads: float

    def as_json(self) -> dict[str, float]:
        """Return the row by name."""
        return asdict(self)


def scaling_rows(*, most_courses: int = 200_000, repeats: int = 3) -> list[ScalingRow]:
    """Measure runs of many sizes: clients x sessions x replicates. Therapists and intake grow with the clients."""
    rows: list[ScalingRow] = []
    for clients in (100, 1_000, 10_000):
        for limit in (10, 20, 40):
            for replicates in (1, 10, 100, 1_000):
                if clients * replicates > most_courses:
                    continue
                parameters = Parameters(
                    clients=clients,
                    therapists=clients // 10,
                    arrivals_per_week=clients / 5,
                    session_limit=limit,
                )
                rows.append(_scaling_row(parameters, replicates, repeats))
    return rows


def _scaling_row(parameters: Parameters, replicates: int, repeats: int) -> ScalingRow:
    seconds: dict[int, list[float]] = {1: [], 2: []}
    sessions = 0
    for turn in range(repeats + 1):
        for threads, times in seconds.items():
            begun = time.perf_counter()
            result = simulate(parameters, seed=SEED, replicates=replicates, threads=threads)
            # The first turn compiles and warms up.
            if turn:
                times.append(time.perf_counter() - begun)
            sessions = int(result.client_rows["sessions"].sum())
    return ScalingRow(
        clients=parameters.clients,
        session_limit=parameters.session_limit,
        replicates=replicates,
        sessions=sessions,
        seconds_one_thread=statistics.median(seconds[1]),
        seconds_two_threads=statistics.median(seconds[2]),
    )


def scaling_table(rows: list[ScalingRow]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [
        "| clients | sessions at most | replicates | sessions held | 1 thread, s | 2 threads, s "
        "| courses/s, 1 thread | courses/s, 2 threads |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        courses = row.clients * row.replicates
        lines.append(
            f"| {row.clients:,} | {row.session_limit} | {row.replicates:,} | {row.sessions:,} "
            f"| {row.seconds_one_thread:.4f} | {row.seconds_two_threads:.4f} "
            f"| {courses / row.seconds_one_thread:,.0f} | {courses / row.seconds_two_threads:,.0f} |"
        )
    return "\n".join(lines)
