"""Sensitivity as tables on the terminal, or as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from experiments.analysis.study_sensitivity import analyse, chosen_outcomes, discovered

if TYPE_CHECKING:
    from rich.console import Console

    from experiments.analysis.scenario_discovery import Box
    from experiments.analysis.sensitivity import Sensitivity
    from experiments.store.study_folder import StudyFolder

__all__ = ["show_sensitivity"]


def show_sensitivity(
    folder: StudyFolder,
    outcomes: tuple[str, ...],
    method: str,
    *,
    above: float | None = None,
    below: float | None = None,
    as_json: bool = False,
) -> None:
    """Print what each parameter does to each outcome, or where an outcome crosses a threshold."""
    from rich.console import Console

    console = Console()
    names = chosen_outcomes(folder.study, outcomes)
    if method == "discovery" or above is not None or below is not None:
        boxes = {name: discovered(folder, name, above=above, below=below) for name in names}
        if as_json:
            _print_json([{"outcome": name, **asdict(box)} for name, box in boxes.items()])
            return
        for name, box in boxes.items():
            sign, value = (">", above) if above is not None else ("<", below)
            console.print(_told(box, f"{name} {sign} {value:g}"))
        return
    found = [analyse(folder, name, method) for name in names]
    if as_json:
        _print_json([asdict(one) for one in found])
        return
    for one in found:
        _show(console, one)


def _show(console: Console, found: Sensitivity) -> None:
    from rich.table import Table

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
    console.print(table)
    console.print(found.note)


def _cell(effect: Any) -> str:
    if effect is None:
        return ""
    if math.isnan(effect.low):
        return _brief(effect.value)
    return f"{_brief(effect.value)} [{_brief(effect.low)}, {_brief(effect.high)}]"


def _brief(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.4g}"


def _told(box: Box, what: str) -> str:
    where = " and ".join(str(limit) for limit in box.limits) or "everywhere alike"
    tests = ", ".join(f"{limit.factor} {limit.p_value:.1g}" for limit in box.limits)
    return (
        f"{what} at {box.base:.0%} of the points. It is found where {where}: {box.density:.0%} "
        "of the points "
        f"there (density), {box.coverage:.0%} of all such points (coverage), {box.mass:.0%} of "
        "the space. "
        f"Chance of each limit being idle: {tests}."
    )


def _print_json(value: Any) -> None:
    import typer

    def cleaned(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: cleaned(inner) for key, inner in item.items()}
        if isinstance(item, list | tuple):
            return [cleaned(inner) for inner in item]
        return None if isinstance(item, float) and math.isnan(item) else item

    typer.echo(json.dumps(cleaned(value), indent=2))
