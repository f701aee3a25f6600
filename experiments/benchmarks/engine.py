"""How fast the engine is, beside what its arithmetic must cost at least, and beside Mesa's own way of running.

All parts are measured in turn within each of several rounds of one process, and medians are taken: a machine that
is busy for a while slows all of them alike.
"""

from __future__ import annotations

import platform
import statistics
import time
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from experiments.benchmarks.lower_bound import lower_bound
from simulation.errors import AllianceError
from simulation.files import write_whole
from simulation.parameters import Parameters
from simulation.running import available_cores, simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "Measures",
    "ScalingRow",
    "default_clinic",
    "measure",
    "scaling_rows",
    "scaling_table",
    "write_page",
]

ROUNDS = 7
REPLICATES = 1_500
"""Long enough to time, and few enough that memory is used again: fresh memory is the operating system's time."""
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
        Nanoseconds of one core for each session, everything included.
    floor_ns_per_client_session
        The same for the draws and logistics of the run and nothing else, see `experiments.benchmarks.lower_bound`.
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
            f"  a session              {self.ns_per_client_session:>12.1f} ns",
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
    """Measure engine, its lower bound and Mesa side by side.

    Parameters
    ----------
    rounds
        How often each is measured.
    replicates, mesa_replicates
        Clinics that the engine, and Mesa, run in each round.
    """
    parameters = default_clinic()
    cores = available_cores()

    def engine(threads: int) -> Any:
        return simulate(parameters, seed=SEED, replicates=replicates, threads=threads)

    def batch() -> None:
        _mesa_batch(mesa_replicates)

    result = engine(cores)
    rows = result.client_rows
    courses, sessions = int((rows["sessions"] > 0).sum()), int(rows["sessions"].sum())
    batch()
    run_lower_bound = lower_bound(result)
    run_lower_bound()
    mesa_rows = simulate(parameters, seed=SEED, replicates=mesa_replicates, threads=1).client_rows
    mesa_courses = int((mesa_rows["sessions"] > 0).sum())
    one: list[float] = []
    all_cores: list[float] = []
    least: list[float] = []
    mesa: list[float] = []
    for _ in range(rounds):
        one.append(_seconds(lambda: engine(1)))
        least.append(_seconds(run_lower_bound))
        all_cores.append(_seconds(lambda: engine(cores)))
        mesa.append(_seconds(batch))
    per_second = courses / statistics.median(one)
    session_ns = 1e9 * statistics.median(one) / sessions
    floor_ns = 1e9 * statistics.median(least) / sessions
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

    from simulation.agents.model import AllianceModel

    parameters = default_clinic()
    mesa.batch_run(
        AllianceModel,
        parameters={
            "parameters": [parameters],
            "seed": [SEED],  # by this name it reaches the model on every release of Mesa
            "replicate": list(range(replicates)),
        },
        number_processes=1,
        max_steps=parameters.weeks,
        data_collection_period=-1,
        display_progress=False,
    )


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
    lines = [
        "| clients | sessions at most | replicates | sessions | 1 thread, s | 2 threads, s "
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


BEGIN, END = "<!-- begin scaling -->", "<!-- end scaling -->"


def write_page(page: Path, measures: Measures, rows: list[ScalingRow]) -> None:
    """Write the measures and the table between two marks of a page in Markdown.

    Raises
    ------
    AllianceError
        If the page cannot be read or written, or has no such marks.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text"
        raise AllianceError(f"{page} cannot be read: {reason}.") from None
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise AllianceError(
            f"{page} has no place for the table: put {BEGIN} and {END} on lines of their own."
        )
    today = f"{date.today():%d %B %Y}".lstrip("0")
    made = (
        f"Measured on {today} with Python {platform.python_version()} on {platform.machine()}, "
        f"{available_cores()} cores."
    )
    parts = (
        before + begin,
        made,
        f"```text\n{measures.text()}\n```",
        scaling_table(rows),
        end + after,
    )
    write_whole(page, "\n\n".join(parts).encode())
