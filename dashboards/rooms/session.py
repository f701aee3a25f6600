"""The session room: one client, one therapist; sit in the therapist's chair, step on, look back."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Control, Groups
from dashboards.addresses.pages import Page, shown
from dashboards.rooms.session_back import LookingBack
from dashboards.rooms.session_chair import Chair
from dashboards.rooms.session_people import People
from dashboards.shell import state
from dashboards.shell.setting import Setting, ToSetting
from dashboards.therapies.figures import felt, reported
from dashboards.therapies.story import chosen, log
from dashboards.therapies.therapy_state import FIELDS, TherapyState, sessions_played
from dashboards.widgets.buttons import Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.therapies.therapy import Therapy

__all__ = ["PAGE", "Room"]

PARAMETERS = ("session_limit", "progress_feedback", "deliberate_practice")


@component
def Room(page: PageState) -> Any:
    now = TherapyState.of(page)
    therapy = solara.use_memo(now.therapy, [now])
    at = min(now.at, len(therapy))
    others = solara.use_memo(lambda: now.counterfactuals(therapy), [now, at])
    draw = reported if shown(page, "show") == "reported" else felt
    back_at = at if at < len(therapy) else None
    first, *more = (
        Chart(figure).key(f"chart {number}")
        for number, figure in enumerate(draw(therapy, back_at, others))
    )
    below = Log(therapy.until(at)) if at else Welcome(now)
    beside = Tag("div", first, below, class_="stack beside")
    # The chair comes first for those who go by Tab; on a wide screen the setting stands at its left.
    return Tag(
        "div",
        Tag(
            "div",
            Tag("div", Chair(now, therapy, at), beside, class_="grid seat"),
            Views(page, therapy, at),
            Tag("div", *(more if at else ()), class_="grid"),
            LookingBack(now, therapy, at, others) if at else Tag("div"),
            class_="stack play",
        ),
        Setting(page, PARAMETERS, People(now, met=at > 0)),
        class_="room chair-first",
    )


@component
def Welcome(now: TherapyState) -> Any:
    """Invite to begin."""
    return Tag(
        "div",
        Tag("h2", "They have not met yet"),
        Tag("p", f"{now.therapist.title}. {now.therapist.description}"),
        Tag(
            "p",
            "Before you begin: will this client stay? Will they be better off after ten sessions? Decide, then "
            "choose what you would say.",
        ),
        ToSetting("Choose another client or therapist"),
        class_="card",
    )


@component
def Log(therapy: Therapy) -> Any:
    """Tell what happened, the latest session first."""
    entries = "".join(f"<li>{escape(words)}</li>" for words in reversed(log(therapy)))
    listed = f'<ol class="log" reversed tabindex="0" aria-label="Sessions told">{entries}</ol>'
    return Tag(
        "section",
        Tag("h2", "What happened"),
        Tag("p", chosen(therapy), class_="only-print"),
        markup(listed),
        class_="card told",
    )


@component
def Views(page: PageState, therapy: Therapy, at: int) -> Any:
    """Choose between what is felt and what questionnaires say; move through the sessions held."""
    options = (("felt", "What is felt"), ("reported", "What questionnaires report"))
    return Tag(
        "div",
        Toggle("Which side to see", options, shown(page, "show"), lambda one: state.see(show=one)),
        Scrub(len(therapy), at)
        if len(therapy)
        else Tag("span", "No session held yet", class_="soft"),
        class_="flow spread views no-print",
    )


@component
def Scrub(sessions: int, at: int) -> Any:
    """Move the cursor through the sessions held."""
    groups = solara.use_memo(
        lambda: Groups.plain(
            Control(
                "at",
                "Session",
                f"of {sessions} held",
                "The session to look back to.",
                "integer",
                sessions,
                low=0,
                high=sessions,
                step=1,
            )
        ),
        [sessions],
    )

    def change(changes: dict[str, Any]) -> None:
        chosen = FIELDS["at"].read(str(changes.get("at", "")))
        state.see(at=at if chosen is None else chosen)

    return Tag("div", Panel("scrub", groups, {"at": at}, change), class_="scrub")


PAGE = Page(
    "session",
    "Session",
    "One client, one therapist. Play a therapy, session by session.",
    Room,
    position=1,
    fields=FIELDS,
    limits=sessions_played,
    remembered=True,
)
