"""From finished arms to findings: numbers with 95 % intervals, paired over common random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.measures.measure import ArmRun, Parts
    from dashboards.lessons.wanted import FindingWanted

__all__ = ["Found", "computed", "find_all"]


@dataclass(frozen=True, slots=True)
class Found:
    """A number that a run gave.

    Attributes
    ----------
    name, label
        As in the lesson.
    value, low, high
        The number and the 95 % interval that is left by simulating a finite number of clinics.
    of_arm, of_other
        For a difference, the values on both sides; otherwise the value, and nan.
    unit, digits, more, less
        As in its measure.
    difference
        Whether it is one.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    of_arm: float
    of_other: float
    unit: str
    digits: int
    more: str
    less: str
    difference: bool

    def turned(self) -> Found:
        """Return what it would be with the opposite sign: to see what a lesson would then say."""
        from dataclasses import replace

        return replace(
            self,
            value=-self.value,
            low=-self.high,
            high=-self.low,
            of_arm=self.of_other if self.difference else -self.of_arm,
            of_other=self.of_arm if self.difference else self.of_other,
        )


def find_all(lesson: Lesson, arms: Mapping[str, ArmRun]) -> dict[str, Found]:
    """Return every finding of a lesson; counts come after what they count."""
    kept: dict[tuple[str, str], Parts] = {}

    def parts(measure: str, arm: str) -> Parts:
        if (measure, arm) not in kept:
            kept[measure, arm] = MEASURES[measure].compute(arms[arm])
        return kept[measure, arm]

    found: dict[str, Found] = {}
    for wanted in lesson.findings:
        if wanted.measure:
            own = parts(wanted.measure, wanted.arm)
            other = parts(wanted.measure, wanted.against) if wanted.against else None
            found[wanted.name] = computed(wanted, own, other)
    for wanted in lesson.findings:
        if wanted.count:
            found[wanted.name] = _counted(wanted, [found[name] for name in wanted.count])
    return {wanted.name: found[wanted.name] for wanted in lesson.findings}


def computed(wanted: FindingWanted, own: Parts, other: Parts | None) -> Found:
    """Return a value, or the difference of two over the same random numbers, with its interval."""
    measure = MEASURES[wanted.measure]
    value = own.value if other is None else own.value - other.value
    spread = own.parts if other is None else own.parts - other.parts
    half = _half_width(spread)
    return Found(
        name=wanted.name,
        label=wanted.label,
        value=value,
        low=value - half,
        high=value + half,
        of_arm=own.value,
        of_other=math.nan if other is None else other.value,
        unit=measure.unit,
        digits=measure.digits,
        more=measure.more,
        less=measure.less,
        difference=other is not None,
    )


def _half_width(parts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    from scipy.special import stdtrit

    known = parts[np.isfinite(parts)]
    if known.size < 2:
        return math.nan
    return float(stdtrit(known.size - 1, 0.975) * known.std(ddof=1) / math.sqrt(known.size))


def _counted(wanted: FindingWanted, counted: Sequence[Found]) -> Found:
    """Count the findings that pass; the interval runs from those sure to pass to those not sure to fail."""
    from experiments.evidence.facts import fact

    if wanted.inside:
        published = fact(wanted.inside)
        low, high = published.low, published.high
        assert low is not None
        assert high is not None
        floor, ceiling = low, high
    else:
        assert wanted.over is not None
        floor, ceiling = wanted.over, math.inf
    value = sum(floor <= one.value <= ceiling for one in counted)
    sure = sum(floor <= one.low and one.high <= ceiling for one in counted)
    possible = sum(one.high >= floor and one.low <= ceiling for one in counted)
    return Found(
        name=wanted.name,
        label=wanted.label,
        value=float(value),
        low=float(sure),
        high=float(possible),
        of_arm=float(value),
        of_other=math.nan,
        unit=f"of {len(counted)}",
        digits=0,
        more="more",
        less="fewer",
        difference=False,
    )
