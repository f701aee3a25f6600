"""The results of a lesson: prediction against run, charts, explanation, published findings, a next question."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import solara

from dashboards.computing.background import attempted
from dashboards.evidence.sources import doi_link
from dashboards.lessons.marks import with_prediction
from dashboards.lessons.onward import onward
from dashboards.lessons.predictions import assess
from dashboards.rooms.tables import table
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from dashboards.lessons.running import LessonResult, Paragraph

__all__ = ["Results", "sources"]


@component
def Results(result: LessonResult, entered: str) -> Any:
    """Compare the prediction with the run, explain, and lead on."""
    router = solara.use_router()
    lesson = result.lesson
    assessment, problem = attempted(lambda: assess(result, entered))
    figures = with_prediction(result, entered) if assessment else result.figures
    said = (
        Tag("p", problem, class_="notice", role="alert")
        if assessment is None
        else Tag(
            "div",
            Tag("h2", assessment.heading),
            Tag("p", assessment.sentence, class_="situation"),
            *([Tag("p", assessment.published)] if assessment.published else []),
            Tag("p", assessment.measured, class_="soft"),
            class_=f"card verdict {assessment.verdict}",
            role="status",
        )
    )
    explained = "".join(_paragraph(one) for one in result.explanation)
    known = table(
        "Published findings, and what the model gives for them",
        ("Finding", "Published, and in the model", "Remark"),
        [
            (
                one.fact.id,
                one.sentence,
                one.remark,
            )
            for one in result.published
        ],
        words=(1, 2),
    )
    limits = "".join(f"<li>{escape(one)}</li>" for one in lesson.limits)
    address = onward(lesson.next)
    return Tag(
        "div",
        said,
        Tag(
            "div",
            *(Chart(one, height=_tall(one)).key(f"chart {n}") for n, one in enumerate(figures)),
            class_="grid" if len(figures) > 1 else "stack",
        ),
        Tag("section", Tag("h2", "Why"), markup(explained), class_="card explained"),
        Tag(
            "section",
            Tag("h2", "What is known"),
            markup(known),
            markup(sources(result)),
            class_="card",
        ),
        Tag(
            "section",
            Tag("h2", "What this lesson cannot show"),
            markup(f"<ul>{limits}</ul>"),
            class_="card",
        ),
        Tag(
            "section",
            Tag("h2", "A next question"),
            Tag("p", lesson.next.question),
            Button(
                f"Go on in the room {lesson.next.room.capitalize()}",
                lambda: router.push(address),
                kind="act",
            ),
            class_="card no-print",
        ),
        class_="stack",
    )


def sources(result: LessonResult) -> str:
    """Return who published the findings, when and where, each study once."""
    studies = {one.fact.citation: one.fact.doi for one in result.published}
    rows = "".join(
        f"<li>{escape(citation)}{f', {doi_link(doi)}' if doi else ''}</li>"
        for citation, doi in studies.items()
    )
    return f'<h3>Sources</h3><ul class="sources">{rows}</ul>'


def _tall(figure: Any) -> int:
    return (
        80 + 38 * len(figure.names) * max(1, len(figure.series)) if figure.kind == "bars" else 320
    )


def _paragraph(one: Paragraph) -> str:
    """Return a paragraph of the explanation, how it was checked, and whether studies show it."""
    return f"<p>{escape(one.text)}</p>" + "".join(
        f'<p class="checked soft">{escape(words)}</p>' for words in one.notes
    )
