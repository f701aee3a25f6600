"""Running a comparison: replicates of both settings in steps, each complete in itself, so that results get better."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.comparisons.chunks import Chunk, curves_of, differences, number_of, outcomes_of
from dashboards.comparisons.comparison import Arm, Comparison
from dashboards.computing.cores import CORES, Cores
from dashboards.computing.outcome_runs import tables_of
from simulation.errors import AllianceError, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ComparisonRun", "refine_comparison"]

MOST_REPLICATES = 2_000
MOST_CLIENTS = 20_000
MOST_CLIENTS_RUN = 4_000_000
CLIENTS_AT_A_TIME = 2_000
"""Clients of an arm run together, with their sessions: some hundredths of a second."""


class ComparisonRun:
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
        self._at_a_time = max(1, CLIENTS_AT_A_TIME // largest)
        self._chunks: tuple[list[Chunk], list[Chunk]] = ([], [])

    @property
    def finished(self) -> bool:
        """Whether every replicate is there."""
        return self.done == self.replicates

    def step(self) -> Comparison:
        """Run the next replicates of both arms, about a tenth of a second, and return what is known.

        Returns with nothing running.
        """
        count = min(self._at_a_time, self.replicates - self.done)
        if count:
            with self._cores.lend(2) as threads:
                if threads == 1:
                    found = [self._run(arm, count) for arm in (self.a, self.b)]
                else:
                    with ThreadPoolExecutor(1, "comparison") as pool:
                        other = pool.submit(self._run, self.b, count)
                        found = [self._run(self.a, count), other.result()]
            for chunks, chunk in zip(self._chunks, found, strict=True):
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
        chunks_a, chunks_b = self._chunks
        values_a, values_b = outcomes_of(chunks_a), outcomes_of(chunks_b)
        return Comparison(
            a=self.a,
            b=self.b,
            seed=self.seed,
            replicates=self.replicates,
            done=self.done,
            outcomes=MappingProxyType(differences(values_a, values_b, self.b.label)),
            curves_a=MappingProxyType(curves_of(chunks_a)),
            curves_b=MappingProxyType(curves_of(chunks_b)),
            number_a=number_of(chunks_a),
            number_b=number_of(chunks_b),
            per_replicate_a=MappingProxyType(values_a),
            per_replicate_b=MappingProxyType(values_b),
        )

    def _run(self, arm: Arm, count: int) -> Chunk:
        return Chunk.of(tables_of(arm.parameters, self.seed, self.done, count))


def refine_comparison(
    a: Arm, b: Arm, seed: int = 1, replicates: int = 50, *, cores: Cores = CORES
) -> Iterator[Comparison]:
    """Give what is known after each step, until the comparison is finished; leave the loop to cancel.

    Raises
    ------
    AllianceError
        As for `ComparisonRun`.
    """
    run = ComparisonRun(a, b, seed, replicates, cores=cores)
    while not run.finished:
        yield run.step()
