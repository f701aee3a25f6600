"""How fast the engine is, beside what its arithmetic must cost at least, and beside Mesa's own way of running.

All parts are measured in turn within each of several rounds of one process, and medians are taken: a machine that
is busy for a while slows all of them alike.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from experiments.benchmarks.lower_bound import lower_bound
from simulation.cores import available_cores
from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SEED", "EngineSpeed", "default_clinic", "measure", "mesa_batch"]

ROUNDS = 7
REPLICATES = 1_500
"""Long enough to time, and few enough that memory is used again: fresh memory is the operating system's time."""
MESA_REPLICATES = 1
SEED = 1


@dataclass(frozen=True, slots=True)
class EngineSpeed:
    """What a benchmark found.

    Attributes
    ----------
    courses_per_second_one_core, courses_per_second_all_cores
        Courses of therapy, each from the first session to its ending, that the engine runs in a second.
    ns_per_client_session
        Nanoseconds of one core for each session, everything included.
    lower_bound_ns_per_client_session
        The same for the draws and logistics of the run and nothing else, see `experiments.benchmarks.lower_bound`.
    ratio_to_lower_bound
        The one divided by the other.
    mesa_batch_run_courses_per_second
        Courses that `AllianceModel` runs in a second through ``mesa.batch_run``, in one process.
    ratio_to_mesa_batch_run
        How many times faster the engine is on one core.
    """

    courses_per_second_one_core: float
    courses_per_second_all_cores: float
    ns_per_client_session: float
    lower_bound_ns_per_client_session: float
    ratio_to_lower_bound: float
    mesa_batch_run_courses_per_second: float
    ratio_to_mesa_batch_run: float

    def as_json(self) -> dict[str, float]:
        return asdict(self)

    def text(self) -> str:
        """Return the measures as lines for people."""
        cores = available_cores()
        lines = [
            "Default clinic: 100 clients, 10 therapists, up to 20 sessions. Medians of "
            f"{ROUNDS} rounds; seconds of the processor, of all cores those that pass.",
            "",
            f"  engine, one core       {self.courses_per_second_one_core:>12,.0f} courses per second",
            f"  engine, {cores} cores{' ' if cores < 10 else ''}       "
            f"{self.courses_per_second_all_cores:>12,.0f} courses per second",
            f"  mesa.batch_run         {self.mesa_batch_run_courses_per_second:>12,.0f} courses per second",
            f"  one core against Mesa  {self.ratio_to_mesa_batch_run:>12,.0f} times",
            "",
            f"  a session              {self.ns_per_client_session:>12.1f} ns",
            f"  its draws and logistics{self.lower_bound_ns_per_client_session:>12.1f} ns, nothing else",
            f"  ratio                  {self.ratio_to_lower_bound:>12.2f}",
        ]
        return "\n".join(lines)


def default_clinic() -> Parameters:
    """Return the clinic that is measured: 100 clients, 10 therapists, up to 20 sessions."""
    return Parameters(clients=100, therapists=10, session_limit=20)


def measure(
    *, rounds: int = ROUNDS, replicates: int = REPLICATES, mesa_replicates: int = MESA_REPLICATES
) -> EngineSpeed:
    """Measure engine, its lower bound and Mesa side by side: processor time, but of all cores the time that passes.

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
        mesa_batch(mesa_replicates)

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
        one.append(_seconds(time.process_time, lambda: engine(1)))
        least.append(_seconds(time.process_time, run_lower_bound))
        all_cores.append(_seconds(time.perf_counter, lambda: engine(cores)))
        mesa.append(_seconds(time.process_time, batch))
    per_second = courses / statistics.median(one)
    session_ns = 1e9 * statistics.median(one) / sessions
    lower_bound_ns = 1e9 * statistics.median(least) / sessions
    mesa_per_second = mesa_courses / statistics.median(mesa)
    return EngineSpeed(
        courses_per_second_one_core=per_second,
        courses_per_second_all_cores=courses / statistics.median(all_cores),
        ns_per_client_session=session_ns,
        lower_bound_ns_per_client_session=lower_bound_ns,
        ratio_to_lower_bound=session_ns / lower_bound_ns,
        mesa_batch_run_courses_per_second=mesa_per_second,
        ratio_to_mesa_batch_run=per_second / mesa_per_second,
    )


def _seconds(clock: Callable[[], float], work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def mesa_batch(replicates: int) -> None:
    """Run so many default clinics through ``mesa.batch_run``, in this process."""
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
