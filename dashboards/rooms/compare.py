"""The compare room: two clinics under the same luck, side by side, and how sure their differences are."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Control, Groups
from dashboards.addresses.fields import Fields, Whole, Word
from dashboards.addresses.pages import Page, shown
from dashboards.comparisons.baseline import WORDS, arms_of, choices
from dashboards.comparisons.exports import (
    comparison_file,
    differences_table,
    replicates_table,
    sessions_table,
)
from dashboards.comparisons.figures import curve_figure, difference_figure
from dashboards.comparisons.running import refine_comparison
from dashboards.computing.background import attempted, use_refinement
from dashboards.rooms.clinic import PARAMETERS
from dashboards.rooms.downloads import table_buttons
from dashboards.rooms.measures import MEASURE, MeasureToggle
from dashboards.rooms.tables import difference_table
from dashboards.shell import state
from dashboards.shell.setting import Setting, ToSetting
from dashboards.widgets.buttons import Button
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag, markup
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.addresses.address import PageState
    from dashboards.comparisons.comparison import Comparison

__all__ = ["PAGE", "Room"]

FIELDS: Fields = MappingProxyType(
    {
        "other": Word("progress_feedback", WORDS),
        "replicates": Whole(40, 2, 200),
        "measure": MEASURE,
    }
)


@component
def Room(page: PageState) -> Any:
    stopped, stop = solara.use_state("")
    other, replicates = shown(page, "other"), shown(page, "replicates")
    arms, problem = solara.use_memo(
        lambda: attempted(lambda: arms_of(page, other)), [page.preset, page.changes, other]
    )
    key = ("comparison", arms, page.seed, replicates)
    cancelled = stopped == str(hash(key))

    def begin() -> Iterator[Comparison]:
        assert arms is not None
        return refine_comparison(*arms, page.seed, replicates)

    watch = use_refinement(None if cancelled or arms is None else begin, key)
    return Tag(
        "div",
        Setting(page, PARAMETERS, Other(page)),
        Tag(
            "div",
            ToSetting("Choose what is compared"),
            Tag("p", problem or watch.problem, class_="notice", role="alert")
            if problem or watch.problem
            else ProgressBar(
                watch.value,
                watch.busy,
                cancelled,
                replicates,
                lambda: stop("" if cancelled else str(hash(key))),
            ),
            Differences(page, watch.value)
            if watch.value is not None
            else Tag("p", "Both clinics are about to be run.", class_="empty", role="status"),
            class_="stack",
        ),
        class_="room",
    )


CONTROLS = Groups.plain(
    Control(
        "other",
        "Compare with",
        "",
        "Policies, scenarios and mechanisms are layered on the clinic below, whose changes stay; another setting "
        "stands in its place. Other authors' models of the dyad have their sessions in it.",
        "choice",
        FIELDS["other"].start,
        choices=choices(),
    ),
    Control(
        "replicates",
        "Replicates",
        "of each",
        "How many times both clinics are run, each time with other luck, the same for both.",
        "integer",
        FIELDS["replicates"].start,
        low=2,
        high=200,
        step=1,
    ),
)


@component
def Other(page: PageState) -> Any:
    """Choose what to compare with, and how often both are run."""

    def change(changes: dict[str, Any]) -> None:
        read = {
            name: FIELDS[name].read(str(value)) for name, value in changes.items() if name in FIELDS
        }
        state.see(**{name: value for name, value in read.items() if value is not None})

    values = {name: shown(page, name) for name in ("other", "replicates")}
    return Tag("div", Panel("other", CONTROLS, values, change), class_="people")


@component
def ProgressBar(
    comparison: Comparison | None, busy: bool, stopped: bool, replicates: int, turn: Any
) -> Any:
    """Show how far the comparison is, and let it be stopped and go on."""
    done = comparison.done if comparison is not None else 0
    said, whole = f"{done} of {replicates} replicates", done == replicates
    return Tag(
        "div",
        Tag("progress", value=str(done), max=str(replicates), aria_label="Replicates run"),
        Tag("span", said if busy or whole else f"Stopped after {said}", role="status"),
        Button(
            "Go on" if stopped and not whole else "Stop",
            turn,
            disabled=whole or not (busy or stopped),
        ),
        class_="flow no-print",
    )


@component
def Differences(page: PageState, comparison: Comparison) -> Any:
    reported = shown(page, "measure") == "reported"
    names = (
        ("staying", "wai_sr_client", "core_10") if reported else ("staying", "alliance", "distress")
    )
    curves = [curve_figure(comparison, name) for name in names]  # type: ignore[arg-type]
    shares = [name for name, one in comparison.outcomes.items() if one.outcome.unit.percent]
    bars = difference_figure(comparison, shares)
    return Tag(
        "div",
        Tag("p", comparison.summary, class_="lead", role="status"),
        MeasureToggle(page),
        Tag(
            "div",
            *(Chart(one, height=300).key(f"chart {number}") for number, one in enumerate(curves)),
            class_="grid three",
        ),
        Chart(bars, height=70 + 28 * len(shares)).key("chart differences"),
        Tag(
            "details",
            Tag("summary", "Every outcome, with intervals"),
            markup(difference_table(comparison)),
            class_="card",
            data_fold="compare outcomes",
        ),
        Downloads(comparison),
        class_="stack",
    )


TABLES = {
    "Differences": ("comparison", differences_table),
    "Sessions": ("sessions", sessions_table),
    "Every clinic": ("clinics", replicates_table),
}
"""What is in a table, its file, and how it is made."""


@component
def Downloads(comparison: Comparison) -> Any:
    """Offer the numbers, and the study that runs both arms again."""

    def study() -> str:
        return comparison_file(comparison.a, comparison.b, comparison.seed, comparison.replicates)

    buttons = [
        button
        for words, (file, make) in TABLES.items()
        for button in table_buttons(words, file, partial(make, comparison))
    ]
    return Tag(
        "section",
        Tag("h2", "Download"),
        Tag(
            "div",
            *buttons,
            Download("Study file", "comparison.toml", study, "application/toml"),
            class_="flow",
        ),
        Tag(
            "p",
            "The study file runs both arms to the same numbers with: alliance sweep comparison.toml --out results. "
            "Its results have a row a clinic, as Every clinic has.",
            class_="soft",
        ),
        class_="card no-print",
    )


PAGE = Page(
    "compare",
    "Compare",
    "Two clinics under the same luck, side by side.",
    Room,
    position=3,
    fields=FIELDS,
)
