"""Running a study: compute what is not finished, store every result, end in good order."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.execution.computing import compute
from experiments.execution.earlier import EarlierRuns
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Stopped, Threads
from experiments.execution.interruption import Interruption
from experiments.execution.options import RunOptions, Shard
from experiments.execution.plan import plan
from experiments.execution.progress import Progress, Silent
from experiments.execution.provenance import manifest
from experiments.execution.repeating import differences, random_row
from experiments.store.study_folder import StudyFolder
from simulation.files import StorageError

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping

    from experiments.design.parameter_space import ParameterSpace
    from experiments.design.study import Study
    from experiments.execution.executors import StudyExecutor
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import ChunkResult, Evaluate
    from experiments.store.files import ChunkFile

__all__ = ["RunReport", "extend", "run", "run_and_report"]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What came of running a study.

    Attributes
    ----------
    folder
        Where the results are.
    finished_before, finished
        Runs that were finished before, and now.
    failed
        Runs that failed now.
    taken_over
        Runs among the finished that an earlier study had.
    damaged
        Names of chunks that were damaged and have been run again.
    stopped_by
        The signal that asked it to stop; None if nothing did.
    seconds
        How long it took.
    computing, storing
        Seconds that workers spent on runs, all workers together, and seconds spent on storage.
    """

    folder: StudyFolder
    finished_before: int
    finished: int
    failed: int
    taken_over: int
    damaged: tuple[str, ...]
    stopped_by: signal.Signals | None
    seconds: float
    computing: float
    storing: float


def run(
    study: Study,
    folder: str | Path,
    *,
    executor: StudyExecutor | None = None,
    evaluate: Evaluate | None = None,
    space: ParameterSpace | None = None,
    shard: Shard | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> StudyFolder:
    """Run what is not yet in `folder` and return the folder, whose `results()` is a table.

    Parameters
    ----------
    study
        What to run.
    folder
        Where results go; a folder with an unfinished run of this study is continued.
    executor
        Where it runs; threads on all cores if None.
    evaluate, space
        Another model than the simulation, with its parameters.
    shard
        Run one share of the study only; other processes run the others into the same folder.
    retry_failed
        Run again what failed before.
    progress
        Shows how it goes.

    Raises
    ------
    AllianceError
        If the study cannot be run, or the folder belongs to another one.
    KeyboardInterrupt
        After Ctrl-C, with everything finished stored.
    """
    options = RunOptions(shard or Shard(), retry_failed, progress or Silent())
    report = run_and_report(
        study, folder, executor=executor, evaluate=evaluate, space=space, options=options
    )
    if report.stopped_by:
        raise KeyboardInterrupt
    return report.folder


def extend(
    study: Study,
    folder: str | Path,
    earlier: str | Path,
    *,
    executor: StudyExecutor | None = None,
    evaluate: Evaluate | None = None,
    space: ParameterSpace | None = None,
) -> StudyFolder:
    """Run a study that has more replicates, levels or outcomes than one that is finished; take over its runs.

    The folder ends with the same bytes as if everything had been run for it. The earlier folder stays as it is.

    Parameters
    ----------
    study, folder
        The larger study, and where its results go.
    earlier
        Folder of the smaller one. A run of it is taken over if it has the same settings and every outcome; one that
        lacks an outcome is run again, and what was stored has to come out the same.
    executor, evaluate, space
        As for `run`.

    Raises
    ------
    AllianceError
        If the study cannot be run, or the earlier one has another seed or another version of the model.
    KeyboardInterrupt
        After Ctrl-C, with everything finished stored.
    """
    options = RunOptions(earlier=Path(earlier))
    report = run_and_report(
        study, folder, executor=executor, evaluate=evaluate, space=space, options=options
    )
    if report.stopped_by:
        raise KeyboardInterrupt
    return report.folder


def run_and_report(
    study: Study,
    folder: str | Path,
    *,
    executor: StudyExecutor | None = None,
    evaluate: Evaluate | None = None,
    space: ParameterSpace | None = None,
    options: RunOptions | None = None,
) -> RunReport:
    """Run what is not yet in `folder`, as `run` does, and report what came of it; also after Ctrl-C."""
    start = time.monotonic()
    options = options or RunOptions()
    planned = plan(study, space)
    model = evaluate or ClinicEvaluation(study.outcomes)
    executor = executor or Threads()
    executor.check(model)
    earlier = _earlier(options.earlier, planned, model)
    store = StudyFolder(Path(folder))
    store.claim(study, manifest(planned, model, options.command))
    damaged = _set_aside_damaged(store)
    if options.retry_failed:
        _forget_failed(store, options.shard)
    finished = store.finished()
    _repeat_one(planned, model, store, finished)
    mine = [chunk for chunk in range(planned.chunks) if options.shard.has(chunk)]
    waiting = [chunk for chunk in mine if chunk not in finished]
    total = sum(map(planned.runs_in, mine))
    before = total - sum(map(planned.runs_in, waiting))

    storing = _Storing(planned, store, options.progress, Interruption())
    stopped_by = None
    options.progress.begin(total, before)
    try:
        with storing.interruption.handled():
            if waiting:
                compute(planned, waiting, executor, model, storing.accept, earlier)
    except (Stopped, KeyboardInterrupt):
        stopped_by = storing.interruption.heard
    finally:
        options.progress.end()
    store.close()
    return RunReport(
        folder=store,
        finished_before=before,
        finished=storing.finished,
        failed=storing.failed,
        taken_over=storing.taken_over,
        damaged=damaged,
        stopped_by=stopped_by,
        seconds=time.monotonic() - start,
        computing=storing.computing,
        storing=storing.seconds,
    )


@dataclass
class _Storing:
    """The one place that writes results; it counts what it stores."""

    plan: Plan
    folder: StudyFolder
    progress: Progress
    interruption: Interruption
    finished: int = 0
    failed: int = 0
    taken_over: int = 0
    computing: float = 0.0
    seconds: float = 0.0

    def accept(self, result: ChunkResult) -> None:
        """Store the result of a chunk, not to be interrupted halfway."""
        with self.interruption.deferred():
            begun = time.perf_counter()
            self.folder.write(result.chunk, self.plan.frame(result), result.failures)
            self.seconds += time.perf_counter() - begun
            self.computing += result.seconds
            failed = sum(failure.replicates for failure in result.failures)
            self.finished += len(result.point)
            self.failed += failed
            self.taken_over += result.taken_over
            self.progress.advance(self.plan.runs_in(result.chunk), failed)


def _earlier(path: Path | None, planned: Plan, evaluate: Evaluate) -> EarlierRuns | None:
    """Open the folder of an earlier study, one run of which is repeated first."""
    if path is None:
        return None
    folder = StudyFolder.open(path)
    found = EarlierRuns(folder, planned, evaluate)
    _repeat_one(plan(folder.study, planned.space), evaluate, folder, folder.finished())
    return found


def _repeat_one(
    plan: Plan, evaluate: Evaluate, store: StudyFolder, finished: Mapping[int, ChunkFile]
) -> None:
    """Run one of the stored runs again, so that nothing is added to results that the model no longer gives.

    Raises
    ------
    StorageError
        If it fails, or any bit of it differs.
    """
    import numpy as np

    draw = np.random.default_rng()
    for number in draw.permutation(sorted(finished)):
        stored = random_row(finished[int(number)], draw)
        if stored is None:
            continue
        which = f"point {stored['point']}, replicate {stored['replicate']}"
        try:
            found = differences(plan, evaluate, stored)
        except Exception as error:
            raise _other_model(store, f"{which} failed: {type(error).__name__}: {error}") from error
        if found:
            one = found[0]
            raise _other_model(
                store, f"{which} gave {one.outcome} = {one.again!r}, and {one.stored!r} is stored"
            )
        return


def _other_model(store: StudyFolder, what: str) -> StorageError:
    return StorageError(
        f"One stored run of {store.path} was run again before going on, and {what}. So the model, its data or a "
        "library is not what it was; choose another folder, or go back to that version."
    )


def _set_aside_damaged(store: StudyFolder) -> tuple[str, ...]:
    damaged = store.damaged()
    for chunk in damaged:
        store.set_aside(chunk)
    return tuple(chunk.path.name for chunk in damaged)


def _forget_failed(store: StudyFolder, shard: Shard) -> None:
    for number in store.failed_chunks():
        if shard.has(number):
            store.forget(number)
