"""A room."""

from __future__ import annotations

from typing import Any

from dashboards.component import component
from dashboards.figures import Axis, Lines, Series, numbers
from dashboards.html import Tag
from dashboards.setting import Setting
from dashboards.widgets.chart import Chart

__all__ = ["Room"]


@component
def Room(place: Any) -> Any:
    """Show the room."""
    empathy = place.parameters.empathy
    figure = Lines(
        "Test",
        f"Empathy is {empathy}",
        Axis("Session"),
        Axis("Alliance", 0, 1),
        tuple(range(1, 21)),
        (
            Series(
                "alliance",
                numbers(empathy * i / 20 for i in range(20)),
                numbers(empathy * i / 25 for i in range(20)),
                numbers(empathy * i / 17 for i in range(20)),
            ),
            Series("bond", numbers(0.5 for i in range(20)), role="part"),
        ),
    )
    return Tag(
        "div",
        Setting(place, ("empathy", "boundary", "clients")),
        Tag("div", Chart(figure), Chart(figure), class_="grid"),
        class_="room",
    )
