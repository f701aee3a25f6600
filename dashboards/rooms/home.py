"""The first page: what this is, a story to begin with, three doors, and what every room is for."""

from __future__ import annotations

from html import escape
from typing import Any

from dashboards.addresses.address import PageState, write
from dashboards.addresses.pages import HOME, Page, rooms
from dashboards.page.room import CLIENT, THERAPIST, first_visit
from dashboards.shell import state
from dashboards.shell.welcome import NEVER, doors_html, drawing_html
from dashboards.therapies.therapy_state import FIELDS
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

__all__ = ["PAGE", "Room"]


def first_therapy(page: PageState) -> str:
    """Return the query of a therapy whose first choice matters; empty once something was set or played."""
    played = state.left.value.get("session", {})
    if played or page.changed(room=HOME, view={}) != PageState(room=HOME):
        return ""
    view = {"client": CLIENT, "therapist": THERAPIST}
    return write(PageState(seed=first_visit(), view=view), FIELDS)


@component
def Room(page: PageState) -> Any:
    query = write(page, {})
    listed = "".join(
        f'<div><dt><a href="/{room.name}?{escape(query)}" data-room>{room.title}</a></dt>'
        f"<dd>{escape(room.lead)}</dd></div>"
        for room in rooms(alone=state.visitor.value.alone)
    )
    hero = (
        "<div><h1>What passes between two people, session by session</h1>"
        "<p>Alliance simulates therapies and whole clinics: how trust grows, how ruptures tear and mend it, who gets "
        "better and who leaves. Every mechanism can be changed, and is compared with published findings.</p>"
        f'<p><a class="as-button act big" href="/story?{escape(query)}" data-room>Begin with a story</a></p>'
        f'<p class="never">{escape(NEVER)}</p></div>'
    )
    return Tag(
        "div",
        markup(hero + drawing_html(), class_="hero"),
        Tag(
            "section",
            Tag("h2", "Start here", class_="visually-hidden"),
            markup(doors_html(query, first_therapy(page))),
            aria_label="Start here",
        ),
        Tag(
            "section",
            Tag("h2", "The rooms"),
            markup(f'<dl class="rooms">{listed}</dl>'),
        ),
        class_="home",
    )


PAGE = Page(HOME, "Alliance", "", Room, position=0)
