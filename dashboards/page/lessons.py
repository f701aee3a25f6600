"""Finished lessons as data: what a page shows of them without running anything.

A lesson's run is a pure function of its file, so its numbers, charts and words are computed when the page is made, by
the functions of the dashboard; every answer that can be given has its judgement beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.charts.figures import as_json
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_answers import groups, possible
from dashboards.lessons.class_plan import length, steps, tight
from dashboards.lessons.handout import instructor_notes
from dashboards.lessons.marks import marks
from dashboards.lessons.predictions import answers, assess, model_answer
from dashboards.lessons.questions import NumberQuestion
from dashboards.lessons.running import result_of
from dashboards.lessons.wording import in_words
from experiments.quantities.writing import span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult, PublishedRow

__all__ = ["finished", "finished_lessons", "for_students"]

FOR_TEACHERS = frozenset({"notes", "steps", "tight"})
"""What students are not shown of a lesson."""


def finished_lessons(
    keys: Sequence[str] = (), tell: Callable[[int, int], None] = lambda _done, _total: None
) -> list[dict[str, Any]]:
    """Return lessons with their results: those named, or all in the order of a course.

    `tell` is called with the number of lessons that are done and of all.

    Raises
    ------
    AllianceError
        For a lesson that does not exist.
    """
    chosen = [find_lesson(key) for key in dict.fromkeys(keys)] if keys else lessons()
    made = []
    for done, one in enumerate(chosen):
        tell(done, len(chosen))
        made.append(finished(one))
    return made


def finished(lesson: Lesson) -> dict[str, Any]:
    """Return one lesson with its results."""
    result = result_of(lesson.key)
    run = lesson.run
    return {
        "key": lesson.key,
        "title": lesson.title,
        "level": lesson.level,
        "length": length(lesson),
        "question": _line(lesson.question),
        "story": _line(lesson.story),
        "predict": _question(lesson, result),
        "figures": [as_json(figure) for figure in result.figures],
        "findings": [[one.label, in_words(one)] for one in result.found.values()],
        "explanation": [[one.text, one.notes] for one in result.explanation],
        "published": [_published(row) for row in result.published],
        "limits": [_line(one) for one in lesson.limits],
        "next": _line(lesson.next.question),
        "notes": instructor_notes(lesson),
        "steps": [list(step) for step in steps(lesson)],
        "tight": tight(lesson),
        "run": f"seed {run.seed}, {run.replicates} clinics of {run.clients} clients in each arm",
    }


def for_students(lesson: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a finished lesson what is for students: no instructor notes, no plan."""
    return {name: value for name, value in lesson.items() if name not in FOR_TEACHERS}


def _question(lesson: Lesson, result: LessonResult) -> dict[str, Any]:
    """Return the question, and of every answer what becomes of it: of a number, step by step from the lowest."""
    question = lesson.predict
    shared: dict[str, Any] = {
        "text": _line(question.text),
        "groups": as_json(groups(lesson, result)),
        "model": as_json(model_answer(result)),
    }
    if not isinstance(question, NumberQuestion):
        choices = [
            {"key": key, "text": text, **_assessed(result, key)} for key, text in answers(lesson)
        ]
        return {**shared, "kind": "choice", "answers": choices}
    return {
        **shared,
        "kind": "number",
        "low": question.low,
        "high": question.high,
        "step": question.step,
        "range": span(question.low, question.high),
        "answers": [{"key": key, **_assessed(result, key)} for key in possible(lesson)],
    }


def _assessed(result: LessonResult, answer: str | float) -> dict[str, Any]:
    assessment = assess(result, answer)
    return {
        "verdict": assessment.verdict,
        "studies": assessment.studies,
        "heading": assessment.heading,
        "sentence": assessment.sentence,
        "measured": assessment.measured,
        "published": assessment.published,
        "marks": as_json(marks(result, answer)),
    }


def _published(row: PublishedRow) -> dict[str, Any]:
    return {
        "id": row.fact.id,
        "sentence": row.sentence,
        "remark": _line(row.remark),
        "citation": row.fact.citation,
        "doi": row.fact.doi or "",
    }


def _line(text: str) -> str:
    return " ".join(text.split())
