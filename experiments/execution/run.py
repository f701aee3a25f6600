"""Conducting a study: run what is not finished, keep every result, end in good order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from experiments.design.replication import Adaptive
from experiments.design.value import StudyError
from experiments.execution.executors import Runner, Stopped, Threads
from experiments.execution.interruption import Interruption
from experiments.execution.progress import Progress, Silent
from experiments.execution.provenance import manifest
from experiments.execution.tasks import PartResult, died, merged
from experiments.store.study_folder import StudyFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.parameter_space import Space
    from experiments.design.study import Study
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate, PartTask

__all__ = ["Account", "Conduct", "Shard", "run_study", "undertake"]


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` (from 1) of `of`: the share of one job of an array that shares a folder."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``i/n``.

        Raises
        ------
        StudyError
            If it is not that, or i is not from 1 to n.
        """
        first, slash, second = text.partition("/")
        if slash and first.strip().isdigit() and second.strip().isdigit():
            shard = cls(int(first), int(second))
            if 1 <= shard.number <= shard.of:
                return shard
        raise StudyError(f"{text} is not a shard; write i/n with i from 1 to n, for example 2/8.")

    def has(self, part: int) -> bool:
        """Tell whether a part belongs to this shard."""
        return part % self.of == self.number - 1


@dataclass(frozen=True)
class Conduct:
    """How a study is carried out; nothing here changes a result.

    Attributes
    ----------
    shard
        The share of the parts to run.
    retry_failed
        Run parts again in which a point failed.
    progress
        Who is told.
    command
        For the manifest: how it was started.
    """

    shard: Shard = field(default_factory=Shard)
    retry_failed: bool = False
    progress: Progress = field(default_factory=Silent)
    command: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What came of carrying out a study.

    Attributes
    ----------
    kept
        Runs that were finished before.
    done
        Runs finished now.
    failed
        Runs that failed now.
    damaged
        Names of parts that were damaged and have been run again.
    stopped
        Whether it was asked to stop.
    seconds
        How long it took.
    computing, keeping
        Seconds that workers spent on runs, all workers together, and seconds spent on storage.
    """

    folder: StudyFolder
    kept: int
    done: int
    failed: int
    damaged: tuple[str, ...]
    stopped: bool
    seconds: float
    computing: float
    keeping: float


def run_study(
    study: Study,
    folder: Path,
    *,
    runner: Runner | None = None,
    evaluate: Evaluate | None = None,
    space: Space | None = None,
    conduct: Conduct | None = None,
) -> StudyFolder:
    """Run what is not finished and return the folder; see `Study.run`.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, with everything finished kept.
    """
    account = undertake(
        study, folder, runner=runner, evaluate=evaluate, space=space, conduct=conduct
    )
    if account.stopped:
        raise KeyboardInterrupt
    return account.folder


def undertake(
    study: Study,
    folder: Path,
    *,
    runner: Runner | None = None,
    evaluate: Evaluate | None = None,
    space: Space | None = None,
    conduct: Conduct | None = None,
) -> Account:
    """Run what is not finished and tell what came of it; see `Study.run`."""
    start = time.monotonic()
    conduct = conduct or Conduct()
    plan = study.plan(space)
    model = evaluate or clinic(study)
    store = StudyFolder(folder)
    store.claim(study, manifest(plan, model, conduct.command))
    damaged = store.damaged()
    for part in damaged:
        store.set_aside(part)
    if conduct.retry_failed:
        for number in store.parts_that_failed():
            if conduct.shard.has(number):
                store.forget(number)
    finished = store.finished()
    mine = [part for part in range(plan.parts) if conduct.shard.has(part)]
    waiting = [part for part in mine if part not in finished]
    counts = {"done": 0, "failed": 0}
    times = {"computing": 0.0, "keeping": 0.0}
    total = sum(planned_runs(plan, part) for part in mine)
    kept = total - sum(planned_runs(plan, part) for part in waiting)

    interruption = Interruption()

    def accept(result: PartResult) -> None:
        with interruption.later():
            begun = time.perf_counter()
            store.keep(plan, result)
            times["keeping"] += time.perf_counter() - begun
            times["computing"] += result.seconds
            failed = sum(failure.replicates for failure in result.failures)
            counts["done"] += len(result.point)
            counts["failed"] += failed
            conduct.progress.advance(planned_runs(plan, result.part), failed)

    stopped = False
    conduct.progress.begin(total, kept)
    try:
        with interruption.heeded():
            if waiting:
                compute(plan, waiting, runner or Threads(), model, accept)
    except (Stopped, KeyboardInterrupt):
        stopped = True
    finally:
        conduct.progress.end()
    store.close()
    return Account(
        folder=store,
        kept=kept,
        done=counts["done"],
        failed=counts["failed"],
        damaged=tuple(part.path.name for part in damaged),
        stopped=stopped,
        seconds=time.monotonic() - start,
        computing=times["computing"],
        keeping=times["keeping"],
    )


def clinic(study: Study) -> Evaluate:
    """Return the simulation as a study sees it, with the outcomes the study asks for."""
    from experiments.execution.evaluation import ClinicEvaluation

    return ClinicEvaluation(study.outcomes)


def compute(
    plan: Plan,
    parts: list[int],
    runner: Runner,
    evaluate: Evaluate,
    accept: Callable[[PartResult], None],
) -> None:
    """Compute some parts; those whose workers keep dying once more, point by point."""
    reference = reference_outcomes(plan, evaluate)
    lost = runner.run(plan.tasks(parts, reference), evaluate, accept)
    for task in plan.tasks(lost, reference):
        accept(point_by_point(task, runner, evaluate))


def planned_runs(plan: Plan, part: int) -> int:
    """Return the runs a part is planned to have; for adaptive replication the most it can have."""
    if isinstance(plan.study.replication, Adaptive):
        first = part * plan.points_in_a_part
        points = min(plan.points_in_a_part, len(plan.points) - first)
        return points * plan.study.replication.ceiling
    return min(plan.part_runs, plan.runs - part * plan.part_runs)


def reference_outcomes(plan: Plan, evaluate: Evaluate) -> Mapping[str, NDArray[np.float64]] | None:
    """Run the point that an adaptive contrast compares with, up to the ceiling.

    None if there is none.
    """
    rule = plan.study.replication
    if not isinstance(rule, Adaptive) or rule.contrast is None:
        return None
    settings = plan.settings(rule.contrast)
    return dict(evaluate(settings, plan.study.seed, 0, rule.ceiling))


def point_by_point(task: PartTask, runner: Runner, evaluate: Evaluate) -> PartResult:
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
