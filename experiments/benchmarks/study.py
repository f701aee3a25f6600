"""How fast studies run here: ``python -m experiments.benchmarks.study [--all]``.

Each measurement runs in a separate process, on the default clinic with five outcomes, compiled
and warm.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from experiments.benchmarks.memory import own_peak_megabytes

__all__ = ["main", "measure_study"]

SMALL, LARGE, HUGE = (10, 1_000), (200, 500), (100, 10_000)
"""Points and replicates: 10,000, 100,000 and 1,000,000 runs."""


def measure_study(points: int, replicates: int, where: str, workers: int) -> dict[str, float]:
    """Run a study once in this process and return what it cost.

    Parameters
    ----------
    points, replicates
        Size of the study.
    where
        ``serial``, ``threads``, ``processes`` or ``dask``.
    workers
        How many.
    """
    from experiments.design.designs import Grid
    from experiments.design.factors import Range
    from experiments.design.replication import Fixed
    from experiments.design.study import Study
    from experiments.execution.dask_executor import Dask
    from experiments.execution.evaluation import ClinicEvaluation
    from experiments.execution.executors import Processes, Serial, StudyExecutor, Threads
    from experiments.execution.run import run_and_report

    study = Study(
        design=Grid(factors={"empathy": Range(low=0.2, high=0.8, points=points)}),
        replication=Fixed(replicates=replicates),
    )
    places: dict[str, StudyExecutor] = {
        "serial": Serial(),
        "threads": Threads(workers),
        "processes": Processes(workers),
        "dask": Dask("local", workers),
    }
    ClinicEvaluation(study.outcomes)({}, 1, 0, 50)
    with tempfile.TemporaryDirectory() as room:
        report = run_and_report(study, Path(room) / "study", executor=places[where])
        stored = sum(file.stat().st_size for file in Path(room).rglob("*.parquet"))
    return {
        "runs": report.finished,
        "seconds": report.seconds,
        "runs_per_second": report.finished / report.seconds,
        "storage_share_of_compute": report.storing / report.computing,
        "peak_megabytes": own_peak_megabytes(),
        "stored_megabytes": stored / 1e6,
    }


def main(words: list[str]) -> None:
    """Measure and print one line each; ``--all`` adds a million runs, processes and Dask."""
    if words[:1] == ["one"]:
        print(json.dumps(measure_study(int(words[1]), int(words[2]), words[3], int(words[4]))))  # noqa: T201
        return
    plan = [(SMALL, "threads", 2), (LARGE, "threads", 1), (LARGE, "threads", 2)]
    if "--all" in words:
        plan += [(LARGE, "processes", 2), (LARGE, "dask", 2), (HUGE, "threads", 2)]
    for (points, replicates), where, workers in plan:
        arguments = ["one", str(points), str(replicates), where, str(workers)]
        call = [sys.executable, "-m", "experiments.benchmarks.study", *arguments]
        printed = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        found = json.loads(printed.splitlines()[-1])
        print(  # noqa: T201
            f"{found['runs']:>9,} runs  {workers} {where:<9}  {found['seconds']:6.1f} s  "
            f"{found['runs_per_second']:7,.0f} runs/s  "
            f"storage {found['storage_share_of_compute']:.1%} of compute  "
            f"peak {found['peak_megabytes']:.0f} MB  on disk {found['stored_megabytes']:.1f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
