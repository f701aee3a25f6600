"""Sensitivity as tables for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

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
    if math.isnan(effect.low):
        return _brief(effect.value)
    return f"{_brief(effect.value)} [{_brief(effect.low)}, {_brief(effect.high)}]"


def _brief(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.4g}"


def region_text(box: Box, what: str) -> Text:
    """Say where an outcome crosses a threshold; `what` names both: ``"dropout > 0.3"``."""
    where = " and ".join(str(limit) for limit in box.limits) or "everywhere alike"
    tests = ", ".join(f"{limit.factor} {limit.p_value:.1g}" for limit in box.limits)
    return Text(
        f"{what} at {box.base:.0%} of the points. It is found where {where}: {box.density:.0%} "
        "of the points "
        f"there (density), {box.coverage:.0%} of all such points (coverage), {box.mass:.0%} of "
        "the space. "
        f"Chance of each limit being idle: {tests}."
    )
