"""The terminal table of rival mechanisms: which findings each reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.writing import published
from experiments.reports.column_widths import set_widths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.validation.rival_mechanisms import Rivals

__all__ = ["rivals_page"]

MOST_STUDIES = 8
"""Of those that would tell two rivals apart, the smallest are shown."""


def rivals_page(found: Rivals) -> Iterator[RenderableType]:
    """Yield the table of findings by mechanism, and what it says."""
    from rich.table import Table
    from rich.text import Text

    names = [one.preset for one in found.validations]
    table = Table(title="Which findings each mechanism survives", title_justify="left")
    table.add_column("Fact")
    table.add_column("Finding")
    table.add_column("Inside", justify="right", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    discriminating = found.discriminating()
    for rows in found.by_fact():
        first = rows[0]
        table.add_row(
            f"{first.id} *" if first.id in discriminating else first.id,
            first.statistic,
            f"{published(first.low)} to {published(first.high)}",
            *(
                Text(
                    published(row.simulated) if row.inside else f"{published(row.simulated)} ×",
                    style="green" if row.inside else "bold red",
                )
                for row in rows
            ),
            end_section=first.id == "F01",
        )
    table.caption = "×: outside. *: tells the mechanisms apart."
    yield set_widths(table)
    for name in names:
        score = f"; mean score {found.score(name):.2f}"
        alive, total = found.findings_inside(name)
        line = f"{name}: survives {alive} of {total} other findings{score}"
        row = next(one.row("F01") for one in found.validations if one.preset == name)
        if found.reaches_headline(name):
            yield Text(f"{line}; reaches F01.")
        else:
            reached = "none" if row is None else published(row.simulated)
            yield Text(
                f"{line}, but does NOT reach F01 (r = {reached}): it is not a rival yet.",
                style="bold red",
            )
    best = found.best()
    if len(best) > 1:
        yield from _parting(found, *best[:2])


def _parting(found: Rivals, one: str, other: str) -> Iterator[RenderableType]:
    """Yield which study would tell the two best rivals apart."""
    from rich.table import Table
    from rich.text import Text

    studies = found.parting(one, other)[:MOST_STUDIES]
    if not studies:
        return
    table = Table(title=f"What would tell {one} from {other}", title_justify="left")
    table.add_column("Fact")
    table.add_column("Finding")
    table.add_column("Study")
    for heading in (one, other, "Clients"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in studies:
        table.add_row(
            row.fact,
            row.statistic,
            row.design,
            published(row.one),
            published(row.other),
            f"{row.clients:,}",
        )
    yield table
    yield Text(
        "The two best by their mean score over what was not fitted (lower is better). Clients: of one study, "
        "for a power of 80 %; for trials of both arms together.",
        style="dim",
    )
