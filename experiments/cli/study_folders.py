"""Folders of studies as commands open them: one without a result says so and ends with exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from experiments.cli.output import print_page

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.store.study_folder import StudyFolder

__all__ = ["end_without_runs", "folder_with_runs"]


def folder_with_runs(path: Path, *, unfinished: bool = False) -> StudyFolder:
    """Open a folder some runs of which gave a result.

    Raises
    ------
    typer.Exit
        With code 1 if there is none, after the failures were shown.
    """
    from experiments.store.study_folder import StudyFolder

    folder = StudyFolder.open(path, unfinished=unfinished)
    if not folder.has_runs():
        end_without_runs(folder)
    return folder


def end_without_runs(folder: StudyFolder) -> None:
    """Say that no run gave a result, show what failed, and end with exit code 1."""
    from experiments.reports.study_table import failures_page

    print_page(*failures_page(folder))
    typer.echo(f"Error: {folder.why_without_runs()}", err=True)
    raise typer.Exit(1)
