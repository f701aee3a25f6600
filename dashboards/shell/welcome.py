"""What a newcomer reads first: what this is, where to begin, what each room is for. No more than that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import address
from dashboards.therapies.playing import play
from dashboards.therapies.therapy_state import MOST, TherapyState
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.therapies.therapy import Record, Therapy

__all__ = ["DISCLAIMER", "DOORS", "NEVER", "Door", "doors_html", "drawing_html", "meeting"]

NEVER = "All clients here are invented. The model tells about groups and never advises on a real client or therapist."

DISCLAIMER = (
    "Alliance reproduces averages of groups of simulated clients. It knows nothing about any real person: do not use "
    "it to judge, choose or advise a real client or therapist. If you are in distress, talk to someone you trust or "
    "to a professional."
)


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody begins: for whom it is, what one does there, and where it leads."""

    who: str
    title: str
    words: str
    act: str
    room: str


DOORS: tuple[Door, ...] = (
    Door(
        "For students",
        "Play one therapy",
        "Sit in the therapist’s chair: listen, challenge, hold a limit. Then see what another choice would have "
        "done under the same luck.",
        "Take the chair",
        "session",
    ),
    Door(
        "For teachers",
        "Take a lesson",
        "Questions such as: can empathy do without boundaries? Predict, run it, compare with what is "
        "published. With notes and a handout.",
        "Choose a lesson",
        "lessons",
    ),
    Door(
        "For researchers",
        "Vary a mechanism",
        "An outcome over one or two parameters, with intervals that narrow as you watch. The study file repeats it "
        "to the last digit.",
        "Set up a sweep",
        "sweep",
    ),
)

SEED = 10
"""Under which the two end as far apart as the median of the seeds 1 to 100, see ``tests/dashboards/test_home.py``."""

CLIENT = "clinging"
PAIR = (("clear", "clear limits", "1"), ("warm", "no limits", "2"))
"""Two therapists, how they are called in the drawing, and their colours."""

WIDTH, HEIGHT = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 30, 116, 18, 34


@cache
def meeting(therapist: str) -> Therapy:
    """Return the therapy of the drawing's client with one of its therapists, in the therapist's own way."""
    page = PageState(seed=SEED, view={"client": CLIENT, "therapist": therapist})
    return play(TherapyState.of(page).setup, "", MOST)


def link_to(therapist: str) -> str:
    """Return the address at which a therapy of the drawing is played."""
    stances = "".join(meeting(therapist).stances)
    view = {"client": CLIENT, "therapist": therapist, "stances": stances, "at": len(stances)}
    return address(PageState(seed=SEED, view=view))


@cache
def drawing_html() -> str:
    """Return the picture at the top: the same client and luck with two therapists, as the model plays it."""
    therapies = [(meeting(key), words, colour) for key, words, colour in PAIR]
    sessions = max(len(one) for one, _, _ in therapies)

    def x(session: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (session - 1) / (sessions - 1)

    def y(level: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - level)

    def parts() -> Iterator[str]:
        for one, words, colour in therapies:
            points = [(x(n), y(record.after.trust)) for n, record in enumerate(one.records, 1)]
            line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            yield f'<g style="--tone: var(--series-{colour})"><polyline points="{line}"/>'
            for (a, b), record in zip(points, one.records, strict=True):
                yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{_size(record)}" class="{_kind(record)}"/>'
            a, b = points[-1]
            yield f'<text x="{a + 12:.1f}" y="{b + 5:.1f}">{escape(words)}</text></g>'

    ends = [
        f"{words}, from {fixed(_first(one), 2)} to {fixed(_last(one), 2)}"
        for one, words, _ in therapies
    ]
    said = f"Trust over {sessions} simulated sessions of one client with two therapists: {'; '.join(ends)}."
    levels = "".join(
        f'<line x1="{LEFT - 8}" y1="{y(level):.1f}" x2="{WIDTH - RIGHT}" y2="{y(level):.1f}"/>'
        f'<text x="{LEFT - 12}" y="{y(level) + 5:.1f}" class="axis" text-anchor="end">{words}</text>'
        for level, words in ((0.0, "0"), (0.5, ".5"), (1.0, "1"))
    )
    axis = levels + (
        f'<text x="{LEFT}" y="{HEIGHT - 6}" class="axis">session 1</text>'
        f'<text x="{x(sessions):.1f}" y="{HEIGHT - 6}" class="axis" text-anchor="end">session {sessions}</text>'
    )
    return (
        f'<figure class="meeting"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
        f"{axis}{''.join(parts())}</svg>"
        "<figcaption>Trust from 0 to 1 of one simulated client, under the same luck, with two therapists: "
        "a typical pair, half of 100 end further apart. "
        '<span class="key"><i class="torn"></i>rupture</span> '
        '<span class="key"><i class="mended"></i>repaired</span> '
        f'<a href="{escape(link_to(PAIR[0][0]))}" data-room>Open this therapy</a></figcaption></figure>'
    )


def doors_html(query: str, first: str = "") -> str:
    """Return the doors, each leading to its room.

    Parameters
    ----------
    query
        What every link takes along, without the question mark.
    first
        What the door of the session room takes along instead; empty for the same.
    """
    taken = {door.room: query for door in DOORS} | ({"session": first} if first else {})
    cards = (
        f'<li class="card door"><p class="who">{escape(door.who)}</p><h2>{escape(door.title)}</h2>'
        f"<p>{escape(door.words)}</p>"
        f'<a class="as-button act" href="/{door.room}?{escape(taken[door.room])}" data-room>'
        f"{escape(door.act)}</a></li>"
        for door in DOORS
    )
    return f'<ul class="doors">{"".join(cards)}</ul>'


def _first(therapy: Therapy) -> float:
    return therapy.records[0].after.trust


def _last(therapy: Therapy) -> float:
    return therapy.records[-1].after.trust


def _kind(record: Record) -> str:
    if not record.events.rupture:
        return "calm"
    return "mended" if record.events.repaired else "torn"


def _size(record: Record) -> float:
    return 6.5 if record.events.rupture else 2.6
