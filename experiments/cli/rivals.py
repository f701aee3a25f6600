"""The command ``alliance rivals``."""

from __future__ import annotations

from experiments.cli.options import AsJson, SimulatedStudies, ValidationSeed
from experiments.cli.output import FACTS_WIDTH, findings_progress, print_json, print_page
from experiments.validation.seeds import VALIDATION_SEED

__all__ = ["command"]


def command(
    as_json: AsJson = False, studies: SimulatedStudies = 200, seed: ValidationSeed = VALIDATION_SEED
) -> None:
    """Show which published findings each of four rival mechanisms survives."""
    from experiments.reports.rivals_table import rivals_page
    from experiments.validation.rival_mechanisms import rivals

    with findings_progress("rivals") as on_fact:
        found = rivals(studies=studies, seed=seed, on_fact=on_fact)
    if as_json:
        print_json(found.to_dicts())
    else:
        print_page(*rivals_page(found), least_width=FACTS_WIDTH)
