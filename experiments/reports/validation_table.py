"""Validation and rivals as tables for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.quantities.writing import published
from experiments.validation.results import STATUS_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from experiments.validation.results import FactResult, Validation

__all__ = ["inside_or_outside", "validation_page"]

MEMORY = "M: the published number is from memory of the literature and still to be checked."
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
    yield Text(str(validation.count_inside("fit")), style="bold")
    yield Text(str(validation.count_inside("predict")), style="bold")
    yield Text(
        f"{validation.studies} simulated studies of {validation.clients_per_study} clients and"
        f" {validation.therapists_per_study} therapists, seed {validation.seed}; "
        f"{len(validation.not_computed)} further findings are not computed.",
        style="dim",
    )


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
    for row in validation.rows:
        table.add_row(
            row.id,
            row.statistic,
            published(row.published),
            f"{published(row.low)}, {published(row.high)}",
            published(row.simulated),
            f"{published(row.simulated_low)}, {published(row.simulated_high)}",
            Text(inside_or_outside(row), style="green" if row.inside else "bold red"),
            "fit" if row.role == "fit" else "predict",
            row.status,
        )
    table.caption = "; ".join(
        f"{status}: {words}"
        for status, words in STATUS_WORDS.items()
        if any(row.status == status for row in validation.rows)
    )
    return table
