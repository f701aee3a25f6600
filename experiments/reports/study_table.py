"""The results of a study as a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from experiments.analysis.estimates import StudySummary, summarise, variance_saved
from experiments.execution.own_code import stored_own_code
from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import CHANCE_ALONE
from experiments.quantities.writing import count, percent, plus_minus, significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from experiments.execution.own_code import OwnCode
    from experiments.store.study_folder import StudyFolder

__all__ = [
    "MOST_FAILURES",
    "cell_of",
    "estimate_of",
    "failures_page",
    "own_code_line",
    "results_page",
]

MOST_FAILURES = 20
"""Failures that are shown, on the terminal and in a report."""


def results_page(folder: StudyFolder, rows: int, width: int) -> Iterator[RenderableType]:
    """Yield the mean of every outcome at every point with its 95 % interval, and what else to know.

    Parameters
    ----------
    folder
        Of the study.
    rows
        Most points to show.
    width
        Columns of the terminal.
    """
    summary = summarise(folder)
    yield Text(folder.study.name, style="bold")
    for one in stored_own_code(folder.manifest):
        yield Text(
            f"With {'' if one.kind == 'code' else 'a '}{one.kind} of one's own: {own_code_line(one)}."
        )
    for table in _tables(summary, rows, width):
        yield table
        yield Text("")
    if summary.points.height > rows:
        yield Text(
            f"... {count(summary.points.height - rows, 'more point')}; --rows shows more, --csv all runs."
        )
    yield Text(
        f"{count(summary.runs, 'run')}; ± is half the 95 % interval of the mean over replicates; n says in how many "
        f"of them an outcome is defined, where that is not all. {CHANCE_ALONE}"
    )
    saved = {name: share for name, share in variance_saved(folder).items() if share is not None}
    if saved:
        shares = ", ".join(f"{name} {percent(share)}" for name, share in saved.items())
        yield Text(
            f"Variance that common random numbers saved in a contrast of two points: {shares}."
        )
    yield from _incidents(folder)


def own_code_line(one: OwnCode) -> str:
    """Name a rule or a model of one's own, what it stands for, and which version it is."""
    place = {
        "rule": "instead of the model's own",
        "model": "instead of the simulation",
        "script": "whose answers these are",
        "code": "rules or a model",
    }[one.kind]
    return f"{one.words}, {place}"


def failures_page(folder: StudyFolder) -> Iterator[RenderableType]:
    """Yield which runs failed, why, and how to replay each."""
    failures = folder.failures()
    for row in failures.head(MOST_FAILURES).iter_rows(named=True):
        last = row["first_replicate"] + row["replicates"] - 1
        yield Text(
            f"point {row['point']}, replicates {row['first_replicate']} to {last}: {row['error']}: {row['message']}"
        )
        yield Text(f"  replay the first: {row['replay']}", no_wrap=True, overflow="ignore")
    if failures.height > MOST_FAILURES:
        yield Text(f"{failures.height - MOST_FAILURES:,} more in failures.parquet.")


def _incidents(folder: StudyFolder) -> Iterator[Text]:
    """Yield which runs failed, with the command that replays the first, and what is not finished."""
    failures = folder.failures()
    if failures.height:
        lost = int(failures["replicates"].sum())
        yield Text(f"{count(lost, 'run')} failed, the first with: {failures['message'][0]}")
        yield Text(f"Replay it: {failures['replay'][0]}", no_wrap=True, overflow="ignore")
    finished, all_chunks = len(folder.finished()), int(folder.manifest["chunks"])
    if finished < all_chunks:
        yield Text(
            f"Not finished: {finished:,} of {all_chunks:,} chunks. Give the command of the study again."
        )


def _tables(summary: StudySummary, rows: int, width: int) -> Iterator[Table]:
    """Return as many tables as it takes to show every outcome in full at the terminal's width."""
    shown = summary.points.head(rows)
    first = {name: [_value(value) for value in shown[name].to_list()] for name in summary.factors}
    first["runs"] = [f"{runs:,}" for runs in shown["replicates"].to_list()]
    columns = {
        name: [cell_of(row, name) for row in shown.iter_rows(named=True)]
        for name in summary.outcomes
    }
    left = list(columns)
    while left:
        table, room = Table(show_edge=False, pad_edge=False), width
        for name, cells in first.items():
            table.add_column(name, no_wrap=True, justify="right" if name == "runs" else "left")
            room -= _width(name, cells)
        chosen = [left.pop(0)]
        room -= _width(chosen[0], columns[chosen[0]])
        while left and room >= _width(left[0], columns[left[0]]):
            room -= _width(left[0], columns[left[0]])
            chosen.append(left.pop(0))
        for name in chosen:
            table.add_column(name, justify="right", no_wrap=True)
        for row in zip(*first.values(), *(columns[name] for name in chosen), strict=True):
            table.add_row(*row)
        yield table


def _width(name: str, cells: list[str]) -> int:
    return max(len(name), *(len(cell) for cell in cells)) + 3


def estimate_of(row: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])


def cell_of(row: Mapping[str, Any], name: str) -> str:
    """Write the mean of an outcome of a row of the summary, with n where it is not defined in every run."""
    written = plus_minus(estimate_of(row, name))
    defined = int(row[f"{name}_n"])
    return written if defined == row["replicates"] else f"{written} (n {defined:,})"


def _value(value: object) -> str:
    return (
        significant(value, 4) if isinstance(value, float) else "" if value is None else str(value)
    )
