"""Sensitivity as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from experiments.quantities.estimate import Estimate
from experiments.quantities.writing import estimate as written
from experiments.quantities.writing import percent, significant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.analysis.scenario_discovery import Box
    from experiments.analysis.sensitivity import Sensitivity

__all__ = ["effects_page", "region_text"]


def effects_page(found: Sensitivity) -> Iterator[RenderableType]:
    """Yield what each parameter does to an outcome, and how to read it."""
    measures = list(dict.fromkeys(effect.measure for effect in found.effects))
    table = Table(
        title=f"{found.outcome}: {found.method}, {found.points:,} points", title_justify="left"
    )
    table.add_column("factor")
    for measure in measures:
        table.add_column(measure, justify="right", no_wrap=True)
    for factor in dict.fromkeys(effect.factor for effect in found.effects):
        cells = {effect.measure: effect for effect in found.effects if effect.factor == factor}
        table.add_row(factor, *(_cell(cells.get(measure)) for measure in measures))
    yield table
    yield Text(found.note)


def _cell(effect: Any) -> str:
    if effect is None:
        return ""
    return written(Estimate(effect.value, effect.low, effect.high), 3)


def region_text(box: Box, what: str) -> Text:
    """Say where an outcome crosses a threshold; `what` names both: ``"dropout > 0.3"``."""
    where = " and ".join(str(limit) for limit in box.limits) or "everywhere alike"
    tests = ", ".join(f"{limit.factor} {significant(limit.p_value, 1)}" for limit in box.limits)
    return Text(
        f"{what} at {percent(box.base)} of the {box.points:,} points where it is a number. It is found where "
        f"{where}: {percent(box.density)} of the points there (density), {percent(box.coverage)} of all such points "
        f"(coverage), {percent(box.mass)} of the space. Chance of each limit being idle: {tests}."
    )
