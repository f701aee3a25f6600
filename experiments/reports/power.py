"""A search for power on the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from experiments.power.sizing import words_of
from experiments.quantities.writing import estimate, fixed
from experiments.reports.trial import trial_page
from experiments.reports.trial_document import naive_line
from experiments.reports.trial_table import letter, letter_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.power.answer import Power
    from experiments.power.costs import Cheapest

__all__ = ["power_page"]

ROWS = 12
"""Sizes that are shown, the nearest to the answer."""


def power_page(
    power: Power, replay: str, cheapest: Cheapest | None = None
) -> Iterator[RenderableType]:
    """Yield the answer, what was tried, and how the analyses do at the answer; see `trial_page`."""
    yield Text(power.sentence if cheapest is None else cheapest.sentence, style="bold")
    if line := naive_line(power):
        yield Text(line)
    yield Text("")
    if cheapest is not None:
        yield _costs(cheapest)
        yield Text("")
    for line in letter_lines(power.analyses):
        yield Text(line)
    yield Text("")
    yield _tried(power)
    if power.confirmed is not None:
        yield Text("")
        yield Text("Fresh trials of the answer:")
        yield from trial_page(power.confirmed, replay)


def _tried(power: Power) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in (
        words_of(power.find),
        "trials",
        *(f"power: {letter(place)}" for place in range(len(power.analyses))),
    ):
        table.add_column(name, justify="right")
    middle = power.found.size.value
    if math.isnan(middle):
        middle = power.found.batches[-1].size
    by_nearness = sorted(power.found.batches, key=lambda one: (abs(one.size - middle), one.size))
    shown = {one.size for one in by_nearness[:ROWS]}
    for place, one in enumerate(power.found.batches):
        if one.size in shown:
            shares = (estimate(batches[place].power, 2) for batches in power.batches)
            table.add_row(f"{one.size:g}", f"{one.trials:,}", *shares)
    return table


def _costs(cheapest: Cheapest) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("clients of each therapist", "therapists needed", "cost"):
        table.add_column(name, justify="right")
    for one in cheapest.contour:
        table.add_row(
            str(one.clients_per_therapist), estimate(one.therapists, 0), fixed(one.cost, 0)
        )
    return table
