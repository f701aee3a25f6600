"""Explanations and the list of presets as pages for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from simulation.dyads.catalogue import dyad_names, published_dyad
from simulation.presets import KINDS, all_presets

if TYPE_CHECKING:
    from rich.console import RenderableType

    from experiments.evidence.explain import Explanation

__all__ = ["explanation_page", "presets_page"]

HEADINGS = {
    "setting": "Settings: where therapy takes place",
    "scenario": "Scenarios: for teaching",
    "mechanism": "Rival mechanisms: the same model with paths closed",
    "policy": "Policies: what a clinic can decide",
}


def _grid() -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column()
    return grid


def explanation_page(one: Explanation) -> Group:
    parts: list[RenderableType] = [Text(one.name, "bold").append(f"  ({one.kind})", "dim")]
    parts += [Text(one.meaning), Text("")]
    if one.entries:
        grid = _grid()
        for label, text in one.entries:
            grid.add_row(Text(label), Text(text))
        parts += [grid, Text("")]
    if one.evidence:
        parts.append(Text("Evidence", "bold"))
        grid = _grid()
        for line in one.evidence:
            name, _, text = line.partition("  ")
            grid.add_row(Text(name), Text(text))
        parts += [grid, Text("")]
    if one.equations:
        parts.append(Text("Used by", "bold"))
        grid = _grid()
        for use in one.equations:
            grid.add_row(Text(f"{use.module}.{use.name}"), Text(use.meaning))
        parts += [grid, Text("")]
    return Group(*parts)


def presets_page() -> Group:
    """Return the list of all presets, by kind."""
    parts: list[RenderableType] = []
    width = max(len(one.name) for one in all_presets())
    for kind in KINDS:
        parts.append(Text(HEADINGS[kind], "bold"))
        grid = _grid()
        grid.columns[0].min_width = width
        for one in all_presets():
            if one.kind == kind:
                grid.add_row(Text(one.name), Text(one.title))
        parts += [grid, Text("")]
    parts.append(Text("Other models of the dyad", "bold"))
    grid = _grid()
    grid.columns[0].min_width = width
    for name in dyad_names():
        grid.add_row(Text(name), Text(str(published_dyad(name).__doc__).partition("\n")[0]))
    parts += [grid, Text("")]
    parts.append(
        Text("One in full: alliance presets NAME.  Run it: alliance run --preset NAME", "dim")
    )
    parts.append(
        Text("Several are layered, later ones on top: --preset stepped_care --preset relief", "dim")
    )
    return Group(*parts)
