"""The therapist's chair in the session room: what a therapist can see, what to do about it, and the player."""

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING, Any

import solara
from solara.lab import use_task

from dashboards.page.shared_script import settings_of, shared_version
from dashboards.rooms.session_memory import change, past, undo
from dashboards.rooms.session_prediction import AGAIN, compared, expect, predicts, question
from dashboards.shell import state
from dashboards.therapies.offers import SAYS, offered
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.story import situation_text, tell
from dashboards.therapies.therapy_state import TherapyState
from dashboards.therapies.wording import HOW, counted
from dashboards.widgets.arrival import Arrival
from dashboards.widgets.buttons import Button, Buttons, Press
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup
from dashboards.widgets.hundred import Hundred

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.therapies.therapy import Therapy

__all__ = ["EFFECTS", "Chair", "choice"]

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
    waiting, wait = solara.use_state("")
    use_playing(playing, set_playing)
    over = therapy.ending is not None and at == len(therapy)

    def go(*, keeps: bool = False, **view: Any) -> None:
        set_playing(keeps)
        change(**view)

    def press(name: str) -> None:
        latest = TherapyState.of(state.page.peek())
        match name:
            case "play":
                set_playing(not playing)
            case "start":
                go(at=0)
            case "back":
                go(at=max(latest.at - 1, 0))
            case "step":
                go(**latest.stepped())
            case _:
                go(**latest.to_the_end())

    def choose(letter: str) -> None:
        # Presses may come faster than the page is drawn: each goes on from where the one before it led.
        latest = TherapyState.of(state.page.peek())
        if latest.is_over:
            return
        if predicts.peek():
            wait(letter)
        else:
            expect(latest, letter, "")
            go(**latest.chosen(letter))

    def predict(expectation: str) -> None:
        latest = TherapyState.of(state.page.peek())
        if expectation != AGAIN and not latest.is_over:
            expect(latest, waiting, expectation)
            go(**latest.chosen(waiting))
        wait("")

    def switch() -> None:
        wait("")
        predicts.value = not predicts.peek()

    # With the last session the choices go, and the one that was pressed had the focus.
    arrival = Arrival(over, gently=True).key("arrival")
    player = _player(therapy, at, playing=playing, press=press)
    shown = therapy.until(at)
    if over:
        awaits = _ending(therapy)
    elif waiting and predicts.value:
        awaits = question(waiting, predict)
    else:
        awaits = _choices(shown, choose)
    came = compared(now, therapy, at)
    return Tag(
        "section",
        _person(now),
        *((Tag("p", came, class_="came", role="status"),) if came else ()),
        *awaits,
        _forgets(therapy, at),
        arrival,
        player,
        Tag(
            "div",
            *(
                [Button("Undo the last choice", undo, kind="quiet").key("undo")]
                if past.value
                else []
            ),
            Button("Predict first", switch, pressed=predicts.value).key("predict"),
            class_="flow no-print",
        ),
        *(() if over else (_meanings(),)),
        class_="card chair",
    )


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
            change(**now.stepped())

    use_task(play_on, dependencies=[playing], raise_error=False)


def _person(now: TherapyState) -> Any:
    """Return who sits opposite, and whose chair one sits in."""
    client, therapist = now.client, now.therapist
    return Tag(
        "div",
        Tag("h2", client.title),
        Tag("p", client.description, class_="who"),
        Tag("p", f"You sit in the chair of: {therapist.title.lower()}.", class_="soft chair-of"),
        class_="person",
    )


def _ending(therapy: Therapy) -> tuple[Any, ...]:
    """Return how the therapy ended."""
    words = f"After {counted(len(therapy), 'session')} the therapy {HOW[therapy.ending]}."
    return (
        Tag("h3", "The therapy is over"),
        Tag("p", words, role="status"),
        Hundred(shared_version(), settings_of(therapy.setup), "".join(therapy.stances)).key(
            "among draws"
        ),
    )


def _choices(therapy: Therapy, choose: Callable[[str], None]) -> tuple[Any, ...]:
    """Return what awaits the therapist in the next session, and the stances to hold it in."""
    situation = therapy.situation
    assert situation is not None, "only a therapy that goes on has a next session"
    fitting = offered(situation)
    others = [letter for letter in STANCES if letter not in fitting]
    return (
        Tag("p", situation_text(situation), role="status", class_="situation"),
        Buttons("What would you say?", [choice(one) for one in fitting], choose, "stances").key(
            "fitting"
        ),
        Tag(
            "details",
            Tag("summary", "Other ways, which fit less well here"),
            Buttons("Other ways", [choice(one) for one in others], choose, "stances"),
            class_="other-ways",
        ).key("others"),
    )


def choice(letter: str) -> Press:
    """Return the button of a stance: what one would say, and what that means."""
    stance = STANCES[letter]
    if letter not in SAYS:
        return Press(letter, stance.title, hint=stance.meaning)
    says = SAYS[letter]
    return Press(letter, says, f"{says} {stance.title}", f"{stance.title}. {stance.meaning}")


def _forgets(therapy: Therapy, at: int) -> Any:
    """Say what another choice would forget while one looks back."""
    if at == len(therapy):
        return Tag("div")
    gone = f"session {at + 1}" if at + 1 == len(therapy) else f"sessions {at + 1} to {len(therapy)}"
    words = f"You are looking back: a choice made here forgets {gone}, unless you undo it. Step goes on as it was."
    return Tag("p", words, class_="forgets", role="status")


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
