"""The sweep room: an outcome over one or two parameters, better known with every replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.pages import Page, shown
from dashboards.computing.background import attempted, use_refinement
from dashboards.rooms.going import Going
from dashboards.rooms.sweep_inputs import Inputs, inputs_of
from dashboards.rooms.sweep_result import Result
from dashboards.shell import state
from dashboards.shell.setting import Setting, ToSetting
from dashboards.sweeps.figures import sweep_figure
from dashboards.sweeps.inputs import (
    FIELDS,
    fewer_values,
    point_of_sweep,
    sweep_of,
)
from dashboards.sweeps.refinement import refine
from dashboards.sweeps.shipped import VIEW, shipped
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["PAGE", "Room"]

PARAMETERS = ("session_limit", "caseload_cap", "supportive_environment")


@component
def Room(page: PageState) -> Any:
    sweep, problem = solara.use_memo(
        lambda: attempted(lambda: sweep_of(page)),
        [page.preset, page.changes, page.seed, *inputs_of(page)],
    )
    going = bool(shown(page, "go")) and sweep is not None
    begin = (lambda: refine(sweep)) if going and sweep is not None else None
    key = ("sweep", page.preset, tuple(page.changes.items()), page.seed, *inputs_of(page))
    watch = use_refinement(begin, key)
    problem = problem or watch.problem
    if problem:
        body = Tag("p", problem, class_="notice", role="alert")
    elif watch.value is None and going:
        body = Tag("p", "The first points are about to appear.", class_="empty", role="status")
    elif watch.value is None:
        body = Shipped()
    else:
        body = Result(page, watch.value)
    return Tag(
        "div",
        Setting(page, PARAMETERS, Inputs(page)),
        Tag(
            "div",
            ToSetting("Choose what is varied"),
            Going(
                "Run the sweep",
                "clinics",
                sweep.runs if sweep is not None else 0,
                watch.value.done if watch.value is not None else 0,
                going and watch.busy,
                going,
            ),
            *(Tag("p", said, class_="soft") for said in (fewer_values(sweep) if sweep else ())),
            body,
            class_="stack",
        ),
        class_="room",
    )


@component
def Shipped() -> Any:
    """Show a sweep that was run before, as long as there is none of one's own."""
    made = shipped()
    sweep = made.sweep
    said = (
        f"A sweep that comes with Alliance: {sweep.points} points of {sweep.replicates} clinics, {sweep.clients} "
        "clients each. Choose what to vary and what to look at, then run your own."
    )
    return Tag(
        "div",
        Tag("p", said, class_="situation", role="status"),
        Chart(sweep_figure(made), height=560),
        Tag(
            "div",
            Button("Choose these settings", lambda: state.see(**VIEW)),
            class_="flow no-print",
        ),
        class_="stack",
    )


PAGE = Page(
    "sweep",
    "Sweep",
    "One or two parameters over their range, better known with every replicate.",
    Room,
    position=4,
    fields=FIELDS,
    limits=point_of_sweep,
)
