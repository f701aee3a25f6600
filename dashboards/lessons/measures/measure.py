"""What a measure of a lesson is, and how one is made of the project's outcomes and statistics.

A measure is computed once over all clinics of an arm, and once in each of their parts (single clinics, or batches of
them where a statistic needs many clients). Arms share their random numbers, so parts of two arms are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.catalogue import outcome
from experiments.quantities.intervals import from_parts, share_of
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimate
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
    "Measured",
    "measured",
    "named",
    "outcome_of",
    "share_where",
    "statistic_of",
]

CLIENTS, POINTS, RATING = "clients in 100", "CORE-10 points", "points of the WAI-SR"
PERCENT = "%"

BATCHES = 20
"""Into how many parts the clinics of an arm are dealt for a statistic."""


@dataclass(frozen=True, eq=False)
class ArmRun:
    """The finished run of one arm, and its tables."""

    name: str
    title: str
    result: Result

    @cached_property
    def tables(self) -> RunTables:
        """Its tables."""
        return RunTables.of(self.result)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a measure is in an arm.

    Attributes
    ----------
    estimate
        Over all clinics, with its interval: what charts draw and texts say.
    parts
        The same number in each part of the clinics, shape (parts,): parts of two arms are paired.
    """

    estimate: Estimate
    parts: Numbers

    def less(self, other: Measured) -> Measured:
        """Return the difference from another of the same parts, with the interval of the paired difference."""
        return measured(
            self.estimate.value - other.estimate.value, np.subtract(self.parts, other.parts)
        )


def measured(value: float, parts: Numbers) -> Measured:
    """Return a number with the interval that its parts give."""
    return Measured(from_parts(value, parts), parts)


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
    compute: Callable[[ArmRun], Measured]


def outcome_of(name: str, factor: float = 1.0) -> Callable[[ArmRun], Measured]:
    """Measure an outcome of the project: the mean over clinics."""

    def compute(run: ArmRun) -> Measured:
        parts = outcome(name).compute(run.tables) * factor
        known = parts[np.isfinite(parts)]
        return measured(float(known.mean()) if known.size else float("nan"), parts)

    return compute


def statistic_of(
    function: Callable[[RunTables], float], factor: float = 1.0
) -> Callable[[ArmRun], Measured]:
    """Measure a statistic over all clinics, and in batches of them."""

    def compute(run: ArmRun) -> Measured:
        batches = run.tables.batches(min(BATCHES, run.tables.studies))
        return measured(
            function(run.tables) * factor, np.array([function(one) * factor for one in batches])
        )

    return compute


def named(name: str, factor: float = 1.0, **arguments: object) -> Callable[[ArmRun], Measured]:
    """Measure a statistic of the project by its name."""

    def compute(run: ArmRun) -> Measured:
        from experiments.catalogue import statistic

        return statistic_of(partial(statistic(name), **arguments), factor)(run)

    return compute


def share_where(
    values: Callable[[RunTables], NDArray[np.bool_]], who: Callable[[RunTables], NDArray[np.bool_]]
) -> Callable[[ArmRun], Measured]:
    """Measure in how many of 100 clients something holds, of those chosen, with Wilson's interval."""

    def share(tables: RunTables) -> Estimate:
        chosen = values(tables)[who(tables)]
        return share_of(int(chosen.sum()), len(chosen)).times(100.0)

    def compute(run: ArmRun) -> Measured:
        batches = run.tables.batches(min(BATCHES, run.tables.studies))
        return Measured(share(run.tables), np.array([share(one).value for one in batches]))

    return compute
