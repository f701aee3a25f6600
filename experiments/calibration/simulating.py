"""The simulations of a calibration: many studies of a setting, and the targets' statistics of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validation.seeds import FITTING_SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from experiments.calibration.targets import Targets
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["STUDIES", "simulate_each", "simulated_statistics", "simulator_of", "study_size"]

STUDIES = 100
CLIENTS = 60


def simulated_statistics(
    parameters: Parameters,
    targets: Targets,
    *,
    seed: int = FITTING_SEED,
    studies: int = STUDIES,
    threads: int | None = None,
) -> Array:
    """Simulate many studies of a setting and compute the targets' statistics, shape (targets,)."""
    from experiments.tables.run_tables import RunTables
    from experiments.validation.simulated_studies import simulated_tables

    return targets.compute(RunTables(*simulated_tables(parameters, seed, studies, threads)))


def study_size(parameters: Parameters, clients: int = CLIENTS) -> Parameters:
    """Return the setting with as many clients as a study has, and therapists in proportion."""
    therapists = max(2, round(parameters.therapists * clients / parameters.clients))
    arrivals = parameters.arrivals_per_week * clients / parameters.clients
    return parameters.replace(clients=clients, therapists=therapists, arrivals_per_week=arrivals)


def simulator_of(targets: Targets, studies: int = STUDIES) -> Callable[[Parameters], Array]:
    """Return what computes the targets' statistics of so many studies of a setting, shrunk to their size."""

    def simulator(parameters: Parameters) -> Array:
        return simulated_statistics(study_size(parameters), targets, studies=studies, threads=1)

    return simulator


def simulate_each(
    simulator: Callable[[Parameters], Array], settings: Sequence[Parameters], workers: int | None
) -> Iterator[Array]:
    """Yield the statistics of each setting in turn, so many simulated at a time; one a core if left out."""
    from concurrent.futures import ThreadPoolExecutor

    from simulation.cores import available_cores

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        yield from pool.map(simulator, settings)
