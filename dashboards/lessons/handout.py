"""A sheet to print: the question, room for a prediction, the figures or room to draw them, and the way back here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboards.evidence.sources import source
from dashboards.lessons.class_plan import length
from dashboards.lessons.predictions import answers, model_answer
from dashboards.lessons.print_figures import drawn, room_to_draw
from dashboards.lessons.running import result_of
from dashboards.lessons.wording import in_words
from experiments.quantities.writing import span
from experiments.reports.rendering import render

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = ["handout", "instructor_notes"]

MOST_ROWS = 5


def handout(
    lesson: Lesson, result: LessonResult | None = None, link: str = "", code: str = ""
) -> str:
    """Return the lesson's handout as self-contained HTML, to print on A4.

    Parameters
    ----------
    lesson
        Which.
    result
        Its finished run, to fill in the figures, the results and the explanation; left out, there are axes to draw
        upon, scaled as the run needs them, and lines to write upon.
    link, code
        The address that opens the lesson, and the same as a QR code in SVG; left out, there is none.
    """
    return render(
        __package__,
        "handout.html",
        lesson=lesson,
        result=result,
        answer=None if result is None else model_answer(result),
        link=link,
        code=Markup(code),
        length=length(lesson),
        answers=answers(lesson),
        figures=[
            (room_to_draw if result is None else drawn)(figure)
            for figure in (result or result_of(lesson.key)).figures
        ],
        findings=[
            (wanted.label, "" if result is None else in_words(result.found[wanted.name]))
            for wanted in lesson.findings[:MOST_ROWS]
        ],
        published=_published(lesson, result),
        span=span,
    )


def instructor_notes(lesson: Lesson) -> str:
    """Return the notes for the teacher as HTML without a page around it; headings begin at h3."""
    return render(__package__, "instructor_notes.html", notes=lesson.instructor)


def _published(lesson: Lesson, result: LessonResult | None) -> list[str]:
    from experiments.evidence.reading import fact

    if result is not None:
        return [
            f"{row.sentence} {source(row.fact)}. {row.remark}".strip() for row in result.published
        ]
    return [
        f"{one.statistic} ({one.id}). {source(one)}."
        for one in (fact(wanted.fact) for wanted in lesson.published)
    ]
