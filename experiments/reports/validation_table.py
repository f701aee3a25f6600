"""Validation and rivals as tables for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.evidence.facts import MEMORY
from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import percent, published
from experiments.reports.column_widths import set_widths
from experiments.reports.predictive_table import coverage_lines, variances_table
from experiments.validation.nulls import CLOSED
from experiments.validation.results import STATUS_WORDS
from experiments.validation.scores import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from experiments.reports.validated_setting import ValidatedSetting
    from experiments.validation.nulls import Nulls
    from experiments.validation.results import FactResult

__all__ = ["OTHERS", "brief_page", "inside_or_outside", "others", "validation_page"]

OTHERS = (
    "Random: share of clinics with random numbers that pass; a finding that nearly all of them pass says little. "
    "Closed: whether a clinic passes in which the alliance has no effect. Score: CRPS in standard deviations of the "
    "published value, .23 at best. L: looks at a latent state. –: not counted. Informed: a number set by hand "
    "names the finding as its source."
)
UNSURE = "~: the simulation's own interval crosses the limit; more studies would tell."


def inside_or_outside(row: FactResult) -> str:
    """Say in a word where the simulated value lies."""
    if math.isnan(row.simulated):
        return "not computable"
    word = "inside" if row.inside else "OUTSIDE"
    return word if row.sure else f"{word} ~"


def validation_page(shown: ValidatedSetting) -> Iterator[RenderableType]:
    """Yield the table, the misses with their explanations, and what `brief_page` has."""
    from rich.text import Text

    validation = shown.validation
    yield _table(shown)
    misses = [row for row in validation.rows if not row.inside]
    if misses:
        yield Text(f"Outside, with the best explanation found ({len(misses)}):", style="bold")
        for row in misses:
            yield Text(f"  {row.id} {row.statistic}: {row.explanation}")
    marks = []
    if any(row.remembered for row in validation.rows):
        marks.append(MEMORY)
    if any(not row.sure for row in validation.rows):
        marks.append(UNSURE)
    if marks:
        yield Text("\n".join(marks), style="dim")
    yield Text(OTHERS, style="dim")
    if shown.prediction is not None:
        yield variances_table(shown.prediction)
    yield from brief_page(shown)


def brief_page(shown: ValidatedSetting) -> Iterator[RenderableType]:
    """Yield a line for each role, how often the ensemble holds what was published, and what was simulated."""
    from rich.text import Text

    validation = shown.validation
    yield Text(f"{validation.preset}:")
    for role in ROLE_WORDS:
        yield Text(shown.role_line(role), style="bold")
    for row in (row for row in validation.rows if row.not_counting and not row.inside):
        yield Text(f"{row.id} lies outside, although nearly every clinic passes it.", style="bold")
    if shown.prediction is not None:
        yield from coverage_lines(shown.prediction)
    idle = [row.id for row in validation.rows if row.not_counting]
    if idle:
        yield Text(
            f"Not counted, for nearly every clinic passes them ({len(idle)}): {', '.join(idle)}.",
            style="dim",
        )
    yield Text(
        "Intervals of what is simulated say how sure a finite number of studies of this one clinic makes it.",
        style="dim",
    )
    yield Text(
        f"{validation.studies} simulated studies of {validation.clients_per_study} clients and"
        f" {validation.therapists_per_study} therapists, seed {validation.seed}; "
        f"{len(validation.not_computed)} further findings are not computed.",
        style="dim",
    )


def others(row: FactResult, nulls: Nulls | None) -> tuple[str, str]:
    """Return the share of random clinics that pass a finding, and whether the closed clinic does."""
    if nulls is None:
        return "", ""
    return percent(nulls.share(row.id)), "in" if CLOSED in nulls.passing(row.id) else "out"


def _table(shown: ValidatedSetting) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    validation, nulls, prediction = shown.validation, shown.nulls, shown.prediction
    table = Table(
        title=f"{validation.preset} against published findings",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Fact", no_wrap=True)
    table.add_column("Finding", min_width=34)
    which = "95 %" if prediction is None else "Ensemble 95 %"
    for heading in ("Published", "Inside", "Simulated", which):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("", "Role", ""):
        table.add_column(heading, no_wrap=True)
    for heading in ("Random", "Closed", "Score"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in validation.rows:
        ends: tuple[float, float] = (row.simulated_low, row.simulated_high)
        if prediction is not None:
            ends = prediction.by_id[row.id].clinics
        table.add_row(
            row.id,
            row.statistic,
            published(row.published),
            f"{published(row.low)}, {published(row.high)}",
            published(row.simulated),
            f"{published(ends[0])}, {published(ends[1])}",
            Text(inside_or_outside(row), style="green" if row.inside else "bold red"),
            f"{row.role}{' L' if row.latent else ''}{' –' if row.not_counting else ''}",
            row.status,
            *others(row, nulls),
            published(score(row)),
        )
    table.caption = "; ".join(
        f"{status}: {words}"
        for status, words in STATUS_WORDS.items()
        if any(row.status == status for row in validation.rows)
    )
    return set_widths(table)
