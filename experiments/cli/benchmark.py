"""The command ``alliance benchmark``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import AsJson
from experiments.cli.output import announce_compiling, print_json
from simulation.errors import AllianceError

__all__ = ["command"]


def command(
    as_json: AsJson = False,
    scaling: Annotated[
        bool,
        typer.Option("--scaling", help="Print a table clients x sessions x replicates instead."),
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="With --scaling: a page to write all measures into."),
    ] = None,
) -> None:
    """Measure the speed of the engine, beside its lower bound and beside Mesa."""
    from experiments.benchmarks.engine import measure
    from experiments.benchmarks.scaling import scaling_rows, scaling_table, write_page

    if page is not None and not scaling:
        raise AllianceError("--page writes the measures of --scaling: give both.")
    announce_compiling()
    if not scaling:
        measures = measure()
        if as_json:
            print_json(measures.as_json())
        else:
            typer.echo(measures.text())
        return
    rows = scaling_rows()
    if page is not None:
        write_page(page, measure(), rows)
    if as_json:
        print_json({"scaling": [row.as_json() for row in rows]})
    else:
        typer.echo(scaling_table(rows))
