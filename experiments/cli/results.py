"""The command ``alliance results``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import Overwrite, StudyPath, Unfinished
from experiments.cli.output import print_page, terminal_width
from experiments.cli.study_folders import folder_with_runs

__all__ = ["command"]


def command(
    folder: StudyPath,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as CSV.")
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as Parquet.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Most points to show.")] = 40,
    overwrite: Overwrite = False,
    unfinished: Unfinished = False,
) -> None:
    """Show what every point gave, with 95 % intervals, or write every run to one file."""
    from experiments.reports.study_table import results_page
    from experiments.store.export import export_csv, export_parquet

    opened = folder_with_runs(folder, unfinished=unfinished)
    if csv is not None:
        export_csv(opened, csv, overwrite=overwrite)
        typer.echo(f"Wrote {csv}.")
    if parquet is not None:
        export_parquet(opened, parquet, overwrite=overwrite)
        typer.echo(f"Wrote {parquet}.")
    if csv is None and parquet is None:
        print_page(*results_page(opened, rows, terminal_width()))
