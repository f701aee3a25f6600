"""The command ``alliance results``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import DecimalSign, Overwrite, StudyPath, Unfinished, check_named
from experiments.cli.output import print_page, terminal_width
from experiments.cli.study_folders import folder_with_runs
from experiments.cli.usage_errors import refuse_alone

if TYPE_CHECKING:
    from experiments.store.study_folder import StudyFolder

__all__ = ["command"]


def command(
    folder: StudyPath,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as CSV.")
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as Parquet.")
    ] = None,
    sav: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run for SPSS.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run for Excel.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Write one row a point, with means and intervals.")
    ] = False,
    decimal: DecimalSign = ".",
    rows: Annotated[int, typer.Option(min=1, help="Most points to show.")] = 40,
    overwrite: Overwrite = False,
    unfinished: Unfinished = False,
) -> None:
    """Show what every point gave, with 95 % intervals, or write every run to one file."""
    from experiments.reports.study_table import results_page

    asked = {"csv": csv, "parquet": parquet, "sav": sav, "xlsx": xlsx}
    files = {form: path for form, path in asked.items() if path is not None}
    check_named(files, decimal)
    if not files:
        sign = None if decimal == "." else decimal
        refuse_alone("a file, such as --csv FILE", table=table, decimal=sign, overwrite=overwrite)
    opened = folder_with_runs(folder, unfinished=unfinished)
    for form, path in files.items():
        _write(opened, form, path, table=table, decimal=decimal, overwrite=overwrite)
        typer.echo(f"Wrote {path}.")
    if not files:
        print_page(*results_page(opened, rows, terminal_width()))


def _write(
    folder: StudyFolder, form: str, path: Path, *, table: bool, decimal: str, overwrite: bool
) -> None:
    """Write the runs of a study, or its points, to one file."""
    from experiments.analysis.estimates import summarise
    from experiments.catalogue import OUTCOMES
    from experiments.store.export import export_csv, export_parquet
    from experiments.store.tables import write_table

    if form == "csv" and not table:
        export_csv(folder, path, decimal=decimal, overwrite=overwrite)
    elif form == "parquet" and not table:
        export_parquet(folder, path, overwrite=overwrite)
    else:
        frame = summarise(folder).points if table else folder.results()
        labels = {name: one.meaning for name, one in OUTCOMES.items()}
        write_table(frame, path, form=form, decimal=decimal, labels=labels, overwrite=overwrite)
