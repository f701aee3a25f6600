"""How the time of a run grows with its size, as a table and as a page."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from experiments.benchmarks.engine import SEED
from experiments.benchmarks.pages import measured_on, write_between
from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.benchmarks.engine import EngineSpeed

__all__ = ["ScalingRow", "scaling_rows", "scaling_table", "write_page"]

BEGIN, END = "<!-- begin scaling -->", "<!-- end scaling -->"
"""Marks of a page between which the table stands."""


@dataclass(frozen=True, slots=True)
class ScalingRow:
    """Seconds that one size of run takes, with 1 and with 2 threads."""

    clients: int
    session_limit: int
    replicates: int
    sessions: int
    seconds_one_thread: float
    seconds_two_threads: float

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def scaling_rows(*, most_courses: int = 200_000, repeats: int = 3) -> list[ScalingRow]:
    """Measure runs of many sizes: clients x sessions x replicates. Therapists and intake grow with the clients."""
    rows: list[ScalingRow] = []
    for clients in (100, 1_000, 10_000):
        for limit in (10, 20, 40):
            for replicates in (1, 10, 100, 1_000):
                if clients * replicates > most_courses:
                    continue
                parameters = Parameters(
                    clients=clients,
                    therapists=clients // 10,
                    arrivals_per_week=clients / 5,
                    session_limit=limit,
                )
                rows.append(_scaling_row(parameters, replicates, repeats))
    return rows


def _scaling_row(parameters: Parameters, replicates: int, repeats: int) -> ScalingRow:
    seconds: dict[int, list[float]] = {1: [], 2: []}
    sessions = 0
    for turn in range(repeats + 1):
        for threads, times in seconds.items():
            begun = time.perf_counter()
            result = simulate(parameters, seed=SEED, replicates=replicates, threads=threads)
            # The first turn compiles and warms up.
            if turn:
                times.append(time.perf_counter() - begun)
            sessions = int(result.client_rows["sessions"].sum())
    return ScalingRow(
        clients=parameters.clients,
        session_limit=parameters.session_limit,
        replicates=replicates,
        sessions=sessions,
        seconds_one_thread=statistics.median(seconds[1]),
        seconds_two_threads=statistics.median(seconds[2]),
    )


def scaling_table(rows: list[ScalingRow]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| clients | sessions at most | replicates | sessions | 1 thread, s | 2 threads, s "
        "| courses/s, 1 thread | courses/s, 2 threads |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        courses = row.clients * row.replicates
        lines.append(
            f"| {row.clients:,} | {row.session_limit} | {row.replicates:,} | {row.sessions:,} "
            f"| {row.seconds_one_thread:.4f} | {row.seconds_two_threads:.4f} "
            f"| {courses / row.seconds_one_thread:,.0f} | {courses / row.seconds_two_threads:,.0f} |"
        )
    return "\n".join(lines)


def write_page(page: Path, measures: EngineSpeed, rows: list[ScalingRow]) -> None:
    """Write the measures and the table between two marks of a page in Markdown.

    Raises
    ------
    AllianceError
        If the page cannot be read or written, or has no such marks.
    """
    table = f"```text\n{measures.text()}\n```"
    write_between(page, BEGIN, END, (measured_on(), table, scaling_table(rows)))
