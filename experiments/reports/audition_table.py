"""The terminal page of an audition: how a script fares in each world, and which worlds it tells apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.audition.summary import AuditionSummary
    from experiments.quantities.monte_carlo import Measured

__all__ = ["audition_page"]


def audition_page(found: AuditionSummary, *, arms: bool) -> Iterator[RenderableType]:
    """Yield the table of worlds, what it says, and the pairs of worlds.

    Parameters
    ----------
    found
        What came of it.
    arms
        Whether studies are trials, whose null is two arms that do not differ.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(title="The script in each world", title_justify="left")
    table.add_column("World", no_wrap=True)
    for name in ("Studies", "Truth", "Mean", "Bias", "Spread", "Model SE", "Coverage", "p < .05"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found.worlds:
        table.add_row(
            one.world,
            f"{one.studies}" + (f" ({one.failed} failed)" if one.failed else ""),
            _number(one.truth),
            _number(one.estimate),
            _number(one.bias),
            _number(one.spread),
            f"{one.model_error:.3g}" if math.isfinite(one.model_error) else "–",
            _percent(one.coverage),
            _percent(one.rejected),
        )
    table.caption = (
        "±: Monte Carlo standard error. Mean and spread (standard deviation) are of the estimates; model SE is what"
        " the script says their spread is."
    )
    yield table
    null = "the arms do not differ there" if arms else "the alliance does nothing there"
    yield Text(f"p < .05 is power; in the world null it is the type I error ({null}).")
    if not any(math.isfinite(one.truth.value) for one in found.worlds):
        yield Text(
            "Bias and coverage need a truth: say --arm (a trial), --statistic NAME or --truth NUMBER."
        )
    for one in found.worlds:
        if one.withheld:
            yield Text(f"{one.world}: coverage and p < .05 are withheld, because {one.withheld}.")
    if found.first_error:
        yield Text(f"First failure: {found.first_error.rstrip('.')}. Its table: {found.replay}.")
    if found.pairs:
        apart = [
            f"{one.one} and {one.other} ({one.chance:.0%})" for one in found.pairs if one.apart
        ]
        alike = [
            f"{one.one} and {one.other} ({one.chance:.0%})" for one in found.pairs if not one.apart
        ]
        yield Text(
            "Worlds that four studies in five tell apart (the 95 % interval leaves out the other's mean estimate):"
            f" {', '.join(apart) or 'none'}."
        )
        if alike:
            yield Text(f"Not told apart: {', '.join(alike)}.")
    yield Text(
        "Simulated studies: they say how a script works, nothing about any client or whether a policy does."
    )


def _number(one: Measured) -> str:
    """Write a number with as many decimals as its Monte Carlo error has."""
    if not math.isfinite(one.value):
        return "–"
    if not (math.isfinite(one.error) and one.error > 0):
        return f"{one.value:.3g}"
    decimals = min(6, max(0, -math.floor(math.log10(one.error))))
    return f"{one.value:.{decimals}f} ±{one.error:.{decimals}f}"


def _percent(one: Measured) -> str:
    if not math.isfinite(one.value):
        return "–"
    return f"{100 * one.value:.0f} % ±{100 * one.error:.0f}"
