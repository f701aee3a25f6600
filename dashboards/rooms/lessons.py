"""The lessons: a question, your prediction, the run, prediction against result, what is known, a next question."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.fields import Fields, Text, Word
from dashboards.addresses.pages import Limited, Page, address, shown
from dashboards.addresses.qr import qr_code
from dashboards.computing.background import attempted, use_work
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_plan import length
from dashboards.lessons.handout import handout, instructor_notes
from dashboards.lessons.onward import opens
from dashboards.lessons.predictions import understood
from dashboards.lessons.running import result_of
from dashboards.rooms.lesson_plan import Plan
from dashboards.rooms.lesson_prediction import Predict
from dashboards.rooms.lesson_results import Results
from dashboards.rooms.lesson_wall import Wall
from dashboards.shell import state
from dashboards.shell.share import Share
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag, markup
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = ["PAGE", "Room"]

FIELDS: Fields = MappingProxyType(
    {
        "lesson": Word("", ("", *(one.key for one in lessons()))),
        "answer": Text("", r"[A-Za-z0-9_.+-]{0,40}"),
        "wall": Word("", ("", "open")),
    }
)


def predicted(page: PageState) -> dict[str, Limited]:
    """Return the answer of a link that is none to its lesson's question: it must not show the result."""
    key, entered = shown(page, "lesson"), shown(page, "answer")
    if not key or not entered:
        return {}
    try:
        understood(find_lesson(key), entered)
    except AllianceError as error:
        return {"answer": Limited("", f"{error} Predict first, then see the result.")}
    return {}


@component
def Room(page: PageState) -> Any:
    key = shown(page, "lesson")
    if not key:
        inside = Catalogue(page)
    elif shown(page, "wall") and state.visitor.value.owns:
        inside = Wall(find_lesson(key)).key(f"wall {key}")
    else:
        inside = Guided(page, find_lesson(key)).key(f"lesson {key}")
    return Tag("div", inside, Arrival(key))


def of_lesson(page: PageState, key: str, **more: Any) -> str:
    """Return the address of a lesson before its prediction; of the list for no key."""
    return address(page.changed(view=MappingProxyType({"lesson": key, **more} if key else {})))


@component
def Catalogue(page: PageState) -> Any:
    router = solara.use_router()
    answers = state.answers.value
    cards = [
        Tag(
            "article",
            Tag("p", f"{one.level.capitalize()}; {length(one)}", class_="soft"),
            Tag("h2", one.title),
            Tag("p", one.question),
            Button(
                "Look again" if one.key in answers else "Begin",
                # A step of its own in the history of the browser, which leads back to the list.
                lambda key=one.key: router.push(of_lesson(page, key)),  # type: ignore[misc]
                said=f"{'Look again' if one.key in answers else 'Begin'}: {one.title}",
            ),
            class_="card lesson",
            key=f"card {one.key}",
        )
        for one in lessons()
    ]
    return Tag("div", *cards, class_="grid three")


def entered_in(page: PageState, lesson: Lesson) -> str:
    """Return what was predicted: in a link, else in this browser, if it is an answer; empty for nothing."""
    entered = shown(page, "answer") or state.answers.value.get(lesson.key, "")
    known, _ = attempted(lambda: understood(lesson, entered)) if entered else (None, "")
    return entered if known is not None else ""


@component
def Guided(page: PageState, lesson: Lesson) -> Any:
    """Lead through a lesson: nothing is run before a prediction is entered."""
    router = solara.use_router()
    owns = state.visitor.value.owns
    entered = entered_in(page, lesson)
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
            Button("All lessons", lambda: router.push(of_lesson(page, "")), kind="quiet"),
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
        *([Teaching(page, lesson, work.value if entered else None)] if owns else []),
        # Whoever is sent the link predicts first.
        Share(page.changed(view=MappingProxyType({"lesson": lesson.key}))),
        class_="stack reading",
    )


@component
def Teaching(page: PageState, lesson: Lesson, result: LessonResult | None) -> Any:
    """Offer the class wall, handouts, plan and instructor notes to whoever runs the dashboard."""
    router = solara.use_router()
    wall = Button("Class wall", lambda: router.push(of_lesson(page, lesson.key, wall="open")))

    def sheet(shown: LessonResult | None) -> str:
        link = state.link(opens(lesson.key))
        return handout(lesson, shown, link, qr_code(link, sized=False))

    return Tag(
        "section",
        Tag("h2", "For teachers"),
        Tag(
            "div",
            wall,
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
        Plan(lesson),
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
    position=6,
    fields=FIELDS,
    limits=predicted,
    unwritten=frozenset({"answer"}),
)
