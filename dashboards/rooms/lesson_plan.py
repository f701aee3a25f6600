"""A lesson in class, for whoever teaches: what is done when, and a clock."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import solara
from solara.lab import use_task

from dashboards.lessons.class_plan import in_class, now, steps, tight
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

__all__ = ["Plan"]

TICK = 2.0
"""Seconds between two looks at the clock, which shows minutes."""


@component
def Plan(lesson: Lesson) -> Any:
    """Show the steps of a lesson in class, and which is under way once the clock is started."""
    plan = solara.use_memo(lambda: steps(lesson), [lesson.key])
    began, begin = solara.use_state(0.0)
    _, tick = solara.use_state(0.0)

    async def run() -> None:
        while began:
            tick(time.monotonic())
            await asyncio.sleep(TICK)

    use_task(run, dependencies=[began], raise_error=False)
    minutes = (time.monotonic() - began) / 60
    place, said = now(plan, minutes) if began else (-1, "")
    rows = [
        Tag(
            "tr",
            Tag("th", f"{first} to {first + takes}", scope="row"),
            Tag("td", what, class_="words"),
            **({"aria_current": "step"} if at == place else {}),
        )
        for at, (first, takes, what) in enumerate(plan)
    ]
    head = Tag(
        "thead",
        Tag(
            "tr",
            Tag("th", "Minute", scope="col"),
            Tag("th", "What is done", scope="col", class_="words"),
        ),
    )
    return Tag(
        "details",
        Tag("summary", f"{in_class(lesson)} minutes with a class: the plan, and a clock"),
        Tag(
            "div",
            Button("Start again" if began else "Start the clock", lambda: begin(time.monotonic())),
            Tag("span", said, class_="now", role="timer"),
            class_="flow no-print",
        ),
        *((Tag("p", tight(lesson), class_="soft"),) if tight(lesson) else ()),
        Tag(
            "table",
            Tag("caption", "Any number of students"),
            head,
            Tag("tbody", *rows),
            class_="plan",
        ),
    )
