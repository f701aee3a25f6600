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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = ["Group", "answer_table", "class_figure", "groups", "model_says", "possible"]

STRETCHES = 10
"""In how many stretches of its range the answers to a question for a number are counted."""

MODEL = "  \N{BLACK LEFT-POINTING TRIANGLE}\N{NO-BREAK SPACE}the model"


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
    right
        Whether the model agrees with one of them.
    """

    name: str
    key: str = ""
    low: float = 0.0
    high: float = 0.0
    right: bool = False

    def holds(self, answer: str) -> bool:
        """Return whether an answer is one of them."""
        return answer == self.key if self.key else self.low <= float(answer) < self.high


def groups(lesson: Lesson, result: LessonResult | None = None) -> tuple[Group, ...]:
    """Return what is counted: each answer, or stretches of a range; with a result, which the model agrees with."""
    question = lesson.predict
    found = (
        _stretches(question)
        if isinstance(question, NumberQuestion)
        else tuple(Group(text, key=key) for key, text in answers(lesson))
    )
    if result is None:
        return found
    right = [one for one in possible(lesson) if assess(result, one).verdict == "right"]
    return tuple(replace(one, right=any(map(one.holds, right))) for one in found)


def class_figure(
    lesson: Lesson, entered: Sequence[str], result: LessonResult | None = None
) -> Bars:
    """Return how many students gave each answer; with a result, those marked that the model agrees with."""
    counted = groups(lesson, result)
    counts = [sum(map(group.holds, entered)) for group in counted]
    most = counts.index(max(counts))
    number = f"{len(entered)} {'answer' if len(entered) == 1 else 'answers'}"
    words = f"{number}; most, {counts[most]}, said {counted[most].name}."
    return Bars(
        title="What the class predicted",
        summary=words if entered else "No answers yet.",
        x=Axis("Students", low=0.0),
        names=tuple(one.name + (MODEL if one.right else "") for one in counted),
        series=(Series("Students", tuple(map(float, counts)), colour=0),),
    )


def model_says(result: LessonResult) -> str:
    """Return what the model gives, in the words in which a student is told."""
    right = [one for one in possible(result.lesson) if assess(result, one).verdict == "right"]
    if not right:
        return "The run cannot tell: none of the answers is borne out."
    words = assess(result, right[len(right) // 2]).sentence
    said = words[words.lower().index("the model ") :]
    for praise in (" You hit it.", " The model agrees with you."):
        said = said.replace(praise, "")
    return said[0].upper() + said[1:]


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
