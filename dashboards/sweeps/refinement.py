"""A sweep that gets better as it runs: every point once, coarse grid first, then more and more replicates of each.

Work is done in steps of about a tenth of a second, each complete in itself: between two steps nothing runs, so
to cancel a sweep is not to ask for the next step.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from dashboards.computing.cache import arrays_in
from dashboards.computing.cores import CORES, Cores
from dashboards.computing.outcome_runs import tables_of
from experiments.catalogue import outcome, tables_needed
from experiments.quantities.estimate import Estimates
from experiments.quantities.intervals import means_of_stretches
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from dashboards.sweeps.spec import Sweep
    from simulation.parameters import Parameters

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["SweepProgress", "SweepRun", "refine", "rounds"]

COARSEST = 8
"""Spacing of the points that come first."""

CLIENTS_AT_A_TIME = 5_000
"""Clients run together at most: some hundredths of a second, so that a step can end in time."""

THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class SweepProgress:
    """What a sweep knows so far; arrays over points, read-only.

    Attributes
    ----------
    sweep
        What is swept.
    done
        Runs finished so far, of ``sweep.runs``.
    number
        Replicates finished at each point.
    found
        The outcome at each point, mean with 95 % t interval over replicates; not a number where there are no
        replicates yet (mean), or fewer than two (interval).
    failed
        Point to why it cannot be run, such as correlations that contradict each other; it has no mean.
    """

    sweep: Sweep
    done: int
    number: Counts
    found: Estimates
    failed: Mapping[int, str]

    @property
    def finished(self) -> bool:
        """Whether every replicate of every point is there."""
        return self.done == self.sweep.runs


def rounds(replicates: int) -> tuple[tuple[int, int], ...]:
    """Return the first replicate and the number of each round: 1, then three times what is known, then the rest."""
    found, first = [], 0
    while first < replicates:
        size, rest = max(1, 3 * first), replicates - first
        size = rest if rest < 2 * size else size
        found.append((first, size))
        first += size
    return tuple(found)


class SweepRun:
    """A sweep under way.

    One thread at a time may call `step`; `progress` and `values` may be read from any.

    Parameters
    ----------
    sweep
        What to sweep.
    cores
        Where a second core is borrowed from while nobody else uses it.
    """

    def __init__(self, sweep: Sweep, *, cores: Cores = CORES) -> None:
        self.sweep = sweep
        self._cores = cores
        self._outcome = outcome(sweep.outcome)
        self._needed = tables_needed((sweep.outcome,))
        self._clinics: dict[int, Parameters] = {}
        self._failed: dict[int, str] = {}
        self._tasks = self._in_order()
        self._lock = threading.Lock()
        self._values = np.full((sweep.points, sweep.replicates), np.nan)
        self._number = np.zeros(sweep.points, dtype=np.int64)

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return int(self._number.sum()) == self.sweep.runs

    @property
    def values(self) -> Numbers:
        """The outcome of every run so far, shape (points, replicates); not a number where there is none."""
        return self._values.copy()

    def step(self, seconds: float = 0.1) -> SweepProgress:
        """Work for about so long, at least one task, and return what is known, with nothing running."""
        deadline = time.perf_counter() + seconds
        with self._cores.lend(THREADS) as threads:
            if threads == 1:
                self._work(deadline)
            else:
                with ThreadPoolExecutor(threads - 1, "sweep") as pool:
                    others = [pool.submit(self._work, deadline) for _ in range(threads - 1)]
                    self._work(deadline)
                for other in others:
                    other.result()
        return self.progress()

    def progress(self) -> SweepProgress:
        """Return what is known so far."""
        with self._lock:
            number, values = self._number.copy(), self._values.copy()
            failed = dict(self._failed)
        found = _estimates(values, number)
        for array in arrays_in((number, found)):
            array.flags.writeable = False
        return SweepProgress(self.sweep, int(number.sum()), number, found, MappingProxyType(failed))

    def _work(self, deadline: float) -> None:
        while True:
            with self._lock:
                task = next(self._tasks, None)
            if task is None:
                return
            point, first, count = task
            clinic = self._clinics[point]
            try:
                tables = tables_of(clinic, self.sweep.seed, first, count, self._needed)
                found = self._outcome.compute(tables)
            except AllianceError as error:
                with self._lock:
                    self._failed[point] = str(error)
                    self._number[point] += count
                continue
            with self._lock:
                self._values[point, first : first + count] = found
                self._number[point] += count
            if time.perf_counter() >= deadline:
                return

    def _in_order(self) -> Iterator[tuple[int, int, int]]:
        order = coarse_first(self.sweep.shape)
        for first, size in rounds(self.sweep.replicates):
            for point in order:
                if point not in self._clinics:
                    self._clinics[point] = self.sweep.parameters_at(point)
                most = max(1, CLIENTS_AT_A_TIME // self._clinics[point].clients)
                for begin in range(first, first + size, most):
                    yield point, begin, min(most, first + size - begin)


def coarse_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers of all points, those of a coarse grid before those of finer ones."""
    places = np.indices(shape).reshape(len(shape), -1)
    rank = np.zeros(places.shape[1], dtype=np.int64)
    spacing, level = 1, 0
    while spacing < COARSEST:
        spacing, level = spacing * 2, level + 1
        rank[(places % spacing == 0).all(axis=0)] = level
    return tuple(np.argsort(-rank, kind="stable").tolist())


def _estimates(values: Numbers, number: Counts) -> Estimates:
    """Return mean and interval of the replicates so far of every point, by the study's own arithmetic."""
    found = Estimates(*(np.full(len(number), np.nan) for _ in range(3)))
    known = np.flatnonzero(number)
    if len(known):
        counts = number[known]
        inside = np.arange(values.shape[1]) < counts[:, None]
        starts = np.cumsum(counts) - counts
        means, _ = means_of_stretches(values[known][inside], starts, counts)
        found.value[known], found.low[known], found.high[known] = means.value, means.low, means.high
    return found


def refine(sweep: Sweep, *, seconds: float = 0.1, cores: Cores = CORES) -> Iterator[SweepProgress]:
    """Give what is known about every `seconds`, until the sweep is finished; leave the loop to cancel."""
    run = SweepRun(sweep, cores=cores)
    while not run.finished:
        yield run.step(seconds)
