"""Cost estimate: what a study will run, how long that takes here, how much disk it fills."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.design.replication import Fixed
from experiments.execution.tasks import ChunkResult
from experiments.store.files import parquet_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.design.value import Scalar
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate

__all__ = ["CostEstimate", "estimate_cost"]

SECONDS_TO_MEASURE = 0.3


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What is to be expected of a study.

    Attributes
    ----------
    points, runs, chunks
        Their numbers; with adaptive replication `runs` is the most there can be.
    microseconds
        A run takes here, in one worker, measured on a few of the study's own points; NaN if all of
        them failed.
    bytes_a_run
        On disk.
    """

    points: int
    runs: int
    chunks: int
    microseconds: float
    bytes_a_run: float

    def seconds(self, workers: int) -> float:
        """Return how long all runs take with so many workers."""
        return self.runs * self.microseconds * 1e-6 / max(1, min(workers, self.chunks))

    @property
    def megabytes(self) -> float:
        """How much disk all results fill."""
        return self.runs * self.bytes_a_run / 1e6


def estimate_cost(plan: Plan, evaluate: Evaluate) -> CostEstimate:
    """Measure a few points of a study: the first, the middle and the last."""
    import numpy as np

    last = len(plan.points) - 1
    speeds: list[float] = []
    for point in sorted({0, last // 2, last}):
        settings = plan.settings(plan.points.rows(point, point + 1)[0])
        try:
            speeds.append(_microseconds(plan, evaluate, settings))
        except Exception:  # a point that fails will be written down when it is run
            continue
    count = min(plan.chunk_runs, plan.runs)
    shape = np.arange(count) // plan.study.replication.expected % len(plan.points)
    drawn = np.random.default_rng(0)
    sample = ChunkResult(
        chunk=0,
        point=shape.astype(np.uint32),
        replicate=np.arange(count, dtype=np.uint32),
        outcomes={name: drawn.random(count) for name in plan.study.outcomes},
        failures=(),
        seconds=0.0,
    )
    return CostEstimate(
        points=len(plan.points),
        runs=plan.runs,
        chunks=plan.chunks,
        microseconds=float(np.mean(speeds)) if speeds else float("nan"),
        bytes_a_run=len(parquet_bytes(plan.frame(sample))) / count,
    )


def _microseconds(plan: Plan, evaluate: Evaluate, settings: Mapping[str, Scalar]) -> float:
    """Time a growing number of replicates, compiled and warm."""
    seed, rule = plan.study.seed, plan.study.replication
    most = rule.replicates if isinstance(rule, Fixed) else rule.ceiling
    evaluate(settings, seed, 0, 1)
    count = 1
    while True:
        start = time.perf_counter()
        evaluate(settings, seed, 0, count)
        taken = time.perf_counter() - start
        if taken > SECONDS_TO_MEASURE / 3 or count >= most:
            return taken / count * 1e6
        count = min(most, count * 4)
