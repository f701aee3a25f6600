"""The Solara application: one page for all rooms, its state in the address, rooms walled off from errors."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import solara
import solara.server.settings as server
from solara.lab.utils.headers import headers

from dashboards.addresses.address import read
from dashboards.addresses.invitation import Invitation
from dashboards.addresses.pages import HOME, limited, own_query, pages
from dashboards.addresses.visitor import Visitor
from dashboards.shell import state
from dashboards.shell.layout import Frame
from dashboards.widgets.address_bar import AddressBar
from dashboards.widgets.answers import StoredAnswers
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["Layout", "Page", "routes"]

log = logging.getLogger("alliance")

server.main.mode = "production"
server.assets.fontawesome_enabled = False
server.assets.extra_locations = ["dashboards.assets"]
server.theme.show_banner = False
server.theme.loader = "plain"
server.theme.title = "Alliance"
server.theme.force_refresh = True
server.telemetry.mixpanel_enable = False
server.kernel.cull_timeout = "30m"


def arrive(path: str, query: str | None) -> None:
    """Go where an address leads."""
    name = path.strip("/") or HOME
    room = name if name in pages() else HOME
    page, notices = read(room, query, pages()[room].fields)
    page, beyond = limited(_returned(page))
    notices = (*notices, *beyond)
    if name != room:
        notices = (f"There is no room called {name[:40]}.", *notices)
    state.page.value = page
    state.notices.value = notices
    state.invitation.value = Invitation.in_headers(headers.peek())
    state.visitor.value = Visitor.in_headers(headers.peek())


def _returned(page: PageState) -> PageState:
    """Return the page as it was left, where its room is one to return to and the address says nothing of its view."""
    before = state.page.peek()
    left = {**state.left.peek(), before.room: before.view}
    state.left.value = left
    if not pages()[page.room].remembered or page.view:
        return page
    return page.changed(view=left.get(page.room, page.view))


@component
def Inside(page: PageState) -> Any:
    """Show a room."""
    return pages()[page.room].component(page)


@component
def Guarded(page: PageState) -> Any:
    """Show a room; should it fail, say so in plain words and offer a way back."""
    error, clear = solara.use_exception()
    if error is None:
        return Inside(page)
    log.error("The room %s failed", page.room, exc_info=error)

    def again() -> None:
        state.restart()
        clear()

    return Tag(
        "div",
        Tag(
            "p", "Something in this room went wrong. What you had set may be more than it can show."
        ),
        Button("Reset this room", on_click=again, kind="act"),
        class_="notice",
        role="alert",
    )


@component
def Page() -> Any:
    """Show the room that the address names."""
    router = solara.use_router()
    solara.use_memo(lambda: arrive(router.path, router.search), [router.path, router.search])
    page = state.page.value
    return solara.Div(
        children=[
            Frame(page, Guarded(page).key(f"room {page.room}")),
            AddressBar(own_query(page), state.origin.set),
            StoredAnswers(state.answers.value, state.remember),
            Arrival(page.room),
        ]
    )


@component
def Layout(children: list[Any]) -> Any:
    """Leave the page as it is: the frame is our own."""
    return solara.Div(children=children)


routes = [
    solara.Route(
        path="/", component=Page, layout=Layout, label="Alliance, a simulated therapy clinic"
    ),
    *(
        # The label becomes the title of the page.
        solara.Route(path=room.name, component=Page, label=f"{room.title} · Alliance")
        for room in pages().values()
        if room.name != HOME
    ),
]
