"""Fifty minutes with a class: a lesson's stages as timed steps, and the codes that lead phones to it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dashboards.addresses.qr import qr_code
from dashboards.lessons.length import stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.lessons.lesson import Lesson

__all__ = ["MINUTES", "codes", "steps"]

MINUTES = 50
ARRIVING, CLOSING = 3, 4

ARRIVE = "Show the link; everybody opens the lesson on their phone or gets a sheet"
CLOSE = "What this lesson cannot show, and a next question to take home"


def steps(lesson: Lesson) -> list[tuple[int, int, str]]:
    """Return what is done in class: minute at which it begins, minutes it takes, words.

    The lesson's own stages keep their proportions and fill what arriving and closing leave of the `MINUTES`.
    """
    own = stages(lesson)
    share = (MINUTES - ARRIVING - CLOSING) / sum(minutes for _, minutes in own)
    ends, total = [ARRIVING], 0
    for _, minutes in own:
        total += minutes
        ends.append(ARRIVING + round(total * share))
    words = [ARRIVE, *(what for what, _ in own), CLOSE]
    limits = pairwise([0, *ends, MINUTES])
    return [
        (begin, after - begin, what) for (begin, after), what in zip(limits, words, strict=True)
    ]


def codes(url: str, keys: Sequence[str]) -> dict[str, str]:
    """Return QR codes in SVG, each lesson's by its key and the page's by an empty name; none without a URL."""
    if not url:
        return {}
    places = {"": url} | {key: f"{url}#lessons/{key}" for key in keys}
    return {name: qr_code(place, sized=False) for name, place in places.items()}
