"""The results of a study as a table on the terminal."""

from __future__ import annotations

import math

from typing import TYPE_CHECKING

from experiments.summaries import Summary, summarise, variance_saved

if TYPE_CHECKING:
    from rich.table import Table

    from experiments.store import StudyFolder

__all__ = ["number", "show_results"]


def show_results(folder: StudyFolder, rows: int) -> None:
    """Print the mean of every outcome at every point with its 95 % interval."""
    from rich.console import Console

    study = folder.study
    summary = summarise(folder)
    console = Console()
    console.print(_table(summary, rows, study.name))
    if summary.points.height > rows:
        console.print(
            f"... {summary.points.height - rows:,} more points; --rows shows more, --csv all runs."
        )
    console.print(
        f"{summary.runs:,} runs; ± is half the 95 % interval of the mean over replicates."
    )
    saved = {name: share for name, share in variance_saved(folder).items() if share is not None}
    if saved:
        said = ", ".join(f"{name} {share:.0%}" for name, share in saved.items())
        console.print(
            f"Variance that common random numbers saved in a contrast of two points: {said}."
        )
    failures = folder.failures()
    if failures.height:
        lost = int(failures["replicates"].sum())
        console.print(f"{lost:,} runs failed, the first with: {failures['message'][0]}")
        console.print(f"Replay it: {failures['replay'][0]}", soft_wrap=True)
    finished, all_parts = len(folder.finished()), int(folder.manifest["parts"])
    if finished < all_parts:
        console.print(
            f"Not finished: {finished:,} of {all_parts:,} parts. Give the command of the study "
            "again."
        )


def _table(summary: Summary, rows: int, title: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in summary.factors:
        table.add_column(name)
    table.add_column("runs", justify="right")
    for name in summary.outcomes:
        table.add_column(name, justify="right")
    for row in summary.points.head(rows).iter_rows(named=True):
        cells = [_value(row[name]) for name in summary.factors] + [f"{row['replicates']:,}"]
        for name in summary.outcomes:
            half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
            cells.append(f"{number(row[name])} ± {number(half)}")
        table.add_row(*cells)
    return table


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else "" if value is None else str(value)


def number(value: float) -> str:
    """Write a number for people: four significant digits."""
    return "–" if math.isnan(value) else f"{value:.4g}"
