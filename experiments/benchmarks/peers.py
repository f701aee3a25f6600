"""What a session costs in the engine and elsewhere: Mesa's batches, NumPy over arrays, JAX where it is installed.

NumPy and JAX run the model's own equations, bound to their functions on arrays: the draws and the session, many dyads
at a time, without clinics, weeks, questionnaires and tables. The engine and Mesa run whole clinics. Processor time is
taken, which counts every core that a library uses.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.benchmarks.array_sessions import sessions_on_arrays
from experiments.benchmarks.engine import default_clinic, mesa_batch
from simulation.running import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Peers", "measure_peers"]

DYADS = 20_000
"""At a time: enough for the cost of calls to vanish, few enough for arrays to stay in the processor's cache."""

ENGINE_REPLICATES = 500
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Peers:
    """Nanoseconds of processor time a session; None for what is not installed.

    Attributes
    ----------
    engine, mesa_batch_run
        Whole clinics, everything included.
    numpy, jax
        Draws and sessions alone.
    """

    engine: float
    mesa_batch_run: float
    numpy: float
    jax: float | None

    def as_json(self) -> dict[str, float | None]:
        return asdict(self)

    def text(self) -> str:
        """Return the measures as lines for people."""
        rows = (
            ("engine, whole clinics", self.engine),
            ("NumPy over arrays, draws and sessions alone", self.numpy),
            ("JAX, compiled, draws and sessions alone", self.jax),
            ("mesa.batch_run, whole clinics", self.mesa_batch_run),
        )
        lines = [
            f"  {name:<45}" + ("not installed" if ns is None else f"{ns:>12,.0f} ns")
            for name, ns in rows
        ]
        return "\n".join(["Processor time a session, default clinic:", "", *lines])


def measure_peers(*, rounds: int = ROUNDS, dyads: int = DYADS) -> Peers:
    """Measure each in turn in every round; medians.

    Parameters
    ----------
    rounds
        How often.
    dyads
        How many NumPy and JAX have at a time.
    """
    clinic = default_clinic()

    def engine(replicates: int) -> Any:
        return simulate(clinic, replicates=replicates, threads=1)

    on_numpy = sessions_on_arrays(np)
    given = (np.linspace(0.2, 0.8, dyads), np.arange(dyads, dtype=np.uint64))
    work: dict[str, tuple[Callable[[], Any], int]] = {
        "engine": (lambda: engine(ENGINE_REPLICATES), _sessions(engine(ENGINE_REPLICATES))),
        "mesa_batch_run": (lambda: mesa_batch(1), _sessions(engine(1))),
        "numpy": (lambda: on_numpy(*given), dyads),
    }
    if importlib.util.find_spec("jax") is not None:
        work["jax"] = (_compiled_by_jax(*given), dyads)
    taken: dict[str, list[float]] = {name: [] for name in work}
    for run, _ in work.values():
        run()
    for _ in range(rounds):
        for name, (run, sessions) in work.items():
            begun = time.process_time()
            run()
            taken[name].append(1e9 * (time.process_time() - begun) / sessions)
    found = {name: statistics.median(times) for name, times in taken.items()}
    return Peers(found["engine"], found["mesa_batch_run"], found["numpy"], found.get("jax"))


def _compiled_by_jax(*given: Any) -> Callable[[], Any]:
    library: Any = importlib.import_module("jax")
    library.config.update("jax_enable_x64", True)
    run = library.jit(sessions_on_arrays(library.numpy))
    there = [library.numpy.asarray(one) for one in given]
    return lambda: library.block_until_ready(run(*there))


def _sessions(result: Any) -> int:
    return int(result.client_rows["sessions"].sum())
