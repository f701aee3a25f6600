"""A lesson in class: its stages as timed steps, how long they take, and which of them it is time for."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from dashboards.lessons.length import alone, stages
from experiments.quantities.writing import count

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

__all__ = ["MOST", "in_class", "length", "now", "steps", "tight"]

MOST = 50
"""Minutes of a class."""

ARRIVING, CLOSING = 3, 4

ARRIVE = "Show the link; everybody opens the lesson on their phone or gets a sheet"
CLOSE = "What this lesson cannot show, and a next question to take home"

LITTLE = 5
"""Minutes that a class loses without noticing."""


def steps(lesson: Lesson) -> list[tuple[int, int, str]]:
    """Return what is done in class: minute at which it begins, minutes it takes, words.

    Where arriving, the lesson's own stages and closing take more than `MOST` minutes, the stages are shortened, each
    in proportion.
    """
    own = stages(lesson)
    share = min(1.0, (MOST - ARRIVING - CLOSING) / sum(minutes for _, minutes in own))
    ends, total = [ARRIVING], 0
    for _, minutes in own:
        total += minutes
        ends.append(ARRIVING + round(total * share))
    words = [ARRIVE, *(what for what, _ in own), CLOSE]
    limits = pairwise([0, *ends, ends[-1] + CLOSING])
    return [
        (begin, after - begin, what) for (begin, after), what in zip(limits, words, strict=True)
    ]


def in_class(lesson: Lesson) -> int:
    """Return the minutes with a class: those of all steps."""
    begin, takes, _ = steps(lesson)[-1]
    return begin + takes


def length(lesson: Lesson) -> str:
    """Say how long a lesson takes."""
    return f"about {alone(lesson)} minutes alone, {in_class(lesson)} in class"


def tight(lesson: Lesson) -> str:
    """Say of a lesson that holds much more than a class has time for what to do about it; empty for others."""
    whole = ARRIVING + CLOSING + sum(minutes for _, minutes in stages(lesson))
    if whole <= MOST + LITTLE:
        return ""
    return (
        f"This lesson holds more than {MOST} minutes: in full it would take {whole}, so every step is shortened. "
        "Share its charts among groups, or keep a question for the next meeting."
    )


def now(plan: list[tuple[int, int, str]], minutes: float) -> tuple[int, str]:
    """Return the place of the step that is under way after so many minutes, and how long it has left, in words."""
    place = max(at for at, (begin, _, _) in enumerate(plan) if begin <= minutes)
    begin, takes, what = plan[place]
    left = ceil(begin + takes - minutes)
    return place, f"{what}: {count(left, 'minute')} left" if left > 0 else "The time is over."
