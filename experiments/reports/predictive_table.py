"""What an ensemble predicts for the findings, on the terminal: how often it holds, and what its intervals hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.writing import percent, published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from experiments.calibration.predictive import Coverage, Interval, Predicted, Prediction

__all__ = ["coverage_lines", "variances_table"]

WANTED_SHARE, WANTED_WIDTH = 0.8, 2.0
"""How often intervals should hold what was published, and how long they may be at most to say something."""

ROLES = ((("predict", "informed"), "not fitted"), (("predict",), "predicted"))

AFTERWARDS = (
    "That an interval for what a study reports has to hold the study's own sampling error was settled after the "
    "count without it had been seen."
)

SOURCES = {
    "interval": "its paper's interval",
    "clients": "its number of clients",
    "none": "not known",
}


def coverage_lines(prediction: Prediction) -> Iterator[RenderableType]:
    """Yield how often the intervals hold what was published, how long they are, and what they hold."""
    from rich.text import Text

    for roles, words in ROLES:
        found = prediction.coverage(*roles)
        if found.of:
            yield Text(f"{words}, ensemble: {_coverage(found)}", style="bold")
    yield Text(prediction.holds, style="dim")
    yield Text(AFTERWARDS, style="dim")


def _coverage(found: Coverage) -> str:
    sources = found.sources
    return (
        f"of {found.of} published numbers, 95 % intervals hold {_of(found.clinics, found)} without the papers' own "
        f"sampling error and {_of(found.estimates, found)} with it ({percent(WANTED_SHARE)} wanted); they are "
        f"{found.clinics_width:.1f} and {found.estimates_width:.1f} times as long as the range that counts as "
        f"inside, on average (at most {WANTED_WIDTH:.0f} wanted). That error follows from the paper's interval for "
        f"{sources['interval']} numbers and from how many clients there were for {sources['clients']}; for "
        f"{sources['none']} it is not known, and none is added."
    )


def _of(count: int, found: Coverage) -> str:
    return f"{count} ({percent(count / found.of)})"


def variances_table(prediction: Prediction) -> Table:
    """Return a table of the numbers that were not fitted: both intervals, and every variance with its source."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        title="What the ensemble's intervals are made of, for published numbers that were not fitted",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Fact", no_wrap=True)
    for heading in (
        "Published",
        "Clinics 95 %",
        "",
        "Estimates 95 %",
        "",
        "Sets and clinics",
        "Model",
        "Paper",
    ):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for heading in ("Paper's error from", "Scale"):
        table.add_column(heading, no_wrap=True)
    for row in prediction.rows:
        if row.role != "fit" and row.clinics.holds(row.published) is not None:
            table.add_row(*_cells(row))
    table.caption = (
        "Sets and clinics, model, paper: standard deviations on the scale. The first is of the clinics drawn from "
        "the ensemble; the second of findings left out of the fit, one a scale, none for differences between arms."
    )
    return table


def _cells(row: Predicted) -> tuple[str, ...]:
    def interval(ends: Interval) -> tuple[str, str]:
        inside = "in" if ends.holds(row.published) else "out"
        return f"{published(ends.low)}, {published(ends.high)}", inside

    return (
        row.id,
        published(row.published),
        *interval(row.clinics),
        *interval(row.estimates),
        f"{row.clinics_spread:.2g}",
        f"{row.model_error:.2g}",
        f"{row.published_error.error:.2g}",
        SOURCES[row.published_error.source],
        row.scale,
    )
