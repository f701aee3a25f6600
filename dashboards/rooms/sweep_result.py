"""The result of a sweep: its chart, the point chosen, its numbers as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.address import write
from dashboards.addresses.pages import shown
from dashboards.addresses.parameter_controls import label
from dashboards.clinics.outcomes import value_text
from dashboards.rooms.downloads import table_buttons
from dashboards.shell import state
from dashboards.sweeps.exports import points_table
from dashboards.sweeps.figures import sweep_figure, written
from dashboards.sweeps.spec import study_file
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.sweeps.refinement import SweepProgress

__all__ = ["Result"]


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
            f" (mean of {progress.number[point]} clinics, 95 % interval of chance "
            f"{value_text(outcome.unit, found.low)} to {value_text(outcome.unit, found.high)})"
        )
    address = f"/clinic?{write(page.changed(changes=settings), {})}"
    return Tag(
        "div",
        Tag("p", f"{said}.", role="status"),
        Button("Open this clinic", lambda: router.push(address), kind="act"),
        class_="card",
    )
