"""How a lesson measures: outcomes and statistics of the catalogue, in units that a class can picture.

A measure is computed once over all clinics of an arm, and once in each of their parts (single clinics, or batches of
them where a statistic needs many clients). Arms share their random numbers, so parts of two arms are paired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.catalogue import OUTCOMES, statistic
from experiments.outcomes.estimating import estimated
from experiments.quantities import unit as units
from experiments.quantities.intervals import difference_of_shares, from_parts, share_of
from experiments.quantities.measure import Measure
from experiments.quantities.unit import Unit
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
    "CORRELATION",
    "DROPOUTS",
    "PERCENT",
    "POINTS",
    "RATING",
    "ArmRun",
    "LessonMeasure",
    "Measured",
    "as_catalogued",
    "from_outcome",
    "from_statistic",
    "measured",
    "share_where",
    "statistic_of",
]

IN_100 = Unit("in 100", (0.0, 100.0), digits=1, less="fewer")
CLIENTS = replace(IN_100, name="clients in 100")
DROPOUTS = replace(IN_100, name="dropouts in 100", digits=0)
PERCENT = Unit("%", (0.0, 100.0), digits=1)
POINTS = Unit("CORE-10 points", digits=1)
RATING = Unit("points of the WAI-SR", digits=1, less="fewer")
CORRELATION = replace(units.CORRELATION, name="")

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
        """Return the difference from another of the same parts.

        Its interval is that of the paired parts. Two shares without any spread, nobody in one arm and nobody in the
        other, have no pairs to go by: theirs comes from the intervals of both.
        """
        value, parts = self.estimate.value - other.estimate.value, self.parts - other.parts
        if self._without_spread and other._without_spread:
            return Measured(difference_of_shares(self.estimate, other.estimate), parts)
        return measured(value, parts)

    @property
    def _without_spread(self) -> bool:
        known = self.parts[np.isfinite(self.parts)]
        return np.unique(known).size == 1 and self.estimate.width > 0.0


LessonMeasure = Measure[Measured]
"""A measure that is computed from a finished arm (`ArmRun`)."""


def measured(value: float, parts: Numbers) -> Measured:
    """Return a number with the interval that its parts give."""
    return Measured(from_parts(value, parts), parts)


def from_outcome(
    name: str, outcome: str, meaning: str, unit: Unit, *, factor: float = 1.0
) -> LessonMeasure:
    """Return an outcome of the catalogue under a name and in a unit for students: its mean over clinics."""
    row = OUTCOMES[outcome]

    def compute(run: ArmRun) -> Measured:
        return Measured(estimated(row, run.tables).times(factor), row(run.tables) * factor)

    return Measure(name, row.label, meaning, unit, compute)


def as_catalogued(outcome: str) -> LessonMeasure:
    """Return an outcome as the catalogue has it, what lies between 0 and 1 in percent."""
    row = OUTCOMES[outcome]
    if row.unit.range == (0.0, 1.0):
        return from_outcome(outcome, outcome, row.meaning, PERCENT, factor=100.0)
    unit = replace(row.unit, name=row.unit.step)
    return from_outcome(outcome, outcome, row.meaning, unit)


def from_statistic(
    name: str,
    function: str,
    meaning: str,
    unit: Unit,
    *,
    factor: float = 1.0,
    **arguments: object,
) -> LessonMeasure:
    """Return a statistic of the catalogue under a name and in a unit for students."""
    row = statistic(function)
    compute = statistic_of(partial(row, **arguments), factor)
    return Measure(name, row.label, meaning, unit, compute)


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
