"""Computing the parts of a study, also those under which a worker dies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.design.replication import Adaptive
from experiments.execution.tasks import died, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from experiments.execution.executors import Runner
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate, PartResult, PartTask

__all__ = ["compute"]


def compute(
    plan: Plan,
    parts: list[int],
    runner: Runner,
    evaluate: Evaluate,
    accept: Callable[[PartResult], None],
) -> None:
    """Compute some parts; those whose workers keep dying once more, point by point."""
    reference = _reference_outcomes(plan, evaluate)
    lost = runner.run(plan.tasks(parts, reference), evaluate, accept)
    for task in plan.tasks(lost, reference):
        accept(_point_by_point(task, runner, evaluate))


def _reference_outcomes(plan: Plan, evaluate: Evaluate) -> Mapping[str, NDArray[np.float64]] | None:
    """Run the point that an adaptive contrast compares with, up to the ceiling, if there is one."""
    rule = plan.study.replication
    if not isinstance(rule, Adaptive) or rule.contrast is None:
        return None
    settings = plan.settings(rule.contrast)
    return dict(evaluate(settings, plan.study.seed, 0, rule.ceiling))


def _point_by_point(task: PartTask, runner: Runner, evaluate: Evaluate) -> PartResult:
    """Run a part whose worker kept dying point by point, so that only the guilty one is lost."""
    alone = [
        replace(task, part=place, points=(point,), settings=(settings,), spans=(span,))
        for place, (point, settings, span) in enumerate(
            zip(task.points, task.settings, task.spans, strict=True)
        )
    ]
    found: dict[int, PartResult] = {}
    runner.run(iter(alone), evaluate, lambda result: found.update({result.part: result}))
    results = [found[one.part] if one.part in found else died(one, evaluate) for one in alone]
    return merged(task.part, results)
