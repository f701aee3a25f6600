"""The frame around every room: header with the rooms, main part, footer that says what this is not for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as vuetify
import solara

from dashboards import state
from dashboards.address import write
from dashboards.component import component
from dashboards.html import Button, Tag

if TYPE_CHECKING:
    from dashboards.address import Place

__all__ = ["ROOMS", "Frame", "RoomTitle"]


@dataclass(frozen=True, slots=True)
class RoomTitle:
    """How a room is called and what one does there."""

    name: str
    title: str
    lead: str


ROOMS: tuple[RoomTitle, ...] = (
    RoomTitle(
        "session", "Session", "One client, one therapist. Play a therapy, session by session."
    ),
    RoomTitle("clinic", "Clinic", "A team and everyone who comes to it, week by week."),
    RoomTitle("compare", "Compare", "Two clinics under the same luck, side by side."),
    RoomTitle(
        "sweep", "Sweep", "One or two parameters over their range, sharper with every replicate."
    ),
    RoomTitle("lessons", "Lessons", "A question, your prediction, the run, and what is known."),
    RoomTitle(
        "evidence",
        "Evidence",
        "What the model reproduces, what it does not, and what it is made of.",
    ),
)

DISCLAIMER = (
    "Alliance reproduces averages of groups of simulated clients. It knows nothing about any real person: do not use "
    "it to judge, choose or advise a real client or therapist. If you are in distress, talk to someone you trust or "
    "to a professional."
)


@component
def RoomLink(room: RoomTitle, place: Place) -> Any:
    """Lead to a room, taking preset, changed parameters and seed along."""
    router = solara.use_router()
    address = f"/{room.name}?{write(place, {})}"
    attributes = {"href": address}
    if room.name == place.room:
        attributes["aria-current"] = "page"
    link = vuetify.Html(tag="a", children=[room.title], attributes=attributes)
    vuetify.use_event(link, "click.prevent", lambda *_: router.push(address))
    return link


@component
def Frame(place: Place, *children: Any) -> Any:
    """Show header, notices, the room's title, the room, footer."""
    notices = state.notices.value
    room = next(one for one in ROOMS if one.name == place.room)
    links = [Tag("li", RoomLink(one, place), key=f"link {one.name}") for one in ROOMS]
    header = Tag(
        "header",
        Tag(
            "div",
            Tag("span", "Alliance", class_="brand"),
            Tag("nav", Tag("ul", *links), aria_label="Rooms"),
            Tag(
                "div",
                Tag("button", "Dark", type="button", data_look="theme"),
                Tag("button", "Projector", type="button", data_look="projector"),
                Tag("button", "Print", type="button", data_act="print"),
                class_="tools",
            ),
            class_="bar",
        ),
    )
    body: list[Any] = []
    if notices:
        body.append(
            Tag(
                "div",
                *(Tag("p", notice) for notice in notices),
                Button("Understood", on_click=lambda: state.notices.set(())),
                class_="notice",
                role="status",
            )
        )
    body.append(
        Tag(
            "div",
            Tag("div", Tag("h1", room.title), Tag("p", room.lead, class_="lead")),
            class_="intro",
        )
    )
    return Tag(
        "div",
        Tag("a", "To the content", class_="skip", href="#content", data_act="skip"),
        header,
        Tag("main", *body, *children, id="content", tabindex="-1"),
        Tag("footer", Tag("div", Tag("p", DISCLAIMER))),
        class_="alliance",
    )
