"""What a chart shows, as plain frozen values: the browser draws them, a table and a sentence say the same.

A figure holds numbers and words only. Colours, patterns, fonts, dark mode and the size of the screen are the
browser's business (``assets/chart.js``), so every chart of the dashboard looks and behaves alike, and a test
can read what a chart claims without a browser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from experiments.quantities.estimate import Estimates

__all__ = [
    "DIGITS",
    "STILL_THERE",
    "Axis",
    "Bars",
    "Figure",
    "Heat",
    "Lines",
    "Mark",
    "Network",
    "Node",
    "Predicted",
    "Series",
    "as_json",
    "interval_series",
    "numbers",
    "plain_number",
]

Numbers: TypeAlias = tuple[float | None, ...]
"""Values of a chart; None where there is none."""

DIGITS = 4
"""Decimals of what a browser is sent. Sentences are made of the same numbers, so that nothing is rounded twice."""


def numbers(values: Iterable[float], digits: int = DIGITS) -> Numbers:
    """Return plain numbers rounded to `digits` decimals, None for what is not finite: what a browser reads."""
    return tuple(round(float(value), digits) if math.isfinite(value) else None for value in values)


def plain_number(number: float) -> str:
    """Write a value that is no share: three decimals below 1, two above; ``assets/written.js`` has the same rule."""
    return fixed(number, 3 if abs(number) < 1 else 2)


STILL_THERE = "clients still in treatment"
"""Who is counted below every curve over sessions."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis.

    Attributes
    ----------
    label
        What is along it, with its unit: ``"Session"``, ``"Distress (CORE-10, 0-40)"``.
    low, high
        Where it begins and ends; None to let the data decide.
    percent
        Whether to write shares as percentages.
    points
        Whether those shares are differences: they are written as percentage points, which the label names.
    zero
        Whether it makes room for 0, so that it begins there unless a value lies below; any axis that begins elsewhere
        says where.
    measured
        Whether values are written as outcomes are, with two or three decimals, and not as briefly as they can be.
    """

    label: str
    low: float | None = None
    high: float | None = None
    percent: bool = False
    points: bool = False
    measured: bool = False
    zero: bool = False


Role: TypeAlias = Literal["main", "part", "ghost", "reference"]
"""What a line is beside the others; see `Series`."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its values over the chart's x values, and the band around it if there is one.

    Attributes
    ----------
    name
        As the legend names it.
    values
        One for each x.
    low, high
        Bounds of a band, such as a 95 % interval; empty for no band.
    role
        ``main``; ``part`` (thinner: a component of a main line); ``ghost`` (dashed and pale: what another choice
        would have done); ``reference`` (dotted: a published value, a threshold).
    colour
        Place in the palette, so that the same thing keeps its colour and its dash across charts; None to take
        the next one. Dash, symbol and pattern go with it, so that nothing is said by colour alone.
    number
        How many people are behind each value; empty where that says nothing.
    short
        What stands at the end of the line, where the name is too long for it.
    """

    name: str
    values: Numbers
    low: Numbers = ()
    high: Numbers = ()
    role: Role = "main"
    colour: int | None = None
    number: Numbers = ()
    short: str = ""


def interval_series(
    name: str,
    found: Estimates,
    *,
    role: Role = "main",
    colour: int | None = None,
    number: Numbers = (),
) -> Series:
    """Return estimates and their intervals as a line, points or bars."""
    return Series(
        name,
        numbers(found.value),
        low=numbers(found.low),
        high=numbers(found.high),
        role=role,
        colour=colour,
        number=number,
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one x value, drawn as a symbol at the foot of the chart.

    Attributes
    ----------
    x
        Where.
    label
        What, for the tooltip.
    kind
        What kind of event: it decides the symbol.
    """

    x: float
    label: str
    kind: Literal["rupture", "repair", "boundary", "ending"] = "rupture"


@dataclass(frozen=True, slots=True)
class Predicted:
    """Where a student's prediction lies in a chart.

    Attributes
    ----------
    at
        The row of bars, from 0, or the x value of lines.
    low, high
        Its bounds along the axis of values, the same for one value; None where it names none.
    words
        The same in words: ``"above 8.7"``.
    """

    at: float
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over a common x axis.

    Attributes
    ----------
    title, summary
        The chart's name, and one or two sentences that state what it shows: read aloud in its place.
    x, y
        Axes.
    xs
        x values, ascending.
    series
        Lines, the most important first.
    stacked
        Whether the lines are shares of a whole, stacked as areas.
    steps
        Whether values hold until the next x, as survival curves do.
    marks
        Events.
    cursor
        x value at which to draw a vertical line; None for none.
    counted
        Who is counted below the axis, by the `number` of the main lines: ``"clients still in treatment"``.
    predicted
        Where a prediction lies.
    """

    title: str
    summary: str
    x: Axis
    y: Axis
    xs: Numbers
    series: tuple[Series, ...]
    stacked: bool = False
    steps: bool = False
    marks: tuple[Mark, ...] = ()
    cursor: float | None = None
    counted: str = ""
    predicted: tuple[Predicted, ...] = ()
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class Heat:
    """Values over two parameters.

    Attributes
    ----------
    title, summary
        As for `Lines`.
    x, y
        Axes.
    xs, ys
        Their levels, as they are written.
    values
        Row by row, one row for each of `ys`; None where there is no value yet.
    value
        What the colour means, with its range; the range of the data where it gives none.
    """

    title: str
    summary: str
    x: Axis
    y: Axis
    xs: tuple[str, ...]
    ys: tuple[str, ...]
    values: tuple[Numbers, ...]
    value: Axis
    kind: Literal["heat"] = "heat"


@dataclass(frozen=True, slots=True)
class Bars:
    """Named values as horizontal bars, or as points with intervals.

    Attributes
    ----------
    title, summary
        As for `Lines`.
    x
        The axis of the values.
    names
        One for each bar, from the top.
    series
        Values in the order of `names`; `low` and `high` are intervals.
    points
        Whether to draw points with whiskers in place of bars.
    reference
        Value at which to draw a vertical line, such as 0 for a difference; None for none.
    predicted
        Where a prediction lies.
    """

    title: str
    summary: str
    x: Axis
    names: tuple[str, ...]
    series: tuple[Series, ...]
    points: bool = False
    reference: float | None = None
    predicted: tuple[Predicted, ...] = ()
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True)
class Node:
    """Someone in a network: name, size (any positive number), and the value that gives the colour."""

    name: str
    size: float
    value: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Who is tied to whom, coloured by a value.

    Attributes
    ----------
    title, summary
        As for `Lines`.
    nodes
        People.
    edges
        Pairs of places in `nodes`.
    places
        Where each node is drawn, both coordinates in [0, 1]: the same layout for the same network.
    value
        What the colour means, with its range.
    """

    title: str
    summary: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    places: tuple[tuple[float, float], ...]
    value: Axis
    kind: Literal["network"] = "network"


Figure: TypeAlias = Lines | Heat | Bars | Network


def as_json(value: Any) -> Any:
    """Return a figure, or a part of one, as dictionaries, lists and plain values."""
    slots: Sequence[str] | None = getattr(value, "__dataclass_fields__", None)
    if slots is not None:
        return {name: as_json(getattr(value, name)) for name in slots}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value
