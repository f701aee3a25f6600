"""Computing one chunk: point by point, replicate by replicate, with what fails written down."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.replication import Adaptive, Fixed
from experiments.design.series import parted
from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate, StoredRuns
from experiments.store.failures import Failure
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from experiments.design.value import Scalar

    Outcomes = Mapping[str, NDArray[np.float64]]

__all__ = ["merge", "result_of_dead_worker", "run_chunk", "run_chunks"]

MOST_FRAMES = 40
"""Lines of a traceback that are stored; the innermost ones."""


@dataclass(frozen=True, slots=True)
class _Piece:
    point: int
    replicates: NDArray[np.uint32]
    outcomes: Mapping[str, NDArray[np.float64]]


def run_chunks(tasks: Sequence[ChunkTask], evaluate: Evaluate) -> list[ChunkResult]:
    """Run some chunks, one after the other; see `run_chunk`."""
    return [run_chunk(task, evaluate) for task in tasks]


def run_chunk(task: ChunkTask, evaluate: Evaluate) -> ChunkResult:
    """Run every point of a chunk.

    A point that fails is written down and does not stop the others.
    """
    start = time.perf_counter()
    pieces: list[_Piece] = []
    failures: list[Failure] = []
    taken_over = 0
    together = _together(task, evaluate)
    for point, settings, (first, count) in zip(task.points, task.settings, task.spans, strict=True):
        runs = _PointRuns(task, evaluate, point, settings, together.get(point))
        for begin, size in _batches(task.rule, first, count):
            runs.add(begin, size)
            if runs.enough():
                break
        pieces.extend(runs.pieces)
        failures.extend(runs.failures)
        taken_over += runs.taken_over
    empty32, empty64 = np.empty(0, np.uint32), np.empty(0, np.float64)
    return ChunkResult(
        chunk=task.chunk,
        point=np.concatenate(
            [empty32, *(np.full(len(piece.replicates), piece.point, np.uint32) for piece in pieces)]
        ),
        replicate=np.concatenate([empty32, *(piece.replicates for piece in pieces)]),
        outcomes={
            name: np.concatenate([empty64, *(piece.outcomes[name] for piece in pieces)])
            for name in task.outcomes
        },
        failures=tuple(failures),
        seconds=time.perf_counter() - start,
        taken_over=taken_over,
    )


def _together(task: ChunkTask, evaluate: Evaluate) -> dict[int, Outcomes]:
    """Return the outcomes of points of which all is asked at once, where a model computes several points together."""
    compute = getattr(evaluate, "together", None)
    if compute is None or not isinstance(task.rule, Fixed) or task.stored:
        return {}
    by_span: dict[tuple[int, int], list[int]] = {}
    for place, span in enumerate(task.spans):
        by_span.setdefault(span, []).append(place)
    found: dict[int, Outcomes] = {}
    for (first, count), places in by_span.items():
        given = compute([task.settings[place] for place in places], task.seed, first, count)
        found |= {
            task.points[place]: outcomes
            for place, outcomes in zip(places, given, strict=True)
            if outcomes is not None
        }
    return found


def _batches(rule: Fixed | Adaptive, first: int, count: int) -> Iterator[tuple[int, int]]:
    if isinstance(rule, Fixed):
        yield first, count
        return
    begin, size = first, rule.minimum
    while begin < first + count:
        size = min(size, first + count - begin)
        yield begin, size
        begin, size = begin + size, rule.batch


def merge(chunk: int, results: Sequence[ChunkResult]) -> ChunkResult:
    """Put the results of single points together as the result of their chunk."""
    return ChunkResult(
        chunk=chunk,
        point=np.concatenate([result.point for result in results]),
        replicate=np.concatenate([result.replicate for result in results]),
        outcomes={
            name: np.concatenate([result.outcomes[name] for result in results])
            for name in results[0].outcomes
        },
        failures=tuple(failure for result in results for failure in result.failures),
        seconds=sum(result.seconds for result in results),
        taken_over=sum(result.taken_over for result in results),
    )


def result_of_dead_worker(task: ChunkTask, evaluate: Evaluate) -> ChunkResult:
    """Return the result of a task of one point under which every worker died."""
    (point,), (settings,), (span,) = task.points, task.settings, task.spans
    runs = _PointRuns(task, evaluate, point, settings)
    runs.fail(
        *span, WorkerDiedError("the process died under this point: out of memory, or a crash")
    )
    return ChunkResult(
        chunk=task.chunk,
        point=np.empty(0, np.uint32),
        replicate=np.empty(0, np.uint32),
        outcomes={name: np.empty(0, np.float64) for name in task.outcomes},
        failures=tuple(runs.failures),
        seconds=0.0,
    )


class WorkerDiedError(RuntimeError):
    """A worker process ended without an answer, again and again."""


class _PointRuns:
    """The replicates of one point so far, and those that failed; `together` has all of them, computed already."""

    def __init__(
        self,
        task: ChunkTask,
        evaluate: Evaluate,
        point: int,
        settings: Mapping[str, Scalar],
        together: Outcomes | None = None,
    ) -> None:
        self.task, self.evaluate, self.point, self.settings = task, evaluate, point, settings
        self.together = together
        self.pieces: list[_Piece] = []
        self.failures: list[Failure] = []
        self.stored = task.stored.get(point, StoredRuns(0, {}))
        self.taken_over = 0

    def add(self, first: int, count: int) -> None:
        """Run some replicates; where they fail together, each alone."""
        try:
            self._evaluate(first, count)
        except AllianceError as error:
            self.fail(first, count, error)
        except Exception as error:
            if count == 1:
                self.fail(first, 1, error)
                return
            for replicate in range(first, first + count):
                self.add(replicate, 1)

    def enough(self) -> bool:
        """Return whether the rule lets this point stop; one that failed is not run further."""
        rule = self.task.rule
        if isinstance(rule, Fixed):
            return False
        if self.failures:
            return True
        together = {
            name: np.concatenate([piece.outcomes[name] for piece in self.pieces])
            for name in rule.within
        }
        return rule.settled(together, self.task.reference)

    def _evaluate(self, first: int, count: int) -> None:
        """Run some replicates, but for those that are stored with every outcome; check those that are not."""
        there = min(max(self.stored.count - first, 0), count)
        before = {
            name: values[first : first + there] for name, values in self.stored.outcomes.items()
        }
        complete = there if set(before) == set(self.task.outcomes) else 0
        if complete < count:
            fresh = self._computed(first + complete, count - complete)
        else:
            fresh = {name: np.empty(0) for name in self.task.outcomes}
        if complete:
            fresh = {name: np.concatenate([before[name], fresh[name]]) for name in fresh}
        for name, values in before.items():
            if not np.array_equal(fresh[name][:there], values, equal_nan=True):
                raise AllianceError(
                    f"{name} came out otherwise than in the earlier study: run this one into a folder of its own."
                )
        self.taken_over += complete
        replicates = np.arange(first, first + count, dtype=np.uint32)
        self.pieces.append(_Piece(self.point, replicates, fresh))

    def _computed(self, first: int, count: int) -> dict[str, NDArray[np.float64]]:
        given = self.together
        if given is None:
            given = self.evaluate(self.settings, self.task.seed, first, count)
        outcomes = {}
        for name in self.task.outcomes:
            values = _outcome_in(given, name)
            if values.shape != (count,):
                raise AllianceError(
                    f"Outcome {name} has shape {values.shape} where {count} replicates were asked for: return one "
                    "number of each."
                )
            outcomes[name] = values
        return outcomes

    def fail(self, first: int, count: int, error: Exception) -> None:
        """Write down that replicates failed, together with those before that failed likewise."""
        kind, message = type(error).__name__, " ".join(str(error).split())[:500]
        last = self.failures[-1] if self.failures else None
        if last and (last.error, last.message, last.first_replicate + last.replicates) == (
            kind,
            message,
            first,
        ):
            self.failures[-1] = replace(last, replicates=last.replicates + count)
            return
        replay = getattr(self.evaluate, "replay", _call_again)
        self.failures.append(
            Failure(
                point=self.point,
                first_replicate=first,
                replicates=count,
                error=kind,
                message=message,
                settings=json.dumps(dict(self.settings)),
                replay=replay(self.settings, self.task.seed, first),
                traceback=_trace(error),
            )
        )


def _outcome_in(given: Outcomes, name: str) -> NDArray[np.float64]:
    """Return an outcome that a model gave; one of a session may be a column of a series, (replicates, sessions)."""
    if name in given:
        return np.asarray(given[name], dtype=np.float64)
    parts = parted(name)
    if parts is None or parts[0] not in given:
        raise AllianceError(
            f"The model gave no outcome named {name}: return it, or leave it out of outcomes."
        )
    series = np.asarray(given[parts[0]], dtype=np.float64)
    if series.ndim != 2:
        raise AllianceError(
            f"{parts[0]} has shape {series.shape}, and is no series over sessions: return (replicates, sessions)."
        )
    before = parts[1] - 1
    return series[:, before] if before < series.shape[1] else np.full(len(series), np.nan)


def _trace(error: BaseException) -> str:
    """Write where an error came from, the same in every process and on every machine."""
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename != __file__]
    lines = [
        f'File "{"/".join(Path(frame.filename).parts[-2:])}", line {frame.lineno}, in {frame.name}: {frame.line}'
        for frame in frames[-MOST_FRAMES:]
    ]
    cause = error.__cause__
    before = [_trace(cause), "which caused:"] if cause is not None else []
    return "\n".join([*before, *lines, f"{type(error).__name__}: {error}"])


def _call_again(settings: Mapping[str, Scalar], seed: int, replicate: int) -> str:
    """Write the call that repeats one run of a model that has no command of its own."""
    return f"evaluate({dict(settings)!r}, {seed}, {replicate}, 1)"
