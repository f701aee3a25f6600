"""Comparing two settings: replicates of both run in steps, each complete in itself, so that results sharpen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from dashboards.comparisons.comparison import CURVES, Arm, Comparison, Difference, sentence
from dashboards.computing.cache import FINISHED, Shared
from dashboards.computing.cores import CORES, Cores
from dashboards.computing.outcome_runs import tables_of
from experiments.analysis.shared_luck import SharedLuck
from experiments.catalogue import OUTCOMES
from experiments.quantities.intervals import means_of_stretches
from simulation.errors import AllianceError, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimates
    from experiments.tables.run_tables import RunTables

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["Comparing", "compare", "sharpen_comparison"]

MOST_REPLICATES = 2_000
MOST_CLIENTS = 20_000
MOST_CLIENTS_RUN = 4_000_000
CLIENTS_AT_A_TIME = 2_000
"""Clients of an arm run together, with their sessions: some hundredths of a second."""


class Comparing:
    """A comparison under way.

    One thread at a time may call `step`; between two steps nothing runs.

    Parameters
    ----------
    a, b
        The arms.
    seed
        Of both.
    replicates
        Clinics in each arm, at least 2.
    cores
        Where a second core is borrowed from while nobody else uses it.

    Raises
    ------
    AllianceError
        If it cannot be run, or would take too long for a page.
    """

    def __init__(
        self, a: Arm, b: Arm, seed: int = 1, replicates: int = 50, *, cores: Cores = CORES
    ) -> None:
        self.a, self.b = a, b
        self.seed = whole_number("seed", seed, 0, 2**64 - 1)
        self.replicates = whole_number("replicates", replicates, 2, MOST_REPLICATES)
        largest = max(a.parameters.clients, b.parameters.clients)
        if largest > MOST_CLIENTS or largest * self.replicates > MOST_CLIENTS_RUN:
            raise AllianceError(
                f"{replicates:,} clinics of {largest:,} clients are too many to compare on a page: choose fewer "
                "replicates or clients, or compare them with alliance sweep."
            )
        self.done = 0
        self._cores = cores
        self._chunk = max(1, CLIENTS_AT_A_TIME // largest)
        self._runs: tuple[list[_Chunk], list[_Chunk]] = ([], [])

    @property
    def finished(self) -> bool:
        """Whether every replicate is there."""
        return self.done == self.replicates

    def step(self) -> Comparison:
        """Run the next replicates of both arms, about a tenth of a second, and tell what is known.

        Returns with nothing running.
        """
        count = min(self._chunk, self.replicates - self.done)
        if count:
            with self._cores.lend(2) as threads:
                if threads == 1:
                    found = [self._run(arm, count) for arm in (self.a, self.b)]
                else:
                    with ThreadPoolExecutor(1, "comparison") as pool:
                        other = pool.submit(self._run, self.b, count)
                        found = [self._run(self.a, count), other.result()]
            for chunks, chunk in zip(self._runs, found, strict=True):
                chunks.append(chunk)
            self.done += count
        return self.comparison()

    def comparison(self) -> Comparison:
        """Return what is known so far.

        Raises
        ------
        AllianceError
            If no step was taken yet.
        """
        if not self.done:
            raise AllianceError("Nothing has been run yet: take a step first.")
        values_a, values_b = (_outcomes(chunks) for chunks in self._runs)
        return Comparison(
            a=self.a,
            b=self.b,
            seed=self.seed,
            replicates=self.replicates,
            done=self.done,
            outcomes=MappingProxyType(_differences(values_a, values_b, self.b.label)),
            curves_a=MappingProxyType(_bands(self._runs[0])),
            curves_b=MappingProxyType(_bands(self._runs[1])),
            number_a=_numbers(self._runs[0]),
            number_b=_numbers(self._runs[1]),
            per_replicate_a=MappingProxyType(values_a),
            per_replicate_b=MappingProxyType(values_b),
        )

    def _run(self, arm: Arm, count: int) -> _Chunk:
        tables = tables_of(arm.parameters, self.seed, self.done, count)
        outcomes = {name: outcome(tables) for name, outcome in OUTCOMES.items()}
        return _Chunk(outcomes, *_courses(tables))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some replicates of one arm.

    Outcomes have shape (replicates,), curves (replicates, sessions), clients at each session (sessions,).
    """

    outcomes: dict[str, Numbers]
    courses: dict[str, Numbers]
    number: Counts


def sharpen_comparison(
    a: Arm, b: Arm, seed: int = 1, replicates: int = 50, *, cores: Cores = CORES
) -> Iterator[Comparison]:
    """Give what is known after each step, until the comparison is finished; leave the loop to cancel.

    Raises
    ------
    AllianceError
        As for `Comparing`.
    """
    run = Comparing(a, b, seed, replicates, cores=cores)
    while not run.finished:
        yield run.step()


def compare(
    a: Arm, b: Arm, seed: int = 1, replicates: int = 50, *, shared: Shared = FINISHED
) -> Comparison:
    """Return the finished comparison, run once for all who ask.

    Raises
    ------
    AllianceError
        As for `Comparing`.
    """

    def run() -> Comparison:
        comparing = Comparing(a, b, seed, replicates)
        while not comparing.finished:
            found = comparing.step()
        return found

    return shared.get(("comparison", a, b, seed, replicates), run)


def _courses(tables: RunTables) -> tuple[dict[str, Numbers], Counts]:
    by = tables.sessions_by_study
    last = max(tables.width, 1)
    place = by.of_row * last + tables.session("session").astype(np.int64) - 1
    size, shape = by.count * last, (by.count, last)
    number = np.bincount(place, minlength=size).reshape(shape).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        starters = tables.clients_by_study.size(tables.started)
        found = {"staying": number / starters[:, None]}
        for name in CURVES[1:]:
            total = np.bincount(place, tables.session(name), minlength=size).reshape(shape)
            found[name] = total / number
    return found, number.sum(axis=0).astype(np.int64)


def _outcomes(chunks: list[_Chunk]) -> dict[str, Numbers]:
    return {name: np.concatenate([chunk.outcomes[name] for chunk in chunks]) for name in OUTCOMES}


def _numbers(chunks: list[_Chunk]) -> Counts:
    found = np.zeros(max(len(chunk.number) for chunk in chunks), dtype=np.int64)
    for chunk in chunks:
        found[: len(chunk.number)] += chunk.number
    return found


def _bands(chunks: list[_Chunk]) -> dict[str, Estimates]:
    last = max(chunk.courses["staying"].shape[1] for chunk in chunks)
    found = {}
    for name in CURVES:
        absent = 0.0 if name == "staying" else np.nan
        rows = np.concatenate(
            [
                np.pad(
                    chunk.courses[name],
                    ((0, 0), (0, last - chunk.courses[name].shape[1])),
                    constant_values=absent,
                )
                for chunk in chunks
            ]
        )
        found[name] = _means(np.ascontiguousarray(rows.T))
    return found


def _means(rows: Numbers) -> Estimates:
    """Return mean and 95 % t interval of each row; no interval for fewer than two values."""
    count = rows.shape[1]
    starts = np.arange(len(rows)) * count
    return means_of_stretches(rows.ravel(), starts, np.full(len(rows), count))[0]


def _differences(
    values_a: dict[str, Numbers], values_b: dict[str, Numbers], arm: str
) -> dict[str, Difference]:
    names = list(OUTCOMES)
    a, b = (np.stack([values[name] for name in names]) for values in (values_a, values_b))
    mean_a, mean_b, difference = _means(a).value, _means(b).value, _means(b - a)
    found = {}
    for place, name in enumerate(names):
        luck = SharedLuck(a.shape[1])
        known = ~np.isnan(a[place]) & ~np.isnan(b[place])
        if known.all():
            luck.add(np.stack([a[place], b[place]]))
        outcome = OUTCOMES[name]
        found[name] = Difference(
            outcome,
            float(mean_a[place]),
            float(mean_b[place]),
            difference[place],
            luck.saved,
            sentence(outcome, arm, difference[place]),
        )
    return found
