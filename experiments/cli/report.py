"""The command ``alliance report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import StudyPath
from experiments.cli.study_folders import folder_with_runs

__all__ = ["command"]


def command(
    folder: StudyPath,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write.  [default: DIR/report.html]"),
    ] = None,
) -> None:
    """Write one self-contained HTML file.

    Question, design, results, sensitivity, how to reproduce.
    """
    from experiments.reports.study import study_document
    from simulation.files import write_whole

    target = html or folder / "report.html"
    write_whole(target, study_document(folder_with_runs(folder)).encode())
    typer.echo(f"Wrote {target}.")
