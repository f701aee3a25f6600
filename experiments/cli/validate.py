"""The command ``alliance validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.cost import SECONDS_A_STUDIED_CLIENT, announce_cost
from experiments.cli.options import AsJson, Long, Overwrite, SimulatedStudies, ValidationSeed
from experiments.cli.output import FACTS_WIDTH, findings_progress, print_json, print_page
from experiments.validation.seeds import VALIDATION_SEED
from simulation.errors import AllianceError

__all__ = ["command"]


def command(
    preset: Annotated[
        str, typer.Option(metavar="P", help="A preset, or a TOML file with one.")
    ] = "default",
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with a forest plot.")
    ] = None,
    studies: SimulatedStudies = 200,
    clients: Annotated[int, typer.Option(metavar="N", help="Clients of one study.")] = 60,
    seed: ValidationSeed = VALIDATION_SEED,
    everything: Annotated[
        bool, typer.Option("--all", help="All settings that have findings of their own.")
    ] = False,
    overwrite: Overwrite = False,
    long: Long = False,
) -> None:
    """Compare a setting with published findings, and show what it misses."""
    from experiments.reports.validation_table import validation_page
    from experiments.validation.nulls import beside_nulls
    from experiments.validation.validate import validate
    from simulation.files import check_output, write_output

    if html is not None:
        check_output(html, overwrite=overwrite)
    names = _names(preset, everything=everything)
    announce_cost(
        f"{len(names) * studies:,} studies of {clients:,} clients",
        len(names) * studies * clients,
        SECONDS_A_STUDIED_CLIENT,
        long=long,
    )
    found = []
    for name in names:
        with findings_progress(name) as on_fact:
            found.append(
                validate(
                    name, studies=studies, clients_per_study=clients, seed=seed, on_fact=on_fact
                )
            )
    if html is not None:
        from experiments.reports.validation import validation_document

        write_output(html, validation_document(found).encode(), overwrite=overwrite)
        typer.echo(f"Wrote {html}.", err=True)
    if as_json:
        print_json([entry for one in found for entry in beside_nulls(one)])
    else:
        print_page(
            *(part for one in found for part in validation_page(one)), least_width=FACTS_WIDTH
        )


def _names(preset: str, *, everything: bool) -> tuple[str, ...]:
    from experiments.evidence.facts_by_setting import DEFAULT, settings_with_facts

    if not everything:
        return (preset,)
    if preset != DEFAULT:
        raise AllianceError(f"Give either --preset {preset} or --all, not both.")
    return settings_with_facts()
