"""Computing the chunks of a study, also those under which a worker dies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.design.replication import Adaptive
from experiments.execution.chunks import merge, result_of_dead_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from experiments.execution.earlier import EarlierRuns
    from experiments.execution.executors import StudyExecutor
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate

__all__ = ["compute"]


def compute(
    plan: Plan,
    chunks: list[int],
    executor: StudyExecutor,
    evaluate: Evaluate,
    accept: Callable[[ChunkResult], None],
    earlier: EarlierRuns | None = None,
) -> None:
    """Compute some chunks; those whose workers keep dying once more, point by point."""
    reference = _reference_outcomes(plan, evaluate)

    def tasks(wanted: list[int]) -> Iterator[ChunkTask]:
        made = plan.tasks(wanted, reference)
        return earlier.given_to(made) if earlier is not None else made

    lost = executor.run(tasks(chunks), evaluate, accept)
    for task in tasks(lost):
        accept(_point_by_point(task, executor, evaluate))


def _reference_outcomes(plan: Plan, evaluate: Evaluate) -> Mapping[str, NDArray[np.float64]] | None:
    """Run the point that an adaptive contrast compares with, up to the ceiling, if there is one."""
    rule = plan.study.replication
    if not isinstance(rule, Adaptive) or rule.contrast is None:
        return None
    settings = plan.settings(rule.contrast)
    return dict(evaluate(settings, plan.study.seed, 0, rule.ceiling))


def _point_by_point(task: ChunkTask, executor: StudyExecutor, evaluate: Evaluate) -> ChunkResult:
    """Run a chunk whose worker kept dying point by point, so that only the guilty one is lost."""
    alone = [
        replace(task, chunk=place, points=(point,), settings=(settings,), spans=(span,))
        for place, (point, settings, span) in enumerate(
            zip(task.points, task.settings, task.spans, strict=True)
        )
    ]
    found: dict[int, ChunkResult] = {}
    executor.run(iter(alone), evaluate, lambda result: found.update({result.chunk: result}))
    results = [
        found[one.chunk] if one.chunk in found else result_of_dead_worker(one, evaluate)
        for one in alone
    ]
    return merge(task.chunk, results)
