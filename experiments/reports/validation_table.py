"""Validation and rivals as tables for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import percent, published
from experiments.validation.nulls import CLOSED, role_line, stored_nulls
from experiments.validation.results import STATUS_WORDS
from experiments.validation.scores import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from experiments.validation.nulls import Nulls
    from experiments.validation.results import FactResult, Validation

__all__ = ["OTHERS", "inside_or_outside", "others", "validation_page"]

MEMORY = "M: the published number is from memory of the literature and still to be checked."
OTHERS = (
    "Random: share of clinics with random numbers that pass; a finding that nearly all of them pass says little. "
    "Closed: whether a clinic passes in which the alliance has no effect. Score: CRPS in standard deviations of the "
    "published value, .23 at best. L: looks at a latent state. Informed: a number set by hand "
    "names the finding as its source."
)
UNSURE = "~: the simulation's own interval crosses the limit; more studies would tell."


def inside_or_outside(row: FactResult) -> str:
    """Say in a word where the simulated value lies."""
    if math.isnan(row.simulated):
        return "not computable"
    word = "inside" if row.inside else "OUTSIDE"
    return word if row.sure else f"{word} ~"


def validation_page(validation: Validation) -> Iterator[RenderableType]:
    """Yield the table, the misses with their explanations, and a line for each role."""
    from rich.text import Text

    yield _table(validation)
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
    for role in ROLE_WORDS:
        yield Text(role_line(validation, role), style="bold")
    yield Text(OTHERS, style="dim")
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


def _table(validation: Validation) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=f"{validation.preset} against published findings",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Fact", no_wrap=True)
    table.add_column("Finding", min_width=34)
    for heading in ("Published", "Inside", "Simulated", "95 %"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("", "Role", ""):
        table.add_column(heading, no_wrap=True)
    for heading in ("Random", "Closed", "Score"):
        table.add_column(heading, justify="right", no_wrap=True)
    nulls = stored_nulls(validation.setting)
    for row in validation.rows:
        table.add_row(
            row.id,
            row.statistic,
            published(row.published),
            f"{published(row.low)}, {published(row.high)}",
            published(row.simulated),
            f"{published(row.simulated_low)}, {published(row.simulated_high)}",
            Text(inside_or_outside(row), style="green" if row.inside else "bold red"),
            f"{row.role} L" if row.latent else row.role,
            row.status,
            *others(row, nulls),
            published(score(row)),
        )
    table.caption = "; ".join(
        f"{status}: {words}"
        for status, words in STATUS_WORDS.items()
        if any(row.status == status for row in validation.rows)
    )
    return table
