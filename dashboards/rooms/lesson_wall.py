"""The class wall: the question and a way to it, large; then what the class predicted, while it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.qr import qr_code
from dashboards.classroom.entries import CLASS_ENTRIES
from dashboards.classroom.watching import use_entries
from dashboards.computing.background import use_work
from dashboards.lessons.class_answers import answer_table, class_figure
from dashboards.lessons.onward import opens
from dashboards.lessons.predictions import model_answer
from dashboards.lessons.running import result_of
from dashboards.rooms.lesson_plan import Plan
from dashboards.shell import state
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag, markup
from experiments.quantities.writing import count

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

__all__ = ["Wall"]


@component
def Wall(lesson: Lesson) -> Any:
    """Show what the class predicts; only whoever runs the dashboard sees it."""
    use_entries()
    opened, open_ = solara.use_state(False)
    revealed, reveal = solara.use_state(False)
    router = solara.use_router()
    entered = CLASS_ENTRIES.answers(lesson.key)
    work = use_work(lambda: result_of(lesson.key) if revealed else None, lesson.key, revealed)
    result = work.value if revealed else None
    invited = state.invitation.value
    link = state.link(opens(lesson.key))
    way = (
        markup(qr_code(link, sized=False), class_="qr")
        if invited
        else Tag(
            "p",
            "Nobody but you is let in. Started with alliance dashboard --class NAME, the dashboard lets a class in "
            "by the QR code that then stands here.",
            class_="notice",
        )
    )

    def again() -> None:
        CLASS_ENTRIES.forget(lesson.key)
        open_(False)
        reveal(False)

    steps = []
    if not opened:
        steps.append(Button("Show the class's answers", lambda: open_(True), kind="act"))
    elif not revealed:
        steps.append(Button("Show the model's answer", lambda: reveal(True), kind="act"))
    waits = work.problem or "The clinics are being run." if revealed and result is None else ""
    answer = model_answer(result) if result else None
    return Tag(
        "div",
        Tag(
            "div",
            Button("Back to the lesson", lambda: router.push(opens(lesson.key)), kind="quiet"),
            class_="flow no-print",
        ),
        Tag("h2", lesson.predict.text, class_="question"),
        Tag(
            "div",
            Tag(
                "section",
                way,
                Tag("p", link if invited else "", class_="soft"),
                class_="way",
                aria_label="The way here",
            ),
            Tag(
                "section",
                Tag("p", count(len(entered), "answer"), class_="counted", role="status"),
                Tag("div", *steps, class_="flow"),
                Tag(
                    "div",
                    Tag("p", answer.sentence if answer else waits, class_="situation"),
                    *([Tag("p", answer.published)] if answer and answer.published else []),
                    *([Tag("p", answer.measured, class_="soft")] if answer else []),
                    role="status",
                ),
                *(
                    [Chart(class_figure(lesson, entered, result), height=420).key("answers")]
                    if opened
                    else []
                ),
                class_="stack",
                aria_label="Answers",
            ),
            class_="wall-grid",
        ),
        Tag(
            "section",
            Tag(
                "div",
                Download(
                    "Answers as CSV",
                    f"{lesson.key}-class.csv",
                    lambda: answer_table(lesson, CLASS_ENTRIES.answers(lesson.key)),
                    "text/csv",
                ),
                Button(
                    "Start again", again, kind="quiet", said="Start again: forget these answers"
                ),
                class_="flow",
            ),
            Tag(
                "p",
                "A browser's first prediction counts. No names are kept, and nothing once the dashboard is stopped.",
                class_="soft",
            ),
            Plan(lesson),
            class_="card no-print",
            aria_label="For teachers",
        ),
        class_="wall stack",
    )
