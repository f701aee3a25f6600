"""One trial as inline SVG: each arm by itself, a dot for each client and the mean of each therapist."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboards.trials.opened import ARMS
from experiments.quantities.writing import fixed
from experiments.reports.svg import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.trials.opened import OpenedTrial, TherapistMean

__all__ = ["ARM_WORDS", "said_of", "trial_picture"]

WIDTH, HEIGHT = 390, 300
"""Of one arm: both stand beside each other, and on a phone one above the other."""

LEFT, RIGHT, TOP, BOTTOM = 26, 6, 28, 34
HIGHEST = 40
"""Of the CORE-10."""

LABEL = 18
"""Pixels that the number of a therapist takes; where columns are narrower, some go without."""

ARM_WORDS = {"usual": "usual arm", "treated": "treated arm"}
GOLDEN = 0.618034


def trial_picture(opened: OpenedTrial) -> Markup:
    """Draw a trial: each arm with a column for each of its therapists."""
    means = opened.means
    arms = (_arm(opened, arm, [one for one in means if one.arm == arm]) for arm in range(len(ARMS)))
    return Markup("").join(arms)


def _y(score: float) -> float:
    return TOP + (1 - score / HIGHEST) * (HEIGHT - TOP - BOTTOM)


def _arm(opened: OpenedTrial, arm: int, means: Sequence[TherapistMean]) -> Markup:
    wide = (WIDTH - LEFT - RIGHT) / max(len(means), 1)
    parts: list[Markup] = []
    for tick in range(0, HIGHEST + 1, 10):
        parts.append(
            element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=_y(tick), y2=_y(tick), class_="rule")
        )
        parts.append(element("text", str(tick), x=LEFT - 5, y=_y(tick) + 4, text_anchor="end"))
    for place, (before, after) in enumerate(pairwise(means), 1):
        if before.clinic != after.clinic:
            x = f"{LEFT + place * wide:.1f}"
            parts.append(element("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="rule"))
    every = math.ceil(LABEL / wide)
    for place, one in enumerate(means):
        left = LEFT + place * wide
        own = opened.score[(opened.arm == arm) & (opened.therapist == one.therapist)]
        for at, score in enumerate(own):
            if math.isfinite(score):
                across = left + wide * (0.15 + 0.7 * ((at + 1) * GOLDEN % 1.0))
                parts.append(_dot(across, _y(float(score)), arm))
        if one.clients:
            y = f"{_y(one.mean):.1f}"
            ends = f"{left + 0.08 * wide:.1f}", f"{left + 0.92 * wide:.1f}"
            parts.append(
                element("line", x1=ends[0], x2=ends[1], y1=y, y2=y, class_=f"mean arm-{arm}")
            )
        if place % every == 0:
            x = f"{left + wide / 2:.1f}"
            number = str(one.therapist + 1)
            parts.append(element("text", number, x=x, y=HEIGHT - BOTTOM + 15, text_anchor="middle"))
    name = ARM_WORDS[ARMS[arm]]
    among = "Therapist, clinic by clinic" if len(set(opened.clinic.tolist())) > 1 else "Therapist"
    parts.append(
        element("text", name, x=(LEFT + WIDTH) / 2, y=14, text_anchor="middle", class_="arm")
    )
    parts.append(element("text", among, x=(LEFT + WIDTH) / 2, y=HEIGHT - 4, text_anchor="middle"))
    return element(
        "svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img",
        aria_label=f"CORE-10 of the clients of the {name}, {_range_of(means)}",
    )  # fmt: skip


def _dot(x: float, y: float, arm: int) -> Markup:
    """Draw a client: a circle in the first arm, a diamond in the second."""
    if arm == 0:
        return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.6, class_="arm-0")
    return element("path", d=f"M{x:.1f} {y - 3.6:.1f}l3.6 3.6l-3.6 3.6l-3.6 -3.6z", class_="arm-1")


def _range_of(means: Sequence[TherapistMean]) -> str:
    own = [one.mean for one in means if one.clients]
    if not own:
        return "of which no score is there"
    return f"means of therapists from {fixed(min(own), 1)} to {fixed(max(own), 1)}"


def said_of(opened: OpenedTrial) -> str:
    """Say what the picture shows."""
    told = []
    for arm, name in enumerate(ARMS):
        own = [one.mean for one in opened.means if one.arm == arm and one.clients]
        if own:
            told.append(
                f"from {fixed(min(own), 1)} to {fixed(max(own), 1)} in the {ARM_WORDS[name]}"
            )
    return (
        f"The CORE-10, from 0 to {HIGHEST}, of every client, therapist by therapist. Means of therapists go "
        f"{' and '.join(told)}."
    )
