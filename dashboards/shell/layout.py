"""The frame around every room: header with the rooms, main part, footer that says what this is not for."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from dashboards.addresses.address import write
from dashboards.addresses.pages import HOME, rooms
from dashboards.shell import state
from dashboards.shell.welcome import DISCLAIMER
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["Frame"]


def header(page: PageState) -> str:
    """Return the head of the page: the rooms, each taking preset, changed parameters and seed along, and tools.

    It is one piece of HTML, so that a change of the page need not visit a dozen parts that stay; the links go
    through Solara's router by ``assets/custom.js``.
    """
    query = escape(write(page, {}))
    first = " aria-current=page" if page.room == HOME else ""
    links = "".join(
        f'<li><a href="/{room.name}?{query}" data-room'
        f"{' aria-current=page' if room.name == page.room else ''}>{room.title}</a></li>"
        for room in rooms(alone=state.visitor.value.alone)
    )
    return (
        f'<div class="bar"><a class="brand" href="/?{query}" data-room{first}>Alliance</a>'
        f'<nav aria-label="Rooms"><ul>{links}</ul></nav>'
        '<div class="tools"><button type="button" data-look="theme">Dark</button>'
        '<button type="button" data-look="projector">Projector</button>'
        '<button type="button" data-act="print">Print</button></div></div>'
    )


@component
def Frame(page: PageState, *children: Any) -> Any:
    """Show header, notices, the room's title, the room, footer."""
    notices = state.notices.value
    body: list[Any] = []
    if notices:
        body.append(
            Tag(
                "div",
                markup("".join(f"<p>{escape(notice)}</p>" for notice in notices)),
                Button("Understood", on_click=lambda: state.notices.set(())),
                class_="notice",
                role="status",
            )
        )
    body += [
        markup(
            f'<div><h1>{room.title}</h1><p class="lead">{escape(room.lead)}</p></div>',
            class_="intro",
        )
        for room in rooms()
        if room.name == page.room
    ]
    return Tag(
        "div",
        Tag("a", "To the content", class_="skip", href="#content", data_act="skip"),
        markup(header(page), tag="header"),
        Tag("main", *body, *children, id="content", tabindex="-1"),
        markup(f"<div><p>{escape(DISCLAIMER)}</p></div>", tag="footer"),
        class_="alliance",
    )
