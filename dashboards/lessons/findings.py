"""From finished arms to findings: numbers with 95 % intervals, paired over common random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.lessons.measures import MEASURES
from experiments.quantities.estimate import Estimate
from experiments.quantities.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.measures.measure import ArmRun, Measured
    from dashboards.lessons.wanted import FindingWanted

__all__ = ["Finding", "computed", "find_all"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that a run gave.

    Attributes
    ----------
    name, label
        As in the lesson.
    estimate
        The number and the 95 % interval that is left by simulating a finite number of clinics.
    of_arm, of_other
        For a difference, the values on both sides; otherwise the value, and nan.
    unit
        As in its measure.
    difference
        Whether it is one.
    """

    name: str
    label: str
    estimate: Estimate
    of_arm: float
    of_other: float
    unit: Unit
    difference: bool


def find_all(lesson: Lesson, arms: Mapping[str, ArmRun]) -> dict[str, Finding]:
    """Return every finding of a lesson; counts come after what they count."""
    measured: dict[tuple[str, str], Measured] = {}

    def parts(measure: str, arm: str) -> Measured:
        if (measure, arm) not in measured:
            measured[measure, arm] = MEASURES[measure].compute(arms[arm])
        return measured[measure, arm]

    found: dict[str, Finding] = {}
    for wanted in lesson.findings:
        if wanted.measure:
            own = parts(wanted.measure, wanted.arm)
            other = parts(wanted.measure, wanted.baseline) if wanted.baseline else None
            found[wanted.name] = computed(wanted, own, other)
    for wanted in lesson.findings:
        if wanted.count:
            found[wanted.name] = _counted(wanted, [found[name] for name in wanted.count])
    return {wanted.name: found[wanted.name] for wanted in lesson.findings}


def computed(wanted: FindingWanted, own: Measured, other: Measured | None) -> Finding:
    """Return a value, or the difference of two over the same random numbers, with its interval."""
    found = own if other is None else own.less(other)
    return Finding(
        name=wanted.name,
        label=wanted.label,
        estimate=found.estimate,
        of_arm=own.estimate.value,
        of_other=math.nan if other is None else other.estimate.value,
        unit=MEASURES[wanted.measure].unit,
        difference=other is not None,
    )


def _counted(wanted: FindingWanted, counted: Sequence[Finding]) -> Finding:
    """Count the findings that pass; the interval runs from those sure to pass to those not sure to fail."""
    from experiments.evidence.reading import fact

    if wanted.inside:
        published = fact(wanted.inside)
        low, high = published.low, published.high
        assert low is not None
        assert high is not None
        floor, ceiling = low, high
    else:
        assert wanted.over is not None
        floor, ceiling = wanted.over, math.inf
    estimates = [one.estimate for one in counted]
    value = sum(floor <= one.value <= ceiling for one in estimates)
    sure = sum(floor <= one.low and one.high <= ceiling for one in estimates)
    possible = sum(one.high >= floor and one.low <= ceiling for one in estimates)
    return Finding(
        name=wanted.name,
        label=wanted.label,
        estimate=Estimate(float(value), float(sure), float(possible)),
        of_arm=float(value),
        of_other=math.nan,
        unit=Unit(f"of {len(counted)}", digits=0, less="fewer"),
        difference=False,
    )
