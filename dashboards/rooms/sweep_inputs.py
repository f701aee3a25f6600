"""The inputs of the sweep room: what to vary, what to look at and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Choice, Control, Group, Groups
from dashboards.addresses.pages import shown
from dashboards.addresses.parameter_controls import label, step_between
from dashboards.shell import state
from dashboards.sweeps.inputs import (
    FIELDS,
    NONE,
    axis_names,
    has_range,
    span,
)
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel
from experiments.catalogue import OUTCOMES

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["Inputs", "inputs_of"]


INPUTS = (
    "x",
    "x_low",
    "x_high",
    "x_count",
    "y",
    "y_low",
    "y_high",
    "y_count",
    "outcome",
    "repeats",
    "size",
)


def inputs_of(page: PageState) -> tuple[Any, ...]:
    return tuple(shown(page, name) for name in INPUTS)


@component
def Inputs(page: PageState) -> Any:
    """Choose what to vary, what to look at and how often."""
    x, y = shown(page, "x"), shown(page, "y")
    # A size that something else decides is not offered: it would be ignored silently.
    sized = "clients" not in {x, y, *page.changes}
    groups = solara.use_memo(lambda: _controls(x, y, sized=sized), [x, y, sized])

    def change(changes: dict[str, Any]) -> None:
        read: dict[str, Any] = {"go": 0, "point": -1}
        for name, value in changes.items():
            known = FIELDS[name].read(str(value)) if name in INPUTS else None
            if known is None:
                continue
            read[name] = known
            if name in {"x", "y"}:
                read |= {f"{name}_low": None, f"{name}_high": None}
        state.see(**read)

    values = {name: shown(page, name) for name in INPUTS if sized or name != "size"}
    values = {name: value for name, value in values.items() if value is not None}
    return Tag("div", Panel("inputs", groups, values, change), class_="people")


def _controls(x: str, y: str, *, sized: bool) -> Groups:
    names = tuple(Choice(name, words) for name, words in axis_names())
    first = [
        Control(
            "x", "Vary", "", "The parameter across.", "choice", FIELDS["x"].start, choices=names
        )
    ]
    second = [
        Control(
            "y",
            "And",
            "",
            "A second parameter makes a map; none makes a line.",
            "choice",
            NONE,
            choices=(Choice(NONE, "nothing else"), *names),
        )
    ]
    rest = [
        Control(
            "outcome",
            "Look at",
            "",
            "What is measured of every clinic.",
            "choice",
            FIELDS["outcome"].start,
            choices=tuple(Choice(one.name, one.title) for one in OUTCOMES.values()),
        ),
        _whole(
            "repeats",
            "Replicates",
            "clinics a point",
            "More of them make the intervals narrower.",
            2,
            100,
        ),
    ]
    if sized:
        size = _whole("size", "Clients", "of a clinic", "Unless you change it below.", 10, 1_000)
        rest.append(size)
    return Groups(
        (
            Group("", (*first, *_range(x, "x")), plain=True),
            Group("", (*second, *(_range(y, "y") if y != NONE else ())), plain=True),
            Group("", tuple(rest), plain=True),
        )
    )


def _whole(name: str, words: str, unit: str, meaning: str, low: int, high: int) -> Control:
    start = FIELDS[name].start
    return Control(name, words, unit, meaning, "integer", start, low=low, high=high, step=1)


def _range(name: str, which: str) -> tuple[Control, ...]:
    if not has_range(name):
        return ()
    (start, end), (low, high) = span(name)
    words = label(name)
    step = step_between(low, high)

    def one(end_name: str, said: str, value: float) -> Control:
        return Control(
            f"{which}_{end_name}", f"{words}, {said}", "", "An end of the range.", "number", value,
            low=low, high=high, step=step,
        )  # fmt: skip

    return (
        one("low", "from", start),
        one("high", "to", end),
        _whole(f"{which}_count", "Values", "in this range", "Evenly spaced.", 2, 60),
    )
