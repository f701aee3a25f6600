"""The command ``alliance sensitivity``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from experiments.cli.options import AsJson, StudyPath
from experiments.cli.output import print_json, print_page
from experiments.quantities.writing import significant

__all__ = ["command"]


def command(
    folder: StudyPath,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Which outcomes; all of the study if not said.")
    ] = None,
    method: Annotated[str, typer.Option(help="auto, sobol, morris, pawn or discovery.")] = "auto",
    above: Annotated[
        float | None, typer.Option(help="Find the region where the outcome is above this.")
    ] = None,
    below: Annotated[
        float | None, typer.Option(help="Find the region where the outcome is below this.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which parameters matter: Sobol indices, Morris screening, PAWN, scenario discovery."""
    from experiments.analysis.study_sensitivity import chosen_outcomes, discovered, sensitivity
    from experiments.reports.sensitivity import effects_page, region_text
    from experiments.store.study_folder import StudyFolder

    opened = StudyFolder.open(folder)
    names = chosen_outcomes(opened.study, tuple(outcome or ()))
    if method == "discovery" or above is not None or below is not None:
        regions = {name: discovered(opened, name, above=above, below=below) for name in names}
        if as_json:
            print_json([{"outcome": name} | asdict(box) for name, box in regions.items()])
        else:
            limit = f"> {significant(above)}" if above is not None else f"< {significant(below)}"
            print_page(*(region_text(box, f"{name} {limit}") for name, box in regions.items()))
        return
    found = [sensitivity(opened, name, method) for name in names]
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_page(*(part for one in found for part in effects_page(one)))
