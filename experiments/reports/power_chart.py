"""Power by size as inline SVG: what was run, the fitted line with its band, the wanted power, the ceiling."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.power.search import WINDOW
from experiments.power.sizing import words_of
from experiments.quantities.writing import percent
from experiments.reports.charts import BAND, INK, LINE, MUTED, clipped, drawing, text, ticks
from experiments.reports.svg import element

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from experiments.power.answer import Power
    from experiments.power.power_curve import Batch, PowerCurve

__all__ = ["power_chart"]

WIDTH, HEIGHT = 700, 340
LEFT, RIGHT, TOP, BOTTOM = 52, 210, 16, 46
PLACES = 60
"""Points that a curve is drawn through."""

LABEL = 13
"""Least distance of two labels."""

ROUND = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
"""Where a logarithmic axis has its numbers."""


def power_chart(power: Power) -> Markup:
    """Draw the power of the deciding analysis, and in grey that of the others.

    Where power has a ceiling sizes differ so much that the axis is logarithmic, and no line goes through the dots.
    """
    sizes = [one.size for one in power.found.batches]
    answer, capped = power.found.size.value, power.found.ceiling is not None
    near = [size for size in sizes if not math.isnan(answer) and near_answer(size, answer)] or sizes
    low, high = min(near), max(near)
    if low == high:
        low, high = low * 0.8, high * 1.2
    placed = math.log if capped else float

    def x(size: float) -> float:
        share = (placed(size) - placed(low)) / (placed(high) - placed(low))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(share: float) -> float:
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    marks = [size for size in ROUND if low <= size <= high] if capped else ticks(low, high)
    parts = _axes(words_of(power.find), marks, x, y)
    labels: list[tuple[float, str, str]] = []
    for place in reversed(range(len(power.analyses))):
        first = place == 0
        last = power.batches[place][-1].power.value
        if not capped:
            curve = power.found.curve if first else power.curve(place)
            parts += _line_of(curve, (low, high), x, y, first=first)
            last = curve.at(high).value
        parts += _dots(power.batches[place], (low, high), x, y, first=first)
        labels.append((y(last), power.analyses[place], LINE if first else MUTED))
    parts.append(_rule(y(power.wanted), "4 3", INK))
    labels.append((y(power.wanted), f"wanted: {percent(power.wanted)}", INK))
    if power.found.ceiling is not None:
        parts.append(_rule(y(power.found.ceiling.value), "1 3", INK))
        labels.append((y(power.found.ceiling.value), "ceiling", INK))
    if low <= answer <= high:
        parts.append(
            element(
                "line", x1=f"{x(answer):.1f}", x2=f"{x(answer):.1f}", y1=f"{y(power.wanted):.1f}",
                y2=f"{y(0):.1f}", stroke=INK, stroke_width=1, stroke_dasharray="4 3",
            )
        )  # fmt: skip
    parts += _labels(labels)
    return drawing(WIDTH, HEIGHT, f"Power by {words_of(power.find)}", parts)


def near_answer(size: float, answer: float) -> bool:
    """Tell whether a size is near enough for the line to be drawn there."""
    return answer / WINDOW <= size <= answer * WINDOW


def _axes(
    words: str,
    marks: Sequence[float],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> list[Markup]:
    parts = []
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(_rule(y(share), None, "#ddd"))
        parts.append(text(LEFT - 6, y(share) + 4, percent(share), anchor="end"))
    parts += [text(x(tick), HEIGHT - BOTTOM + 16, f"{tick:g}") for tick in marks]
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, words, size=12))
    return parts


def _line_of(
    curve: PowerCurve,
    ends: tuple[float, float],
    x: Callable[[float], float],
    y: Callable[[float], float],
    *,
    first: bool,
) -> list[Markup]:
    places = np.linspace(*ends, PLACES)
    along = [(x(place), curve.at(place)) for place in places]
    parts = []
    if first:
        outline = [f"{at:.1f},{y(one.high):.1f}" for at, one in along]
        outline += [f"{at:.1f},{y(one.low):.1f}" for at, one in reversed(along)]
        parts.append(element("polygon", points=" ".join(outline), fill=BAND))
    points = " ".join(f"{at:.1f},{y(one.value):.1f}" for at, one in along)
    colour, width = (LINE, 2) if first else (MUTED, 1.4)
    more = {} if first else {"stroke_dasharray": "6 3"}
    parts.append(
        element("polyline", points=points, fill="none", stroke=colour, stroke_width=width, **more)
    )
    return parts


def _dots(
    batches: Sequence[Batch],
    ends: tuple[float, float],
    x: Callable[[float], float],
    y: Callable[[float], float],
    *,
    first: bool,
) -> list[Markup]:
    """Draw what was run with its interval: dots whose area says how many trials, hollow for other analyses."""
    most = max(one.trials for one in batches) or 1
    colour = LINE if first else MUTED
    there = [one for one in batches if one.trials and ends[0] <= one.size <= ends[1]]
    whiskers = [
        element(
            "line", x1=f"{x(one.size):.1f}", x2=f"{x(one.size):.1f}", y1=f"{y(one.power.low):.1f}",
            y2=f"{y(one.power.high):.1f}", stroke=colour, stroke_opacity=0.45,
        )
        for one in there
    ]  # fmt: skip
    return whiskers + [
        element(
            "circle", cx=f"{x(one.size):.1f}", cy=f"{y(one.power.value):.1f}",
            r=f"{1.5 + 3.5 * math.sqrt(one.trials / most):.1f}",
            fill=LINE if first else "none", stroke=colour,
        )
        for one in there
    ]  # fmt: skip


def _labels(labels: list[tuple[float, str, str]]) -> list[Markup]:
    """Write what lines are at their right ends, apart from each other."""
    parts, last = [], -math.inf
    for height, words, colour in sorted(labels):
        last = max(height, last + LABEL)
        parts.append(
            text(WIDTH - RIGHT + 8, last + 4, clipped(words, 36), anchor="start", colour=colour)
        )
    return parts


def _rule(height: float, dash: str | None, colour: str) -> Markup:
    more = {} if dash is None else {"stroke_dasharray": dash}
    return element(
        "line", x1=LEFT, x2=WIDTH - RIGHT, y1=f"{height:.1f}", y2=f"{height:.1f}", stroke=colour, **more
    )  # fmt: skip
