"""Runs of a clinic as the tables that outcomes are computed from, in the calling thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.tables.run_tables import RunTables
from simulation.running import simulate

if TYPE_CHECKING:
    from simulation.parameters import Parameters

__all__ = ["tables_of"]


def tables_of(
    parameters: Parameters,
    seed: int,
    first: int,
    count: int,
    needed: frozenset[str] = frozenset({"sessions", "therapists"}),
) -> RunTables:
    """Run replicates `first` to ``first + count - 1`` and return their tables.

    Parameters
    ----------
    parameters, seed, first, count
        What to run.
    needed
        Tables wanted beside the clients, as `experiments.catalogue.tables_needed` tells them.

    Raises
    ------
    AllianceError
        If it cannot be run.
    """
    result = simulate(
        parameters,
        seed=seed,
        replicates=count,
        first_replicate=first,
        histories="sessions" in needed,
        threads=1,
    )
    return RunTables.of(result, needed)
