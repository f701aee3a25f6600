"""A lesson is as long as what it holds, and says so alike on its card and its handout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_plan import in_class, length
from dashboards.lessons.handout import handout
from dashboards.lessons.length import alone, stages
from dashboards.lessons.questions import ChoiceQuestion

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

PLAIN = find_lesson("too_rigid")


def counted(lesson: Lesson) -> int:
    return sum(minutes for _, minutes in stages(lesson))


def test_what_a_lesson_holds_more_takes_longer() -> None:
    more = {
        "figures": PLAIN.figures * 2,
        "published": PLAIN.published * 2,
        "explanation": PLAIN.explanation * 3,
        "limits": PLAIN.limits * 8,
    }
    for name, parts in more.items():
        longer = PLAIN.model_copy(update={name: parts})
        assert alone(longer) > alone(PLAIN), name
        # Each stage is rounded up on its own.
        apart = counted(longer) - counted(PLAIN) - (alone(longer) - alone(PLAIN))
        assert abs(apart) <= 1


def test_answers_to_weigh_take_time() -> None:
    lesson = find_lesson("tired_team")
    question = lesson.predict
    assert isinstance(question, ChoiceQuestion)
    more = question.model_copy(update={"options": question.options * 2})
    apart = alone(lesson.model_copy(update={"predict": more})) - alone(lesson)
    assert apart == pytest.approx(len(question.options) / 2, abs=1)
    assert apart > 0


def test_talk_takes_time_in_class_only() -> None:
    notes = PLAIN.instructor
    for name in ("ask", "discuss", "misconceptions"):
        talk = notes.model_copy(update={name: getattr(notes, name) * 2})
        longer = PLAIN.model_copy(update={"instructor": talk})
        assert counted(longer) > counted(PLAIN), name
        assert alone(longer) == alone(PLAIN)


@pytest.mark.parametrize("key", [lesson.key for lesson in lessons()])
def test_a_lesson_fits_a_class_and_says_its_length(key: str) -> None:
    lesson = find_lesson(key)
    assert 10 <= alone(lesson) < in_class(lesson)
    assert length(lesson) in handout(lesson)


def test_lessons_that_hold_different_things_have_different_lengths() -> None:
    assert len({in_class(lesson) for lesson in lessons()}) >= 5
    assert len({length(lesson) for lesson in lessons()}) >= 3
