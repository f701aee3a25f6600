"""Figures of a lesson on paper: what the page shows, as inline SVG in ink and dashes, or room to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboards.charts.axes import axis_label, axis_number, extent, ticks_from_first
from dashboards.charts.figures import Bars, Lines
from experiments.reports.charts import ticks
from experiments.reports.svg import element, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dashboards.charts.figures import Figure, Series

    Scale = Callable[[float], float]

__all__ = ["PrintedFigure", "drawn", "room_to_draw"]

WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, FOOT = 34.0, 10.0, 30.0
EDGE = 14.0
"""Room beside bars, for half of the number below the first and last tick."""

WIDEST = 62
"""Letters of a label that find room; a longer one is set narrower."""

ROW = 25.0
"""Height of one bar with its name above it."""

KEY = 13.0
"""Height of a line of the key."""

INKS = ("#0b4d66", "#a8431f", "#5c4485", "#6b5500", "#23613d")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2")


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure on paper.

    Attributes
    ----------
    title
        Its name.
    picture
        Its drawing, or room for one.
    summary
        The sentence that says what it shows; empty before the run.
    """

    title: str
    picture: Markup
    summary: str


def drawn(figure: Figure) -> PrintedFigure:
    """Return a figure as it came out."""
    return PrintedFigure(figure.title, _picture(figure, blank=False), figure.summary)


def room_to_draw(figure: Figure) -> PrintedFigure:
    """Return the axes of a figure with their scales, to draw upon: no mark of the model, and no word about it."""
    return PrintedFigure(figure.title, _picture(figure, blank=True), summary="")


def _picture(figure: Figure, *, blank: bool) -> Markup:
    if isinstance(figure, Lines):
        return _lines(figure, blank=blank)
    if isinstance(figure, Bars):
        return _bars(figure, blank=blank)
    return Markup("")


def _lines(figure: Lines, *, blank: bool) -> Markup:
    key, top = _key(figure.series)
    top += 22.0
    known = [value for one in figure.series for value in (*one.values, *one.low, *one.high)]
    y_low, y_high = extent(figure.y, known)
    x_low, x_high = _ends(figure)
    whole = all(value is None or value % 1.0 == 0.0 for value in figure.xs)
    bottom = top + HEIGHT - FOOT

    def x(value: float) -> float:
        return LEFT + (value - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return bottom - (value - y_low) / (y_high - y_low) * (bottom - top)

    parts = [key, _label(top - 10, axis_label(figure.y, y_low), x=2.0)]
    for tick in ticks(y_low, y_high):
        across = f"M{LEFT:g} {y(tick):.1f}H{WIDTH - RIGHT:g}"
        parts.append(element("path", d=across, stroke="#ddd"))
        parts.append(_text(LEFT - 4, y(tick) + 3, axis_number(figure.y, tick), anchor="end"))
    parts += [
        _text(x(tick), bottom + 12, axis_number(figure.x, tick), anchor="middle")
        for tick in ticks_from_first(x_low, x_high, 6, whole=whole)
    ]
    parts.append(_label(bottom + 24, figure.x.label))
    for place, one in enumerate(() if blank else figure.series):
        parts += _line(figure, one, place, x, y)
    return _svg(top + HEIGHT, figure.title, parts)


def _ends(figure: Lines) -> tuple[float, float]:
    known = [value for value in figure.xs if value is not None]
    low = known[0] if figure.x.low is None else figure.x.low
    high = known[-1] if figure.x.high is None else figure.x.high
    return low, high if high > low else low + 1.0


def _line(figure: Lines, one: Series, place: int, x: Scale, y: Scale) -> list[Markup]:
    ink = INKS[place % len(INKS)]
    parts: list[Markup] = []
    if one.low:
        ends = [
            (at, low, high)
            for at, low, high in zip(figure.xs, one.low, one.high, strict=True)
            if at is not None and low is not None and high is not None
        ]
        around = [f"{x(at):.1f},{y(high):.1f}" for at, _, high in ends]
        around += [f"{x(at):.1f},{y(low):.1f}" for at, low, _ in reversed(ends)]
        parts.append(element("polygon", points=" ".join(around), fill=ink, fill_opacity=".15"))
    points: list[tuple[float, float]] = []
    for at, value in zip(figure.xs, one.values, strict=True):
        if at is None or value is None:
            continue
        if figure.steps and points:
            points.append((x(at), points[-1][1]))
        points.append((x(at), y(value)))
    path = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
    parts.append(
        element(
            "polyline",
            points=path,
            fill="none",
            stroke=ink,
            stroke_width=1.6,
            stroke_dasharray=_dash(place),
        )
    )
    return parts


def _bars(figure: Bars, *, blank: bool) -> Markup:
    key, top = _key(figure.series) if len(figure.series) > 1 else (Markup(""), 0.0)
    known = [value for one in figure.series for value in (*one.values, *one.low, *one.high)]
    if not figure.points or figure.reference is not None:
        known.append(figure.reference or 0.0)
    low, high = extent(figure.x, known)

    def x(value: float) -> float:
        return EDGE + (value - low) / (high - low) * (WIDTH - 2 * EDGE)

    row = ROW + 9.0 * (len(figure.series) - 1)
    bottom = top + row * len(figure.names) + 4.0
    parts = [key]
    for tick in ticks(low, high):
        upright = f"M{x(tick):.1f} {top:g}V{bottom:g}"
        parts.append(element("path", d=upright, stroke="#ddd"))
        parts.append(_text(x(tick), bottom + 11, axis_number(figure.x, tick), anchor="middle"))
    if figure.reference is not None and low <= figure.reference <= high:
        upright = f"M{x(figure.reference):.1f} {top:g}V{bottom:g}"
        parts.append(element("path", d=upright, stroke="#333"))
    for at, name in enumerate(figure.names):
        above = top + row * at
        parts.append(_text(EDGE, above + 10, name))
        for place, one in enumerate(() if blank else figure.series):
            parts.append(_bar(figure, one, at, place, above + 18.0 + 9.0 * place, x))
    parts.append(_label(bottom + 24, axis_label(figure.x, low)))
    return _svg(bottom + 28.0, figure.title, parts)


def _bar(figure: Bars, one: Series, at: int, place: int, middle: float, x: Scale) -> Markup:
    ink = INKS[place % len(INKS)]
    value = one.values[at]
    if value is None:
        return Markup("")
    if figure.points:
        mark = element("circle", cx=f"{x(value):.1f}", cy=f"{middle:g}", r=3, fill=ink)
    else:
        start, width = min(x(0.0), x(value)), abs(x(value) - x(0.0))
        mark = element(
            "rect",
            x=f"{start:.1f}",
            y=f"{middle - 3.5:g}",
            width=f"{width:.1f}",
            height=7,
            fill=ink,
            fill_opacity=f"{0.75 - 0.4 * (place % 2):g}",
        )
    if not one.low or one.low[at] is None or one.high[at] is None:
        return mark
    low, high = x(one.low[at] or 0.0), x(one.high[at] or 0.0)
    ends = (
        f"M{low:.1f} {middle:g}H{high:.1f}M{low:.1f} {middle - 3:g}v6M{high:.1f} {middle - 3:g}v6"
    )
    return together((mark, element("path", d=ends, stroke="#111", stroke_width=1.1)))


def _key(series: Sequence[Series]) -> tuple[Markup, float]:
    """Return what each line means, one below the other, and how high that is."""
    parts: list[Markup] = []
    for place, one in enumerate(series):
        line = element(
            "path",
            d=f"M2 {KEY * place + 7:g}h24",
            stroke=INKS[place % len(INKS)],
            stroke_width=2.2,
            stroke_dasharray=_dash(place),
        )
        parts += [line, _text(32, KEY * place + 10, one.name)]
    return together(parts), KEY * len(series) + 2.0


def _dash(place: int) -> str | None:
    return DASHES[place % len(DASHES)] or None


def _text(x: float, y: float, words: str, anchor: str | None = None) -> Markup:
    return element("text", words, x=f"{x:.4g}", y=f"{y:.4g}", text_anchor=anchor)


def _label(y: float, words: str, x: float | None = None) -> Markup:
    """Write what is along an axis, within the drawing however long it is: in the middle, or from `x` on."""
    too_long = len(words) > WIDEST
    return element(
        "text",
        words,
        x=f"{WIDTH / 2 if x is None else x:g}",
        y=f"{y:.4g}",
        text_anchor="middle" if x is None else None,
        textLength=f"{WIDTH - 8:g}" if too_long else None,
        lengthAdjust="spacingAndGlyphs" if too_long else None,
    )


def _svg(height: float, title: str, parts: Iterable[Markup]) -> Markup:
    return element("svg", *parts, viewBox=f"0 0 {WIDTH:g} {height:g}", role="img", aria_label=title)
