"""The lessons: a question, your prediction, the run, prediction against result, what is known, a next question."""

from __future__ import annotations

import math
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Control, Group, Groups
from dashboards.addresses.fields import Fields, Text, Word
from dashboards.addresses.pages import Page, shown
from dashboards.computing.background import attempted, use_work
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.handout import handout, instructor_notes
from dashboards.lessons.length import length
from dashboards.lessons.onward import onward, opens
from dashboards.lessons.predictions import answers, assess
from dashboards.lessons.questions import NumberQuestion
from dashboards.lessons.running import result_of
from dashboards.rooms.tables import table
from dashboards.shell import state
from dashboards.shell.share import Share, qr_code
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag, markup
from dashboards.widgets.panel import Panel
from experiments.quantities.writing import span

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = ["PAGE", "Room"]

FIELDS: Fields = MappingProxyType(
    {
        "lesson": Word("", ("", *(one.key for one in lessons()))),
        "answer": Text("", r"[A-Za-z0-9_.+-]{0,40}"),
    }
)

HEADINGS = {
    "right": "Your prediction holds.",
    "close": "Your prediction is close.",
    "wrong": "The model says otherwise.",
    "open": "The run cannot tell.",
}


@component
def Room(page: PageState) -> Any:
    """Show the room."""
    key = shown(page, "lesson")
    inside = Guided(page, find_lesson(key)).key(f"lesson {key}") if key else Catalogue()
    return Tag("div", inside, Arrival(key))


@component
def Catalogue() -> Any:
    """Show all lessons."""
    cards = [
        Tag(
            "article",
            Tag("p", f"{one.level.capitalize()}; {length(one)}", class_="soft"),
            Tag("h2", one.title),
            Tag("p", one.question),
            Button(
                "Begin",
                lambda key=one.key: state.see(lesson=key, answer=""),  # type: ignore[misc]
                said=f"Begin: {one.title}",
            ),
            class_="card lesson",
            key=f"card {one.key}",
        )
        for one in lessons()
    ]
    return Tag("div", *cards, class_="grid three")


@component
def Guided(page: PageState, lesson: Lesson) -> Any:
    """Lead through a lesson: nothing is run before a prediction is entered."""
    entered = shown(page, "answer")
    work = use_work(lambda: result_of(lesson.key) if entered else None, lesson.key, bool(entered))
    if not entered:
        after: Any = Tag("div")
    elif work.problem:
        after = Tag("p", work.problem, class_="notice", role="alert")
    elif work.value is None:
        after = Tag("p", "The clinics are being run.", class_="empty", role="status")
    else:
        after = Results(work.value, entered)
    return Tag(
        "div",
        Tag(
            "div",
            Button("All lessons", lambda: state.see(lesson="", answer=""), kind="quiet"),
            Tag("span", f"{lesson.level.capitalize()}; {length(lesson)}", class_="soft"),
            class_="flow no-print",
        ),
        Tag(
            "section",
            Tag("h2", lesson.title),
            Tag("p", lesson.question, class_="question"),
            Tag("p", " ".join(lesson.story.split())),
            Predict(lesson, entered).key(f"predict {lesson.key}"),
            class_="card",
        ),
        after,
        Teaching(lesson, work.value if entered else None),
        Share(page),
        class_="stack reading",
    )


@component
def Predict(lesson: Lesson, entered: str) -> Any:
    """Ask for a prediction."""
    question = lesson.predict
    chosen, choose = solara.use_state(entered)
    refused, refuse = solara.use_state(False)
    # A link, or the way back, brings another prediction; the button just pressed keeps its place and the focus.
    solara.use_effect(lambda: choose(entered), [entered])
    numeric = isinstance(question, NumberQuestion)
    groups = solara.use_memo(lambda: _number_control(lesson), [lesson.key])

    def entered_number(changes: dict[str, Any]) -> None:
        value = changes.get("prediction")
        if isinstance(value, int | float):
            choose(f"{value:g}")
            refuse(False)

    asked = (
        Panel(
            "prediction",
            groups,
            {"prediction": float(chosen)} if _is_number(chosen) else {},
            entered_number,
            lambda _: refuse(True),
        )
        if numeric
        else Toggle("Your prediction", answers(lesson), chosen, choose, "choices")
    )
    return Tag(
        "div",
        Tag("h3", "What do you expect?"),
        Tag("p", question.text, class_="situation"),
        asked,
        Tag(
            "div",
            Button(
                "Run it",
                lambda: state.see(answer=chosen),
                kind="act",
                disabled=refused or not chosen or chosen == entered,
            ),
            Tag(
                "span",
                ""
                if entered
                else "Enter your prediction first: guessing wrong teaches more than reading on.",
                class_="soft",
            ),
            class_="flow",
        ),
        class_="predict no-print",
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number_control(lesson: Lesson) -> Groups:
    question = lesson.predict
    if not isinstance(question, NumberQuestion):
        return Groups(())
    control = Control(
        "prediction",
        "Your prediction",
        span(question.low, question.high),
        "Move the slider or enter a number.",
        "number",
        question.low,
        low=question.low,
        high=question.high,
        step=question.step,
    )
    return Groups((Group("", (control,), plain=True),))


@component
def Results(result: LessonResult, entered: str) -> Any:
    """Compare the prediction with the run, explain, and lead on."""
    router = solara.use_router()
    lesson = result.lesson
    assessment, problem = attempted(lambda: assess(result, entered))
    said = (
        Tag("p", problem, class_="notice", role="alert")
        if assessment is None
        else Tag(
            "div",
            Tag("h2", HEADINGS[assessment.verdict]),
            Tag("p", assessment.sentence, class_="situation"),
            class_=f"card verdict {assessment.verdict}",
            role="status",
        )
    )
    explained = "".join(
        f"<p>{escape(one.text)}{_mark(one.shown)}</p>" for one in result.explanation
    )
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
            *(
                Chart(one, height=_tall(one)).key(f"chart {n}")
                for n, one in enumerate(result.figures)
            ),
            class_="grid" if len(result.figures) > 1 else "stack",
        ),
        Tag("section", Tag("h2", "Why"), markup(explained), class_="card"),
        Tag("section", Tag("h2", "What is known"), markup(known), class_="card"),
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


def _tall(figure: Any) -> int:
    return (
        80 + 38 * len(figure.names) * max(1, len(figure.series)) if figure.kind == "bars" else 320
    )


def _mark(shown: bool | None) -> str:
    if shown is None:
        return ""
    words = "checked against the run" if shown else "the run does not show what was expected"
    return f' <span class="status {"published" if shown else "assumed"}">{words}</span>'


@component
def Teaching(lesson: Lesson, result: LessonResult | None) -> Any:
    """Offer instructor notes and the handout."""

    def sheet(shown: LessonResult | None) -> str:
        link = state.link(opens(lesson.key))
        return handout(lesson, shown, link, qr_code(link, sized=False))

    return Tag(
        "section",
        Tag("h2", "For teachers"),
        Tag(
            "div",
            Download(
                "Handout to print",
                f"{lesson.key}.html",
                lambda: sheet(None),
                "text/html",
            ),
            Download(
                "Handout with results",
                f"{lesson.key}-results.html",
                lambda: sheet(result or result_of(lesson.key)),
                "text/html",
            ),
            class_="flow",
        ),
        Tag(
            "details",
            Tag("summary", "Instructor notes"),
            markup(instructor_notes(lesson)),
        ),
        class_="card no-print",
    )


PAGE = Page(
    "lessons",
    "Lessons",
    "A question, your prediction, the run, and what is known.",
    Room,
    position=5,
    fields=FIELDS,
)
