"""What a measure of a lesson is, and how one is made of the project's outcomes and statistics.

A measure is computed once over all clinics of an arm, and once in each of their parts (single clinics, or batches of
them where a statistic needs many clients). Arms share their random numbers, so parts of two arms are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.catalogue import outcome
from experiments.outcomes.replicates import Tables as OutcomeTables

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from experiments.statistics import Tables
    from simulation.results.result import Result

    Numbers = NDArray[np.float64]

__all__ = [
    "BATCHES",
    "CLIENTS",
    "PERCENT",
    "POINTS",
    "RATING",
    "ArmRun",
    "Measure",
    "Parts",
    "mean_where",
    "named",
    "outcome_of",
    "statistic_of",
]

CLIENTS, POINTS, RATING = "clients in 100", "CORE-10 points", "points of the WAI-SR"
PERCENT = "%"

BATCHES = 20
"""Into how many parts the clinics of an arm are dealt for a statistic."""


@dataclass(frozen=True, eq=False)
class ArmRun:
    """The finished run of one arm, and its tables in the two forms that outcomes and statistics read."""

    name: str
    title: str
    result: Result

    @cached_property
    def outcome_tables(self) -> OutcomeTables:
        """Columns by replicate, as `experiments.outcomes.catalogue` reads them."""
        run = self.result
        return OutcomeTables(
            run.first_replicate,
            run.replicates,
            run.columns("clients"),
            run.columns("therapists"),
            run.columns("sessions"),
        )

    @cached_property
    def tables(self) -> Tables:
        """Tables, as `experiments.statistics` reads them."""
        from experiments.statistics import Tables

        return Tables(self.result.clients, self.result.sessions, self.result.therapists)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A number over all clinics of an arm, and the same in each part of them, shape (parts,)."""

    value: float
    parts: Numbers


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a lesson measures.

    Attributes
    ----------
    name, meaning
        As lessons name it, and one line.
    unit
        As it stands behind a number: ``"clients in 100"``; empty for a correlation.
    digits
        Decimals worth showing.
    more, less
        What a difference is called: ``more`` and ``fewer`` clients.
    compute
        From a finished arm to the number and its parts.
    """

    name: str
    meaning: str
    unit: str
    digits: int
    more: str
    less: str
    compute: Callable[[ArmRun], Parts]


def outcome_of(name: str, factor: float = 1.0) -> Callable[[ArmRun], Parts]:
    """Measure an outcome of the project: the mean over clinics."""

    def compute(run: ArmRun) -> Parts:
        parts = outcome(name).compute(run.outcome_tables) * factor
        known = parts[np.isfinite(parts)]
        return Parts(float(known.mean()) if known.size else float("nan"), parts)

    return compute


def statistic_of(
    function: Callable[[Tables], float], factor: float = 1.0
) -> Callable[[ArmRun], Parts]:
    """Measure a statistic over all clinics, and in batches of them."""

    def compute(run: ArmRun) -> Parts:
        batches = run.tables.batches(min(BATCHES, run.tables.studies))
        return Parts(
            function(run.tables) * factor, np.array([function(one) * factor for one in batches])
        )

    return compute


def named(name: str, factor: float = 1.0, **arguments: object) -> Callable[[ArmRun], Parts]:
    """Measure a statistic of the project by its name."""

    def compute(run: ArmRun) -> Parts:
        from experiments.statistics import statistic

        return statistic_of(partial(statistic(name), **arguments), factor)(run)

    return compute


def mean_where(
    values: Callable[[Tables], Numbers], who: Callable[[Tables], NDArray[np.bool_]]
) -> Callable[[Tables], float]:
    """Return the mean of some clients' values as a statistic."""

    def function(tables: Tables) -> float:
        chosen = values(tables)[who(tables)]
        known = chosen[np.isfinite(chosen)]
        return float(known.mean()) if known.size else float("nan")

    return function
