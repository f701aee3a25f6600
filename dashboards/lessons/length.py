"""How long a lesson takes: from what there is to read, to decide, to look at and to talk about.

The rates are rules of thumb for students who meet the subject for the first time, the same for every lesson: a lesson
is longer because it holds more, not because its author felt so. A class differs; the notes say what takes how long.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from dashboards.lessons.questions import ChoiceQuestion, DirectionQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.lessons.lesson import Lesson

__all__ = ["alone", "stages"]

WORDS = 120
"""Words read in a minute, when each sentence is to be understood."""

ASKED, DISCUSSED, BELIEF = 3.0, 5.0, 2.0
"""Minutes for a question to the class, for a question to discuss, for a belief to be met."""

DECISION, ANSWER = 2.0, 0.5
"""Minutes to come to a prediction, and for each answer to weigh."""

CHART, PUBLISHED = 3.0, 1.5
"""Minutes to read a chart, and to lay a published finding beside the model's."""


def stages(lesson: Lesson) -> tuple[tuple[str, int], ...]:
    """Return what is done in class, one after the other, and the minutes each takes where there is time for all."""
    notes = lesson.instructor
    what = notes.stages
    return (
        (what.open, ceil(_reading((lesson.question, lesson.story)) + ASKED * len(notes.ask))),
        (what.predict, ceil(_predicting(lesson))),
        (what.run, ceil(_comparing(lesson))),
        (
            what.discuss,
            ceil(DISCUSSED * len(notes.discuss) + BELIEF * len(notes.misconceptions)),
        ),
    )


def alone(lesson: Lesson) -> int:
    """Return the minutes of a student alone: to read, predict, run and compare, without the talk."""
    begin = _reading((lesson.question, lesson.story))
    return ceil(begin + _predicting(lesson) + _comparing(lesson))


def _predicting(lesson: Lesson) -> float:
    question = lesson.predict
    count = 0
    if isinstance(question, ChoiceQuestion):
        count = len(question.options)
    elif isinstance(question, DirectionQuestion):
        count = 3
    return _reading((question.text,)) + DECISION + ANSWER * count


def _comparing(lesson: Lesson) -> float:
    read = _reading((*(one.text for one in lesson.explanation), *lesson.limits))
    return read + CHART * len(lesson.figures) + PUBLISHED * len(lesson.published)


def _reading(texts: Iterable[str]) -> float:
    return sum(len(text.split()) for text in texts) / WORDS
