"""Executors: where the chunks of a study are computed. All of them give the same bytes.

An executor takes tasks from an iterator, has a few in flight, and hands every result to the one
place that writes. So memory does not grow with the study, and no worker ever touches the folder.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from experiments.execution.chunks import run_chunk
from experiments.execution.interruption import unheard_by_children
from experiments.execution.other_processes import check_guard, check_model
from experiments.execution.streaming import ExecutorError, Stopped, TaskStream
from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate

__all__ = ["ExecutorError", "Futures", "Processes", "Serial", "Stopped", "StudyExecutor", "Threads"]


class StudyExecutor(ABC):
    """A place where chunks are computed."""

    @abstractmethod
    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        """Compute every task and hand each result to `accept`, in any order.

        Returns
        -------
        The chunks that could not be computed because their workers kept dying.

        Raises
        ------
        Stopped
            After Ctrl-C or SIGTERM, once the chunks in flight were accepted.
        """

    def check(self, evaluate: Evaluate) -> None:  # noqa: B027  most executors take everything
        """Refuse a model or a script that cannot run here, before anything is started or written.

        Raises
        ------
        ExecutorError
            If it cannot; with what to do.
        """

    @property
    @abstractmethod
    def workers(self) -> int:
        """Chunks computed at a time, as far as is known."""


@dataclass(frozen=True)
class Serial(StudyExecutor):
    """One chunk after the other, in this thread."""

    @property
    def workers(self) -> int:
        return 1

    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        try:
            for task in tasks:
                accept(run_chunk(task, evaluate))
        except KeyboardInterrupt:
            raise Stopped from None
        return []


@dataclass(frozen=True)
class Threads(StudyExecutor):
    """Threads of this process; the compiled model leaves Python alone, so they run side by side."""

    count: int | None = None

    @property
    def workers(self) -> int:
        """Threads; as many as there are cores if not said."""
        return self.count or available_cores()

    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        stream = TaskStream(tasks, evaluate, accept, window=2 * self.workers)
        return stream.run_through(lambda: ThreadPoolExecutor(self.workers, "study"))


@dataclass(frozen=True)
class Processes(StudyExecutor):
    """Processes of this machine, started with an explicit context: none inherits half a state by fork."""

    count: int | None = None
    context: Literal["spawn", "forkserver"] = "spawn"

    def check(self, evaluate: Evaluate) -> None:
        """Refuse a script without the main guard, and a model that cannot be sent."""
        check_guard()
        check_model(evaluate)

    @property
    def workers(self) -> int:
        """Processes; as many as there are cores if not said."""
        return self.count or available_cores()

    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        """Compute the tasks in a process pool, started again if a process dies."""
        import multiprocessing

        context = multiprocessing.get_context(self.context)
        stream = TaskStream(tasks, evaluate, accept, window=2 * self.workers)
        return stream.run_through(
            lambda: _Workers(self.workers, mp_context=context, initializer=_serve_the_parent)
        )


@dataclass(frozen=True)
class Futures(StudyExecutor):
    """Any `concurrent.futures.Executor`.

    MPI, Slurm or any other pool. It stays open afterwards.
    """

    executor: Executor
    count: int = 8

    def check(self, evaluate: Evaluate) -> None:
        """Refuse a model that cannot be sent to the processes of a pool."""
        if isinstance(self.executor, ProcessPoolExecutor):
            check_model(evaluate)

    @property
    def workers(self) -> int:
        return self.count

    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        stream = TaskStream(tasks, evaluate, accept, window=2 * self.count, reopens=False)
        return stream.run_through(lambda: nullcontext(self.executor))


class _Workers(ProcessPoolExecutor):
    """Processes that are started when there is work, and do not hear Ctrl-C even while they start."""

    def submit(self, *arguments: Any, **named_arguments: Any) -> Future[Any]:
        """Send a call to a process."""
        with unheard_by_children():
            return super().submit(*arguments, **named_arguments)


def _serve_the_parent() -> None:
    """Set up a worker process: leave Ctrl-C to the parent, and do not outlive it.

    A parent that is killed cannot end its workers; without the watch they would wait for ever.
    SIGTERM keeps its effect, because a pool that breaks ends its workers with it.
    """
    import multiprocessing
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
