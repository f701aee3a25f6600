"""The sweep room: an outcome over one or two parameters, sharper with every replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.address import write
from dashboards.addresses.controls import Choice, Control, Group, Groups, label, step_between
from dashboards.addresses.pages import Page, shown
from dashboards.clinics.outcomes import value_text
from dashboards.computing.background import attempted, use_refinement
from dashboards.rooms.downloads import table_buttons
from dashboards.shell import state
from dashboards.shell.setting import Setting
from dashboards.sweeps.exports import points_table
from dashboards.sweeps.figures import sweep_figure, written
from dashboards.sweeps.inputs import (
    FIELDS,
    NONE,
    axis_names,
    fewer_values,
    has_range,
    point_of_sweep,
    span,
    sweep_of,
)
from dashboards.sweeps.refinement import refine
from dashboards.sweeps.spec import study_file
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel
from experiments.catalogue import OUTCOMES
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.sweeps.refinement import SweepProgress
    from dashboards.sweeps.spec import Sweep

__all__ = ["PAGE", "Room"]

PARAMETERS = ("session_limit", "caseload_cap", "supportive_environment")

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


@component
def Room(page: PageState) -> Any:
    """Show the room."""
    sweep, problem = solara.use_memo(
        lambda: attempted(lambda: sweep_of(page)),
        [page.preset, page.changes, page.seed, *_inputs(page)],
    )
    going = bool(shown(page, "go")) and sweep is not None
    begin = (lambda: refine(sweep)) if going and sweep is not None else None
    key = ("sweep", page.preset, tuple(page.changes.items()), page.seed, *_inputs(page))
    watch = use_refinement(begin, key)
    problem = problem or watch.problem
    if problem:
        body = Tag("p", problem, class_="notice", role="alert")
    elif watch.value is None:
        body = Tag(
            "p",
            "The first points are about to appear."
            if going
            else "Choose what to vary and what to look at, then run the sweep.",
            class_="empty",
            role="status",
        )
    else:
        body = Result(page, watch.value)
    return Tag(
        "div",
        Setting(page, PARAMETERS, Inputs(page)),
        Tag(
            "div",
            Going(sweep, watch.value, going and watch.busy, going),
            *(Tag("p", said, class_="soft") for said in (fewer_values(sweep) if sweep else ())),
            body,
            class_="stack",
        ),
        class_="room",
    )


def _inputs(page: PageState) -> tuple[Any, ...]:
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


@component
def Going(sweep: Sweep | None, progress: SweepProgress | None, busy: bool, going: bool) -> Any:
    """Run, stop, and show how far it is."""
    runs = sweep.runs if sweep is not None else 0
    done = progress.done if progress is not None else 0
    finished = progress is not None and progress.finished
    if busy or finished:
        said = f"{done:,} of {runs:,} clinics"
    elif done:
        said = f"Stopped after {done:,} of {runs:,} clinics"
    else:
        said = f"{runs:,} clinics to run" if runs else ""
    return Tag(
        "div",
        Button(
            "Run the sweep",
            lambda: state.see(go=1),
            kind="act",
            disabled=sweep is None or (going and (busy or finished)),
        ),
        Button("Stop", lambda: state.see(go=0), disabled=not busy),
        Tag("progress", value=str(done), max=str(max(runs, 1)), aria_label="Clinics run"),
        Tag("span", said, role="status"),
        class_="flow no-print",
    )


@component
def Result(page: PageState, progress: SweepProgress) -> Any:
    """Show what is known so far, the point chosen, and the files."""
    sweep = progress.sweep
    figure = solara.use_memo(lambda: sweep_figure(progress), [progress])

    def choose(x: int, y: int) -> None:
        places = (y, x) if len(sweep.axes) == 2 else (x,)
        try:
            state.see(point=sweep.point_of(*places))
        except AllianceError:
            state.see(point=-1)

    tall = 560 if figure.kind == "heat" else 380
    point = shown(page, "point")
    return Tag(
        "div",
        Chart(figure, height=tall, on_choose=choose),
        Chosen(page, progress, point)
        if 0 <= point < sweep.points
        else Tag(
            "p", "Choose a point, in the chart or in its table, to open its clinic.", class_="soft"
        ),
        Tag(
            "section",
            Tag("h2", "Download"),
            Tag(
                "div",
                *table_buttons("Numbers", "sweep", lambda: points_table(progress)),
                Download("Study file", "study.toml", lambda: study_file(sweep), "application/toml"),
                class_="flow",
            ),
            Tag(
                "p",
                "The study file runs to the same numbers with: alliance sweep study.toml --out results"
                if progress.finished
                else f"The study file runs all {sweep.runs:,} clinics of this sweep, not only those run so far, "
                "with: alliance sweep study.toml --out results",
                class_="soft",
            ),
            class_="card no-print",
        ),
        class_="stack",
    )


@component
def Chosen(page: PageState, progress: SweepProgress, point: int) -> Any:
    """Show a point of the sweep and lead to its clinic."""
    router = solara.use_router()
    sweep = progress.sweep
    settings = sweep.settings_at(point)
    settings.pop("preset", None)
    outcome = sweep.measure
    here = [
        f"{label(axis.parameter)} {written(value)}"
        for axis, value in zip(sweep.axes, sweep.grid[point], strict=True)
    ]
    found = progress.found[point].within(*outcome.unit.range)
    said = f"{' and '.join(here)}: {outcome.label} {value_text(outcome.unit, found.value)}"
    if progress.number[point] > 1:
        said += (
            f" (mean of {progress.number[point]} clinics, 95 % interval "
            f"{value_text(outcome.unit, found.low)} to {value_text(outcome.unit, found.high)})"
        )
    address = f"/clinic?{write(page.changed(changes=settings), {})}"
    return Tag(
        "div",
        Tag("p", f"{said}.", role="status"),
        Button("Open this clinic", lambda: router.push(address), kind="act"),
        class_="card",
    )


PAGE = Page(
    "sweep",
    "Sweep",
    "One or two parameters over their range, sharper with every replicate.",
    Room,
    position=4,
    fields=FIELDS,
    limits=point_of_sweep,
)
