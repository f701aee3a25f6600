"""The teaching pack: a plan for every lesson, with goals, timing, answers and handouts, from the lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.lessons.catalogue import lessons
from dashboards.lessons.class_plan import in_class, length, steps, tight
from dashboards.lessons.handout import instructor_notes
from dashboards.lessons.predictions import answers, model_answer
from dashboards.lessons.running import result_of
from dashboards.lessons.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboards.lessons.lesson import Lesson

__all__ = ["lesson_pages"]


def lesson_pages() -> Mapping[str, str]:
    """Return the text of the page of each lesson by the page's name."""
    return {f"lessons/{one.key}": _plan(one) for one in lessons()}


def _plan(lesson: Lesson) -> str:
    result = result_of(lesson.key)
    answer = model_answer(result)
    choices = [f"- {_line(text)}" for _, text in answers(lesson)]
    found = [(_line(one.label), in_words(result.found[one.name])) for one in lesson.findings]
    minutes = [(f"{begins}–{begins + takes}", _line(what)) for begins, takes, what in steps(lesson)]
    why = [
        "\n\n".join((_line(one.text), *(f"*{_line(note)}*" for note in one.notes)))
        for one in result.explanation
    ]
    published = [f"- {_line(f'{one.sentence} {one.remark}')}" for one in result.published]
    where = "../class"
    return (
        "\n\n".join(
            (
                f"# {lesson.title}",
                f"**{_line(lesson.question)}**",
                f"{lesson.level.capitalize()} · {length(lesson)} · "
                f'<a href="{where}/index.html#lessons/{lesson.key}">Open the lesson</a> · '
                f'<a href="{where}/handouts/{lesson.key}.html">handout</a> · '
                f'<a href="{where}/handouts/{lesson.key}-results.html">handout with results</a>',
                _line(lesson.story),
                "## Notes for the teacher",
                f"```{{raw}} html\n{instructor_notes(lesson)}\n```",
                f"## Timing: {in_class(lesson)} minutes with a class",
                *([_line(tight(lesson))] if tight(lesson) else []),
                _table(("Minutes", "What"), minutes),
                "## The question to predict",
                _line(lesson.predict.text),
                *(["\n".join(choices)] if choices else []),
                "## The answer",
                " ".join(
                    _line(one)
                    for one in (answer.sentence, answer.published, answer.measured)
                    if one
                ),
                _table(("Look at", "Result, with 95 % interval"), found),
                "### Why",
                *why,
                "### Published findings",
                "\n".join(published),
                "## What this cannot show",
                "\n".join(f"- {_line(one)}" for one in lesson.limits),
                "## Next",
                _line(lesson.next.question),
            )
        )
        + "\n"
    )


def _line(text: str) -> str:
    """Return a text of several lines as one, with what Markdown would read as markup kept as it is."""
    line = " ".join(text.split())
    return line.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(header)} |", "|" + " --- |" * len(header)]
    return "\n".join(
        [
            *lines,
            *(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows),
        ]
    )
