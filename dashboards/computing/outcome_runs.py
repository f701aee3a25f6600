"""Runs of a clinic as the tables that outcomes are computed from, in the calling thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.outcomes.replicates import Tables
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
) -> Tables:
    """Run replicates `first` to ``first + count - 1`` and return their tables.

    Parameters
    ----------
    parameters, seed, first, count
        What to run.
    needed
        Tables wanted beside the clients, as `experiments.outcomes.catalogue.tables_needed` tells them.

    Raises
    ------
    AllianceError
        If it cannot be run.
    """
    histories = "sessions" in needed
    result = simulate(
        parameters,
        seed=seed,
        replicates=count,
        first_replicate=first,
        histories=histories,
        threads=1,
    )
    return Tables(
        first=first,
        replicates=count,
        clients=result.columns("clients"),
        therapists=result.columns("therapists") if "therapists" in needed else {},
        sessions=result.columns("sessions") if histories else {},
    )
