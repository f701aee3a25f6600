"""The command ``alliance presets``."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.output import print_page

__all__ = ["command"]


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show one in full.", show_default=False)
    ] = None,
) -> None:
    """List settings, scenarios, rival mechanisms and policies, or show one."""
    from experiments.evidence.explain import preset_explained
    from experiments.reports.explanation import explanation_page, presets_page

    print_page(presets_page() if name is None else explanation_page(preset_explained(name)))
