"""The command ``alliance report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import Overwrite, StudyPath, Unfinished
from experiments.cli.study_folders import folder_with_runs

__all__ = ["command"]


def command(
    folder: StudyPath,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write.  [default: DIR/report.html]"),
    ] = None,
    overwrite: Overwrite = False,
    unfinished: Unfinished = False,
) -> None:
    """Write one self-contained HTML file.

    Question, design, results, sensitivity, how to reproduce.
    """
    from experiments.reports.study import study_document
    from simulation.files import check_output, write_output

    opened = folder_with_runs(folder, unfinished=unfinished)
    target = html or opened.path / "report.html"
    # The page in the study's own folder is brought up to date; whatever else is there may be somebody's.
    replaces = overwrite or html is None
    check_output(target, overwrite=replaces)
    write_output(target, study_document(opened).encode(), overwrite=replaces)
    typer.echo(f"Wrote {target}.")
