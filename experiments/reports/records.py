"""A description of real records for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.evidence.facts import MEMORY
from experiments.quantities.writing import published
from experiments.records.description import read_lines
from experiments.reports.column_widths import set_widths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.records.description import Description

__all__ = ["describe_page"]

PRIVATE = "Nothing has left this machine. Statistics of a group; they say nothing about one client."


def describe_page(found: Description) -> Iterator[RenderableType]:
    """Yield what was found, what was left out, the table, and what could not be computed."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    first, *others = read_lines(found.records)
    yield Text(first, style="bold")
    for line in others:
        yield Text(line)
    if found.rows:
        table = Table(
            title="What the records say",
            title_justify="left",
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
        )
        table.add_column("Fact", no_wrap=True)
        table.add_column("Statistic", min_width=34)
        for heading in ("Yours", "95 %", "n", "Published", "Range", "Simulated"):
            table.add_column(heading, justify="right", no_wrap=True)
        for row in found.rows:
            table.add_row(
                row.id,
                row.statistic,
                Text(published(row.yours), style="" if row.inside else "bold"),
                f"{published(row.yours_low)}, {published(row.yours_high)}",
                str(row.n),
                published(row.published) + (" M" if row.status == "M" else ""),
                f"{published(row.low)}, {published(row.high)}",
                published(row.simulated),
            )
        table.caption = f"Simulated: {found.preset}, {found.studies} studies. {MEMORY}"
        yield set_widths(table)
    if found.unpublished:
        yield Text(
            "Without a published finding, yours with 95 % interval (of which clients and therapists came):",
            style="bold",
        )
        for one in found.unpublished:
            limits = f"{published(one.yours_low)}, {published(one.yours_high)}"
            yield Text(f"  {one.label}: {published(one.yours)} ({limits}), n = {one.n}")
    reasons: dict[str, list[str]] = {}
    for lost in found.not_described:
        reasons.setdefault(lost.reason, []).append(lost.id)
    if reasons:
        yield Text("Not supported by these records:", style="bold")
        for reason, names in sorted(reasons.items()):
            yield Text(f"  {reason}: {', '.join(names)}")
    yield Text(PRIVATE, style="dim")
