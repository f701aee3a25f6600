"""The question of a lesson, and the prediction that must be entered before anything is run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Control, Groups
from dashboards.classroom.entries import CLASS_ENTRIES
from dashboards.computing.background import attempted
from dashboards.lessons.predictions import answers, understood
from dashboards.lessons.questions import NumberQuestion
from dashboards.shell import state
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel
from experiments.quantities.writing import span

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

__all__ = ["Predict"]


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
                lambda: _enter(lesson, chosen),
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


def _enter(lesson: Lesson, answer: str) -> None:
    """Show what the run gives beside an answer, and count it on the wall if one of the class gave it."""
    visitor = state.visitor.peek()
    known, _ = attempted(lambda: understood(lesson, answer))
    if known is not None and not visitor.owns:
        CLASS_ENTRIES.enter(
            lesson.key, visitor.browser, f"{known:g}" if isinstance(known, float) else known
        )
    state.answers.value = {**state.answers.peek(), lesson.key: answer}
    state.see(answer="")


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
        None,  # a slider that stands at a value suggests it
        low=question.low,
        high=question.high,
        step=question.step,
    )
    return Groups.plain(control)
