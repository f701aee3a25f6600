"""One trial as inline SVG: a dot for each client, therapist by therapist, and the mean of each therapist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboards.trials.opened import ARMS
from experiments.quantities.writing import fixed
from experiments.reports.svg import element

if TYPE_CHECKING:
    from markupsafe import Markup

    from dashboards.trials.opened import OpenedTrial

__all__ = ["ARM_WORDS", "said_of", "trial_picture"]

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 40, 10, 30, 34
HIGHEST = 40
"""Of the CORE-10."""

GAP = 1.0
"""Columns left free between the arms."""

ARM_WORDS = {"usual": "usual arm", "treated": "treated arm"}
GOLDEN = 0.618034


def trial_picture(opened: OpenedTrial) -> Markup:
    """Draw a trial: the columns of the first arm on the left, those of the second on the right."""
    means = opened.means
    wide = (WIDTH - LEFT - RIGHT) / (len(means) + GAP)

    def y(score: float) -> float:
        return TOP + (1 - score / HIGHEST) * (HEIGHT - TOP - BOTTOM)

    parts: list[Markup] = []
    for tick in range(0, HIGHEST + 1, 10):
        parts.append(
            element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(tick), y2=y(tick), class_="rule")
        )
        parts.append(element("text", str(tick), x=LEFT - 6, y=y(tick) + 4, text_anchor="end"))
    for place, one in enumerate(means):
        left = LEFT + (place + GAP * one.arm) * wide
        own = opened.score[(opened.arm == one.arm) & (opened.therapist == one.therapist)]
        for at, score in enumerate(own):
            if math.isfinite(score):
                across = left + wide * (0.15 + 0.7 * ((at + 1) * GOLDEN % 1.0))
                parts.append(_dot(across, y(float(score)), one.arm))
        if one.clients:
            parts.append(
                element(
                    "line", x1=f"{left + 0.08 * wide:.1f}", x2=f"{left + 0.92 * wide:.1f}", y1=f"{y(one.mean):.1f}",
                    y2=f"{y(one.mean):.1f}", class_=f"mean arm-{one.arm}",
                )
            )  # fmt: skip
        parts.append(
            element(
                "text", str(one.therapist + 1), x=f"{left + wide / 2:.1f}", y=HEIGHT - BOTTOM + 15,
                text_anchor="middle",
            )
        )  # fmt: skip
    for arm, name in enumerate(ARMS):
        places = [place for place, one in enumerate(means) if one.arm == arm]
        middle = LEFT + (sum(places) / len(places) + 0.5 + GAP * arm) * wide
        parts.append(
            element("text", ARM_WORDS[name], x=f"{middle:.1f}", y=14, text_anchor="middle", class_="arm")
        )  # fmt: skip
    parts.append(
        element("text", "Therapist", x=(LEFT + WIDTH) / 2, y=HEIGHT - 4, text_anchor="middle")
    )
    parts.append(element("text", f"CORE-10, 0 to {HIGHEST}", x=4, y=14))
    return element(
        "svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=said_of(opened)
    )


def _dot(x: float, y: float, arm: int) -> Markup:
    """Draw a client: a circle in the first arm, a diamond in the second."""
    if arm == 0:
        return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.6, class_="arm-0")
    return element("path", d=f"M{x:.1f} {y - 3.6:.1f}l3.6 3.6l-3.6 3.6l-3.6 -3.6z", class_="arm-1")


def said_of(opened: OpenedTrial) -> str:
    """Say what the picture shows."""
    told = []
    for arm, name in enumerate(ARMS):
        own = [one.mean for one in opened.means if one.arm == arm and one.clients]
        if own:
            told.append(
                f"from {fixed(min(own), 1)} to {fixed(max(own), 1)} in the {ARM_WORDS[name]}"
            )
    return f"The CORE-10 of every client, therapist by therapist. Means of therapists go {' and '.join(told)}."
