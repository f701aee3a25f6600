"""Fifty minutes with a class: a lesson's stages as timed steps, and which of them it is time for."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from dashboards.lessons.length import stages
from experiments.quantities.writing import count

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

__all__ = ["MINUTES", "now", "steps"]

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


def now(plan: list[tuple[int, int, str]], minutes: float) -> tuple[int, str]:
    """Return the place of the step that is under way after so many minutes, and how long it has left, in words."""
    place = max(at for at, (begin, _, _) in enumerate(plan) if begin <= minutes)
    begin, takes, what = plan[place]
    left = ceil(begin + takes - minutes)
    return place, f"{what}: {count(left, 'minute')} left" if left > 0 else "The time is over."
