"""What a class predicted: how many gave each answer, with the model's in it once it is shown, and the table of it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from dashboards.charts.figures import Axis, Bars, Series
from dashboards.lessons.predictions import answers, assess
from dashboards.lessons.questions import NumberQuestion
from experiments.quantities.writing import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = ["Group", "answer_table", "class_figure", "groups", "possible"]

STRETCHES = 10
"""In how many stretches of its range the answers to a question for a number are counted."""

MARK = "  \N{BLACK LEFT-POINTING TRIANGLE}\N{NO-BREAK SPACE}"
"""What stands between an answer and who agrees with it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that are counted together.

    Attributes
    ----------
    name
        As the chart names it.
    key
        The one answer; empty for numbers.
    low, high
        Numbers from `low` on and below `high`.
    mark
        Who agrees with one of them, as it stands behind the name: the model, the published study.
    """

    name: str
    key: str = ""
    low: float = 0.0
    high: float = 0.0
    mark: str = ""

    def holds(self, answer: str) -> bool:
        """Return whether an answer is one of them."""
        return answer == self.key if self.key else self.low <= float(answer) < self.high


def groups(lesson: Lesson, result: LessonResult | None = None) -> tuple[Group, ...]:
    """Return what is counted: each answer, or stretches of a range; with a result, who agrees with each."""
    question = lesson.predict
    found = (
        _stretches(question)
        if isinstance(question, NumberQuestion)
        else tuple(Group(text, key=key) for key, text in answers(lesson))
    )
    if result is None:
        return found
    assessed = {one: assess(result, one) for one in possible(lesson)}
    right = [key for key, one in assessed.items() if one.verdict == "right"]
    published = [key for key, one in assessed.items() if one.studies]

    def mark(group: Group) -> str:
        who = [
            name
            for name, keys in (("the model", right), ("the published study", published))
            if any(map(group.holds, keys))
        ]
        return MARK + ", ".join(who) if who else ""

    return tuple(replace(one, mark=mark(one)) for one in found)


def class_figure(
    lesson: Lesson, entered: Sequence[str], result: LessonResult | None = None
) -> Bars:
    """Return how many students gave each answer; with a result, who agrees with each."""
    counted = groups(lesson, result)
    counts = [sum(map(group.holds, entered)) for group in counted]
    most = max(counts)
    foremost = [one.name for one, given in zip(counted, counts, strict=True) if given == most]
    words = f"{count(len(entered), 'answer')}; most, {most}, said {' or '.join(foremost)}."
    return Bars(
        title="What the class predicted",
        summary=words if entered else "No answers yet.",
        x=Axis("Students", low=0.0),
        names=tuple(one.name + one.mark for one in counted),
        series=(Series("Students", tuple(map(float, counts)), colour=0),),
    )


def possible(lesson: Lesson) -> tuple[str, ...]:
    """Return every answer that can be given, as it is entered; of a number, step by step from the lowest."""
    question = lesson.predict
    if not isinstance(question, NumberQuestion):
        return tuple(key for key, _ in answers(lesson))
    steps = round((question.high - question.low) / question.step)
    return tuple(f"{round(question.low + one * question.step, 6):g}" for one in range(steps + 1))


def answer_table(lesson: Lesson, entered: Sequence[str]) -> str:
    """Return the answers of a class as CSV, without names."""
    texts = dict(answers(lesson))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("lesson", "answer", "text"))
    writer.writerows((lesson.key, one, texts.get(one, "")) for one in entered)
    return buffer.getvalue()


def _stretches(question: NumberQuestion) -> tuple[Group, ...]:
    wide = (question.high - question.low) / STRETCHES
    half = question.step / 2
    ends = [question.low + place * wide for place in range(STRETCHES + 1)]
    found = [
        Group(f"{_plain(low)} to {_plain(high - question.step)}", low=low - half, high=high - half)
        for low, high in pairwise(ends)
    ]
    low, high = ends[-2:]
    found[-1] = Group(f"{_plain(low)} to {_plain(high)}", low=low - half, high=high + half)
    return tuple(found)


def _plain(value: float) -> str:
    """Write a bound of a stretch as briefly as it can be."""
    return f"{round(value, 4):g}"
