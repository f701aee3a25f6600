"""The therapist's chair in the session room: what a therapist can see, what to do about it, and the player."""

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING, Any

import solara
from solara.lab import use_task

from dashboards.shell import state
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.story import situation_text, tell
from dashboards.therapies.therapy_state import TherapyState
from dashboards.therapies.wording import HOW, counted
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Buttons, Press
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.therapies.therapy import Therapy

__all__ = ["CHOICES", "EFFECTS", "Chair"]

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


@component
def Chair(now: TherapyState, therapy: Therapy, at: int) -> Any:
    """Let a student sit in the therapist's chair."""
    playing, set_playing = solara.use_state(False)
    use_playing(playing, set_playing)
    over = therapy.ending is not None and at == len(therapy)

    def go(**view: Any) -> None:
        set_playing(False)
        state.see(**view)

    def press(name: str) -> None:
        match name:
            case "play":
                set_playing(not playing)
            case "start":
                go(at=0)
            case "back":
                go(at=at - 1)
            case "step":
                go(**now.stepped())
            case _:
                go(**now.to_the_end())

    # With the last session the choices go, and the one that was pressed had the focus.
    arrival = Arrival(over, gently=True).key("arrival")
    player = _player(therapy, at, playing=playing, press=press)
    if over:
        return Tag("section", *_ending(therapy), arrival, player, class_="card")
    choices = _choices(therapy.until(at), lambda letter: go(**now.chosen(letter)))
    return Tag("section", *choices, arrival, player, _meanings(), class_="card")


def use_playing(playing: bool, set_playing: Callable[[bool], None]) -> None:
    """Hold one session after the other while a therapy plays by itself, to its end; a hook, like those of Solara."""

    async def play_on() -> None:
        while playing:
            await asyncio.sleep(PACE)
            now = TherapyState.of(state.page.peek())
            therapy = now.therapy()
            if therapy.ending is not None and now.at >= len(therapy):
                set_playing(False)
                return
            state.see(**now.stepped())

    use_task(play_on, dependencies=[playing], raise_error=False)


def _ending(therapy: Therapy) -> tuple[Any, ...]:
    """Return how the therapy ended."""
    words = f"After {counted(len(therapy), 'session')} the therapy {HOW[therapy.ending]}."
    return Tag("h2", "The therapy is over"), Tag("p", words, role="status")


def _choices(therapy: Therapy, choose: Callable[[str], None]) -> tuple[Any, ...]:
    """Return what awaits the therapist in the next session, and the stances to hold it in."""
    situation = therapy.situation
    assert situation is not None, "only a therapy that goes on has a next session"
    return (
        Tag("h2", "In the therapist’s chair"),
        Tag("p", situation_text(situation), role="status", class_="situation"),
        Buttons("Hold the session by", CHOICES, choose, "stances"),
        Tag("p", "Step, Play and To the end leave the choice to the therapist.", class_="soft"),
    )


def _player(therapy: Therapy, at: int, *, playing: bool, press: Callable[[str], None]) -> Any:
    """Return the session looked at in words, and the buttons that move through the therapy.

    Beside the log the words are for those who listen; on a narrow screen the log is far below, and they stay in view.
    """
    first, over = at == 0, therapy.ending is not None and at == len(therapy)
    buttons = (
        Press("start", "To the start", "To the start, before the first session", disabled=first),
        Press("back", "Back", "Back one session", disabled=first),
        Press("play", "Pause" if playing else "Play", disabled=over),
        Press("step", "Step", "Step: hold the next session", disabled=over),
        Press("end", "To the end", disabled=over),
    )
    return Tag(
        "div",
        Tag("p", tell(therapy, at) if at else "", role="status", class_="narration"),
        Buttons("Sessions", buttons, press),
        class_="player no-print",
        key="player",
    )


def _meanings() -> Any:
    """Return what each stance means, and what it does in the model."""
    return markup(
        f"<details><summary>What the choices mean</summary><ul>{EFFECTS}</ul>"
        '<p class="soft">The sizes are assumptions made for teaching, not findings.</p></details>'
    )
