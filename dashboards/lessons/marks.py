"""Where a prediction lies in the charts of a lesson: in every chart that shows what the prediction is about."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS, Bars, Lines, Predicted
from dashboards.lessons.measures.curves import LATE
from dashboards.lessons.predictions import understood
from dashboards.lessons.questions import ChoiceQuestion, DirectionQuestion
from dashboards.lessons.wording import ONE_WHOLE_NUMBER, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.charts.figures import Figure
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.predictions import Prediction
    from dashboards.lessons.questions import Check
    from dashboards.lessons.running import LessonResult
    from dashboards.lessons.wanted import FigureWanted, FindingWanted

__all__ = ["marks", "with_prediction"]

HEAD_START = "head_start"
"""The measure that a curve over sessions shows, at the late session."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Where a prediction says that a value lies; infinite where it names no bound."""

    low: float
    high: float

    def plus(self, value: float) -> _Range:
        return _Range(value + self.low, value + self.high)

    def below(self, value: float) -> _Range:
        return _Range(value - self.high, value - self.low)

    def within(self, other: _Range) -> _Range:
        return _Range(max(self.low, other.low), min(self.high, other.high))


def with_prediction(result: LessonResult, prediction: Prediction) -> tuple[Figure, ...]:
    """Return the charts of a lesson with the prediction marked in them."""
    return tuple(
        replace(figure, predicted=found) if isinstance(figure, Bars | Lines) else figure
        for figure, found in zip(result.figures, marks(result, prediction), strict=True)
    )


def marks(result: LessonResult, prediction: Prediction) -> tuple[tuple[Predicted, ...], ...]:
    """Return of each chart where a prediction lies in it; nothing for a chart that shows something else.

    A prediction of a difference is marked in the arm that the question is about, from what the other arm has.
    """
    lesson = result.lesson
    expected = tuple(_expected(lesson, understood(lesson, prediction)))
    return tuple(_in_figure(wanted, result, expected) for wanted in lesson.figures)


def _expected(lesson: Lesson, prediction: Prediction) -> Iterator[tuple[FindingWanted, _Range]]:
    """Yield what a prediction says: of which finding, and where it lies."""
    question = lesson.predict
    findings = {one.name: one for one in lesson.findings}
    if isinstance(question, ChoiceQuestion):
        option = next(one for one in question.options if one.key == prediction)
        for check in option.checks:
            yield findings[check.finding], _said(check, findings[check.finding])
    elif isinstance(question, DirectionQuestion):
        margin = question.margin
        yield (
            findings[question.finding],
            {
                "more": _Range(margin, math.inf),
                "less": _Range(-math.inf, -margin),
                "same": _Range(-margin, margin),
            }[str(prediction)],
        )
    else:
        yield findings[question.finding], _Range(float(prediction), float(prediction))


def _said(check: Check, finding: FindingWanted) -> _Range:
    if check.side == "above":
        return _Range(check.bound, math.inf)
    if check.side == "below":
        return _Range(-math.inf, check.bound)
    # What is counted is whole: a margin of a half is that number.
    margin = 0.0 if finding.count and check.margin <= ONE_WHOLE_NUMBER else check.margin
    return _Range(check.bound - margin, check.bound + margin)


def _in_figure(
    wanted: FigureWanted, result: LessonResult, expected: tuple[tuple[FindingWanted, _Range], ...]
) -> tuple[Predicted, ...]:
    found: dict[float, _Range] = {}
    digits: dict[float, str] = {}
    for finding, said in expected:
        placed = _placed(wanted, result, finding, said)
        if placed is None:
            continue
        at, where = placed
        found[at] = where.within(found[at]) if at in found else where
        digits[at] = finding.name
    return tuple(
        _predicted(result, at, where, digits[at], of_an_arm=wanted.kind == "levels")
        for at, where in found.items()
        if where.low <= where.high
    )


def _placed(
    wanted: FigureWanted, result: LessonResult, finding: FindingWanted, said: _Range
) -> tuple[float, _Range] | None:
    """Return in which row of a chart, or at which x, a prediction of a finding lies, and where."""
    arms = wanted.arms or tuple(arm.name for arm in result.lesson.arms)
    if wanted.kind == "findings" and finding.name in wanted.findings:
        return float(wanted.findings.index(finding.name)), said
    if wanted.kind == "curve" and finding.measure == HEAD_START and finding.arm == arms[0]:
        return float(LATE), said.plus(_mean_at_first(result, wanted))
    if wanted.kind == "levels" and wanted.measure == finding.measure:
        arm, where = _of_an_arm(result, finding, said)
        if {arm, finding.arm, finding.baseline or arm} <= set(arms):
            return float(arms.index(arm)), where
    return None


def _of_an_arm(result: LessonResult, finding: FindingWanted, said: _Range) -> tuple[str, _Range]:
    """Return in which arm a prediction lies, and where: of a difference, from what the other arm has."""
    of = result.found[finding.name]
    if not finding.baseline:
        return finding.arm, said
    if result.lesson.predict.about == finding.baseline:
        return finding.baseline, said.below(of.of_arm)
    return finding.arm, said.plus(of.of_other)


def _mean_at_first(result: LessonResult, wanted: FigureWanted) -> float:
    """Return the mean first rating of all who began, as the curve has it."""
    figure = result.figures[result.lesson.figures.index(wanted)]
    assert isinstance(figure, Lines)
    (value, *_) = figure.series[1].values
    assert value is not None
    return value


def _predicted(
    result: LessonResult, at: float, where: _Range, finding: str, *, of_an_arm: bool
) -> Predicted:
    unit = result.found[finding].unit
    low, high = number(where.low, unit), number(where.high, unit)
    if where.low == where.high:
        words = low
    elif math.isinf(where.low):
        words = f"below {high}"
    elif math.isinf(where.high):
        words = f"above {low}"
    else:
        words = f"{low} to {high}"
    if of_an_arm:
        words += _impossible(result, finding, where)
    return Predicted(at, _rounded(where.low), _rounded(where.high), words)


def _impossible(result: LessonResult, finding: str, where: _Range) -> str:
    """Say of a value that no clinic can have what it comes from; empty for one that can be.

    Who predicts 30 fewer where the other clinic has 26 expects fewer than none.
    """
    of = result.found[finding]
    least, most = of.unit.range
    if not of.difference or (where.high >= least and where.low <= most):
        return ""
    wanted = next(one for one in result.lesson.findings if one.name == finding)
    other = of.of_arm if result.lesson.predict.about == wanted.baseline else of.of_other
    return f", which cannot be (the other clinic has {number(other, of.unit)})"


def _rounded(value: float) -> float | None:
    return round(value, DIGITS) if math.isfinite(value) else None
