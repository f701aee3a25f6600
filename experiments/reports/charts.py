"""Charts as inline SVG: no scripts, no fonts from elsewhere, readable in print and in grey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

from experiments.quantities.writing import significant
from experiments.reports.svg import element, together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.analysis.main_effects import LevelMean

__all__ = [
    "BAND",
    "INK",
    "LINE",
    "MUTED",
    "bars",
    "clipped",
    "curve",
    "heat_map",
    "span_of",
    "ticks",
]

WIDTH, HEIGHT = 304, 220
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 26, 42
INK, MUTED, LINE, BAND = "#1b1b1b", "#666", "#1f5f8b", "#c9dcea"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers that divide a span; at least two."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def curve(
    means: Sequence[LevelMean],
    x_label: str,
    y_label: str,
    *,
    names: Sequence[str] | None = None,
    span: tuple[float, float] | None = None,
) -> Markup:
    """Draw values with their intervals; joined by a line unless the horizontal axis holds names.

    Parameters
    ----------
    means
        From left to right; NaN values are left out.
    names
        For a factor whose levels are words: one a mean, and means stand at 0, 1, 2 ...
    span
        Of the vertical axis, to compare charts with one another.
    """
    known = [mean for mean in means if not math.isnan(mean.value)]
    if not known:
        return Markup("")
    low, high = span or span_of(known) or (0.0, 1.0)
    left, right = min(m.at for m in means), max(m.at for m in means)
    if names is not None or left == right:
        left, right = left - 0.5, right + 0.5

    def x(value: float) -> float:
        return LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = _vertical_axis(low, high, y, y_label)
    if names is None:
        parts += [text(x(t), HEIGHT - BOTTOM + 15, _short(t)) for t in ticks(left, right, 4)]
        there = [m for m in known if not (math.isnan(m.low) or math.isnan(m.high))]
        if len(there) > 1:
            outline = [f"{x(m.at):.1f},{y(m.high):.1f}" for m in there]
            outline += [f"{x(m.at):.1f},{y(m.low):.1f}" for m in reversed(there)]
            parts.append(element("polygon", points=" ".join(outline), fill=BAND))
        path = " ".join(f"{x(m.at):.1f},{y(m.value):.1f}" for m in known)
        parts.append(element("polyline", points=path, fill="none", stroke=LINE, stroke_width=1.8))
    else:
        parts += [
            text(x(m.at), HEIGHT - BOTTOM + 15, clipped(name, 46 // len(names) + 2))
            for m, name in zip(means, names, strict=True)
        ]
        parts += [_whisker(x(m.at), y(m.low), y(m.high)) for m in known if not math.isnan(m.low)]
    parts += [
        element("circle", cx=f"{x(m.at):.1f}", cy=f"{y(m.value):.1f}", r=2.6, fill=LINE)
        for m in known
    ]
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_label, size=12))
    return drawing(WIDTH, HEIGHT, f"{y_label} by {x_label}", parts)


def bars(
    names: Sequence[str],
    values: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    label: str,
) -> Markup:
    """Draw horizontal bars with intervals, in the order given; a NaN interval is left out."""
    left, row = 150, 22
    height = row * len(names) + 34
    ends = [
        0.0,
        *values,
        *(h for h in highs if not math.isnan(h)),
        *(v for v in lows if not math.isnan(v)),
    ]
    low, high = min(ends), max(ends)
    high = high if high > low else low + 1

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (WIDTH + 80 - left - RIGHT)

    parts = [_line(x(0), 4, x(0), height - 28, MUTED)]
    for place, (name, value, lower, upper) in enumerate(
        zip(names, values, lows, highs, strict=True)
    ):
        middle = place * row + row / 2 + 4
        start, width = min(x(0), x(value)), abs(x(value) - x(0))
        parts.append(
            element(
                "rect",
                x=f"{start:.1f}",
                y=f"{middle - 6:.1f}",
                width=f"{width:.1f}",
                height=12,
                fill=BAND,
                stroke=LINE,
            )
        )
        if not (math.isnan(lower) or math.isnan(upper)):
            parts.append(_line(x(lower), middle, x(upper), middle, INK, 1.6))
        parts.append(text(left - 6, middle + 4, clipped(name, 24), anchor="end"))
    parts += [text(x(t), height - 14, _short(t)) for t in ticks(low, high, 4)]
    parts.append(text((left + WIDTH + 80 - RIGHT) / 2, height - 1, label, size=11))
    return drawing(WIDTH + 80, height, label, parts)


def heat_map(
    across: Sequence[str],
    down: Sequence[str],
    cells: Sequence[Sequence[float]],
    x_label: str,
    y_label: str,
    label: str,
) -> Markup:
    """Draw a table of shaded cells with their numbers.

    `cells[row][column]`, NaN cells stay empty.
    """
    left, size_x, size_y = 92, max(34, min(58, 400 // max(1, len(across)))), 26
    width, height = left + size_x * len(across) + 12, 18 + size_y * len(down) + 44
    known = [value for row in cells for value in row if not math.isnan(value)]
    if not known:
        return Markup("")
    low, high = min(known), max(known)
    parts = []
    for r, row in enumerate(cells):
        top = 18 + r * size_y
        parts.append(text(left - 6, top + size_y / 2 + 4, clipped(down[r], 12), anchor="end"))
        for c, value in enumerate(row):
            if math.isnan(value):
                continue
            share = (value - low) / (high - low) if high > low else 0.0
            shade, ink = _shade(share), "#fff" if share > 0.6 else INK
            place = left + c * size_x
            parts.append(
                element(
                    "rect",
                    x=place,
                    y=top,
                    width=size_x,
                    height=size_y,
                    fill=shade,
                    stroke="#fff",
                )
            )
            parts.append(
                text(
                    place + size_x / 2,
                    top + size_y / 2 + 4,
                    significant(value, 3),
                    size=10,
                    colour=ink,
                )
            )
    foot = 18 + size_y * len(down)
    parts += [
        text(left + (c + 0.5) * size_x, foot + 14, clipped(name, size_x // 6))
        for c, name in enumerate(across)
    ]
    parts.append(text(left + size_x * len(across) / 2, foot + 34, x_label, size=12))
    parts.append(text(6, 12, y_label, size=12, anchor="start"))
    return drawing(width, height, f"{label} by {x_label} and {y_label}", parts)


def _vertical_axis(
    low: float, high: float, y: Callable[[float], float], label: str
) -> list[Markup]:
    parts = [text(6, 11, label, size=12, anchor="start")]
    for tick in ticks(low, high):
        parts.append(_line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "#ddd"))
        parts.append(text(LEFT - 5, y(tick) + 4, _short(tick), anchor="end"))
    return parts


def span_of(means: Sequence[LevelMean]) -> tuple[float, float] | None:
    """Return a vertical axis that holds all means and their intervals; None if there are none."""
    ends = [end for mean in means for end in (mean.value, mean.low, mean.high)]
    known = [end for end in ends if not math.isnan(end)]
    if not known:
        return None
    low, high = min(known), max(known)
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 0.5
    return low - margin, high + margin


def _shade(share: float) -> str:
    """Mix a pale and a deep blue; light to dark, so it reads in grey too."""
    pale, deep = (233, 241, 247), (20, 72, 112)
    mixed = [round(p + (d - p) * share) for p, d in zip(pale, deep, strict=True)]
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})"


def _whisker(x: float, low: float, high: float) -> Markup:
    ends = (_line(x - 4, end, x + 4, end, LINE) for end in (low, high))
    return together((_line(x, low, x, high, LINE, 1.4), *ends))


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> Markup:
    return element(
        "line",
        x1=f"{x1:.1f}",
        y1=f"{y1:.1f}",
        x2=f"{x2:.1f}",
        y2=f"{y2:.1f}",
        stroke=colour,
        stroke_width=width,
    )


def text(
    x: float, y: float, words: str, *, size: int = 11, anchor: str = "middle", colour: str = INK
) -> Markup:
    """Return words at a place."""
    return element(
        "text",
        words,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        font_size=size,
        text_anchor=anchor,
        fill=colour,
    )


def _short(value: float) -> str:
    return significant(value, 4)


def clipped(words: str, most: int) -> str:
    """Return words, or so many letters of them."""
    return words if len(words) <= most else words[: max(1, most - 1)] + "…"


def drawing(width: float, height: float, label: str, parts: Sequence[Markup]) -> Markup:
    """Return a picture that says what it is."""
    return element(
        "svg",
        element("title", label),
        *parts,
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_label=label,
    )
