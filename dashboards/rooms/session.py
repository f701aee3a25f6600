"""The session room: one client, one therapist; sit in the therapist's chair, step on, look back."""

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING, Any

import solara
from solara.lab import use_task

from dashboards.addresses.pages import Page, shown
from dashboards.rooms.session_back import Afterwards
from dashboards.rooms.session_people import People
from dashboards.shell import state
from dashboards.shell.setting import Setting
from dashboards.therapies.figures import felt, reported
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.story import log, situation_text, tell
from dashboards.therapies.therapy_state import FIELDS, Sitting, sessions_played
from dashboards.therapies.wording import HOW, counted
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Buttons, Press, Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.therapies.therapy import Therapy

__all__ = ["PAGE", "Room"]

CHOICES = tuple(
    Press(letter, stance.title, hint=stance.meaning)
    for letter, stance in STANCES.items()
    if stance is not OWN_WAY
)

EFFECTS = "".join(
    f"<li><strong>{escape(stance.title)}.</strong> {escape(stance.meaning)} <em>In the model:</em> "
    f"{escape(stance.effect)}</li>"
    for stance in STANCES.values()
    if stance is not OWN_WAY
)

PACE = 0.8
"""Seconds between sessions when a therapy plays by itself."""

PARAMETERS = ("session_limit", "progress_feedback", "deliberate_practice")


def sitting(page: PageState) -> Sitting:
    """Return what an address plays."""
    return Sitting.of(page.parameters, page.seed, page.view)


@component
def Room(page: PageState) -> Any:
    """Show the room."""
    now = sitting(page)
    therapy = solara.use_memo(now.therapy, [now])
    at = min(now.at, len(therapy))
    others = solara.use_memo(lambda: now.other_choices(therapy), [now, at])
    held = therapy.until(at)
    draw = reported if shown(page, "show") == "reported" else felt
    if at == 0:
        pictures: list[Any] = [Welcome(now)]
    else:
        pictures = [
            Chart(figure).key(f"chart {number}")
            for number, figure in enumerate(draw(therapy, at, others))
        ]
    return Tag(
        "div",
        Setting(page, PARAMETERS, People(now)),
        Tag(
            "div",
            Tag("div", Chair(now, therapy, at), Log(held), class_="grid seat"),
            Views(page, therapy, at),
            Tag("div", *pictures, class_="grid"),
            Afterwards(now, therapy, at, others) if at else Tag("div"),
            class_="stack play",
        ),
        class_="room",
    )


@component
def Welcome(now: Sitting) -> Any:
    """Invite to begin."""
    return Tag(
        "div",
        Tag("h2", "They have not met yet"),
        Tag("p", f"{now.client.title}. {now.client.description}"),
        Tag("p", f"{now.therapist.title}. {now.therapist.description}"),
        Tag(
            "p",
            "Before you begin: will this client stay? Will they be better off after ten sessions? Decide, then play.",
        ),
        # On a narrow screen what can be set comes after everything else.
        Tag(
            "p",
            Tag("a", "Choose another client or therapist", href="#setting", data_act="setting"),
            class_="others",
        ),
        class_="card whole",
    )


@component
def Chair(now: Sitting, therapy: Therapy, at: int) -> Any:
    """Let a student sit in the therapist's chair: what can be seen, and what to do about it."""
    playing, set_playing = solara.use_state(False)
    at_end = therapy.ending is not None and at == len(therapy)

    async def play_on() -> None:
        while playing:
            await asyncio.sleep(PACE)
            current = sitting(state.page.peek())
            held = current.therapy()
            if held.ending is not None and current.at >= len(held):
                set_playing(False)
                return
            state.see(**current.stepped())

    use_task(play_on, dependencies=[playing], raise_error=False)

    def go(**view: Any) -> None:
        set_playing(False)
        state.see(**view)

    def act(name: str) -> None:
        match name:
            case "start":
                go(at=0)
            case "back":
                go(at=at - 1)
            case "play":
                set_playing(not playing)
            case "step":
                go(**now.stepped())
            case _:
                go(**now.to_the_end())

    transport = Buttons(
        "Sessions",
        (
            Press(
                "start", "To the start", "To the start, before the first session", disabled=at == 0
            ),
            Press("back", "Back", "Back one session", disabled=at == 0),
            Press("play", "Pause" if playing else "Play", disabled=at_end),
            Press("step", "Step", "Step: hold the next session", disabled=at_end),
            Press("end", "To the end", disabled=at_end),
        ),
        act,
    )
    # Beside the log this is for those who listen; on a narrow screen the log is far below, and this stays in view.
    player = Tag(
        "div",
        Tag("p", tell(therapy, at) if at else "", role="status", class_="told"),
        transport,
        class_="player no-print",
        key="player",
    )
    # With the last session the choices go, and the one that was pressed had the focus.
    gone = Arrival(at_end, gently=True).key("arrival")
    if at_end:
        said = f"After {counted(len(therapy), 'session')} the therapy {HOW[therapy.ending]}."
        return Tag(
            "section",
            Tag("h2", "The therapy is over"),
            Tag("p", said, role="status"),
            gone,
            player,
            class_="card",
        )
    waits = therapy.until(at).situation
    assert waits is not None
    return Tag(
        "section",
        Tag("h2", "In the therapist’s chair"),
        Tag("p", situation_text(waits), role="status", class_="situation"),
        Buttons("Hold the session by", CHOICES, lambda letter: go(**now.chosen(letter)), "stances"),
        Tag(
            "p",
            "Step, Play and To the end leave the choice to the therapist.",
            class_="soft",
        ),
        gone,
        player,
        markup(
            f"<details><summary>What the choices mean</summary><ul>{EFFECTS}</ul>"
            '<p class="soft">The sizes are assumptions made for teaching, not findings.</p></details>'
        ),
        class_="card",
    )


@component
def Log(held: Therapy) -> Any:
    """Tell what happened, the latest first."""
    told = log(held)
    entries = "".join(f"<li>{escape(words)}</li>" for words in reversed(told))
    body = (
        markup(f'<ol class="log" reversed tabindex="0" aria-label="Sessions told">{entries}</ol>')
        if told
        else Tag(
            "p", "Nothing has happened yet. The first session will be told here.", class_="empty"
        )
    )
    return Tag("section", Tag("h2", "What happened"), body, class_="card")


@component
def Views(page: PageState, therapy: Therapy, at: int) -> Any:
    """Choose between what is felt and what questionnaires say; move through the sessions held."""
    options = (("felt", "What is felt"), ("reported", "What questionnaires report"))
    scrub = Tag("span", "No session held yet", class_="soft")
    if len(therapy):
        scrub = Scrub(len(therapy), at)
    return Tag(
        "div",
        Toggle("Which side to see", options, shown(page, "show"), lambda one: state.see(show=one)),
        scrub,
        class_="flow spread views no-print",
    )


@component
def Scrub(held: int, at: int) -> Any:
    """Move the cursor through the sessions held."""
    from dashboards.addresses.controls import Control, Group, Groups
    from dashboards.widgets.panel import Panel

    groups = solara.use_memo(
        lambda: Groups(
            (
                Group(
                    "",
                    (
                        Control(
                            "at",
                            "Session",
                            f"of {held} held",
                            "The session to look back to.",
                            "integer",
                            held,
                            low=0,
                            high=held,
                            step=1,
                        ),
                    ),
                    plain=True,
                ),
            )
        ),
        [held],
    )
    return Tag(
        "div",
        Panel("scrub", groups, {"at": at}, lambda changes: state.see(at=_whole(changes, "at", at))),
        class_="scrub",
    )


def _whole(changes: dict[str, Any], name: str, otherwise: int) -> int:
    value = FIELDS[name].read(str(changes.get(name, "")))
    return otherwise if value is None else int(value)


PAGE = Page(
    "session",
    "Session",
    "One client, one therapist. Play a therapy, session by session.",
    Room,
    position=1,
    fields=FIELDS,
    limits=sessions_played,
)
