"""Runners: where the parts of a study are computed. All of them give the same bytes.

A runner takes tasks from an iterator, keeps a few in flight, and hands every result to the one place that writes.
So memory does not grow with the study, and no worker ever touches the folder.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal

from experiments.tasks import Evaluate, PartResult, PartTask, run_part
from simulation.errors import AllianceError

__all__ = ["Dask", "Processes", "Runner", "RunnerError", "Serial", "Stopped", "Threads", "Through"]

ATTEMPTS = 3
"""How often a part is tried before it is left for later, when workers die under it."""


class RunnerError(AllianceError):
    """A place to run that cannot be reached or set up."""


class Stopped(Exception):  # noqa: N818  not an error: someone asked for it
    """The run was asked to stop, and everything that was finished has been kept."""


class Runner(ABC):
    """A place where parts are computed."""

    @abstractmethod
    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute every task and hand each result to `accept`, in any order.

        Returns
        -------
        The parts that could not be computed because their workers kept dying.

        Raises
        ------
        Stopped
            After Ctrl-C or SIGTERM, once the parts in flight were accepted.
        """

    @property
    @abstractmethod
    def workers(self) -> int:
        """Parts computed at a time, as far as is known."""


@dataclass(frozen=True)
class Serial(Runner):
    """One part after the other, in this thread."""

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute the tasks in their order."""
        try:
            for task in tasks:
                accept(run_part(task, evaluate))
        except KeyboardInterrupt:
            raise Stopped from None
        return []


@dataclass(frozen=True)
class Threads(Runner):
    """Threads of this process; the compiled model leaves Python alone, so they run side by side."""

    count: int | None = None

    @property
    def workers(self) -> int:
        """Threads; as many as there are cores if not said."""
        return self.count or _cores()

    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute the tasks in a thread pool."""
        flow = Flow(tasks, evaluate, accept, window=2 * self.workers)
        return flow.through(lambda: ThreadPoolExecutor(self.workers, "study"))


@dataclass(frozen=True)
class Processes(Runner):
    """Processes of this machine, started with an explicit context; none inherits half a state by fork."""

    count: int | None = None
    context: Literal["spawn", "forkserver"] = "spawn"

    @property
    def workers(self) -> int:
        """Processes; as many as there are cores if not said."""
        return self.count or _cores()

    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute the tasks in a process pool, started anew if a process dies."""
        import multiprocessing

        context = multiprocessing.get_context(self.context)
        flow = Flow(tasks, evaluate, accept, window=2 * self.workers)
        return flow.through(
            lambda: ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=_leave_interrupts
            )
        )


@dataclass(frozen=True)
class Through(Runner):
    """Any `concurrent.futures.Executor`: MPI, Slurm or a pool of your own. It stays open afterwards."""

    executor: Executor
    count: int = 8

    @property
    def workers(self) -> int:
        """Parts to keep in flight, as given."""
        return self.count

    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute the tasks through the executor."""
        flow = Flow(tasks, evaluate, accept, window=2 * self.count, reopens=False)
        return flow.through(lambda: nullcontext(self.executor))


@dataclass(frozen=True)
class Dask(Runner):
    """Dask's scheduler and workers on any number of machines, or ``local`` for a cluster on this one.

    Workers need the same version of this project installed; they need not see the folder.
    """

    address: str
    count: int | None = None

    @property
    def workers(self) -> int:
        """Workers of a local cluster; of another, not known before it is asked."""
        return self.count or _cores()

    def run(
        self, tasks: Iterator[PartTask], evaluate: Evaluate, accept: Callable[[PartResult], None]
    ) -> list[int]:
        """Compute the tasks on the cluster; it moves the work of a worker that dies to another."""
        try:
            import dask
            import distributed
        except ImportError:
            raise RunnerError(
                "Dask is not installed; install the extra: pip install 'alliance-dynamics[dask]'."
            ) from None
        quiet = dask.config.set(
            {"distributed.admin.log-length": 0, "distributed.worker.daemon": True}
        )
        with quiet, self._client(distributed) as client:
            workers = max(1, sum(client.nthreads().values()))
            flow = Flow(tasks, evaluate, accept, window=2 * workers, reopens=False)
            return flow.through(lambda: nullcontext(client.get_executor(pure=False)))

    @contextmanager
    def _client(self, distributed: Any) -> Iterator[Any]:
        if self.address == "local":
            with (
                distributed.LocalCluster(
                    n_workers=self.workers,
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs=40,
                ) as cluster,
                distributed.Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = distributed.Client(self.address, timeout="10s")
        except (OSError, ValueError, TimeoutError) as error:
            said = " ".join(str(error).split())
            raise RunnerError(f"No Dask scheduler answers at {self.address}: {said}.") from None
        with client:
            yield client


@dataclass
class Flow:
    """A bounded stream of tasks through an executor.

    Attributes
    ----------
    window
        Most tasks in flight.
    reopens
        Whether a broken executor can be opened anew.
    """

    tasks: Iterator[PartTask]
    evaluate: Evaluate
    accept: Callable[[PartResult], None]
    window: int
    reopens: bool = True
    again: deque[PartTask] = field(default_factory=deque)
    attempts: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    def through(self, open_executor: Callable[[], AbstractContextManager[Executor]]) -> list[int]:
        """Send every task through, opening the executor anew when it breaks; return the parts given up."""
        while self._stream(open_executor):
            pass
        return sorted(self.lost)

    def _stream(self, open_executor: Callable[[], AbstractContextManager[Executor]]) -> bool:
        """Stream until all is done (False) or the executor is broken (True)."""
        pending: dict[Future[PartResult], PartTask] = {}
        with open_executor() as executor, _terminate_like_interrupt():
            try:
                while True:
                    if not self._fill(executor, pending):
                        return True
                    if not pending:
                        return False
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    if any([self._take(future, pending.pop(future)) for future in done]):
                        self._retry(list(pending.values()))
                        return True
            except KeyboardInterrupt:
                self._finish(pending)
                raise Stopped from None
            except BaseException:
                for future in pending:
                    future.cancel()
                raise

    def _fill(self, executor: Executor, pending: dict[Future[PartResult], PartTask]) -> bool:
        """Keep the window full; parts whose worker died go alone, so that only the guilty one is tried again."""
        window = 1 if self.again else self.window
        while len(pending) < window:
            task = self.again.popleft() if self.again else next(self.tasks, None)
            if task is None:
                break
            try:
                pending[executor.submit(run_part, task, self.evaluate)] = task
            except (BrokenExecutor, RuntimeError) as error:
                if not self.reopens:
                    raise RunnerError(f"The executor takes no more work: {error}.") from None
                self._retry([task, *pending.values()])
                return False
        return True

    def _take(self, future: Future[PartResult], task: PartTask) -> bool:
        """Accept a result; tell whether the executor is broken."""
        try:
            result = future.result()
        except BrokenExecutor:
            self._retry([task])
            return True
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in {
                "distributed",
                "concurrent",
                "asyncio",
            }:
                raise
            self._retry([task])
            return False
        self.accept(result)
        return False

    def _retry(self, tasks: list[PartTask]) -> None:
        for task in tasks:
            self.attempts[task.part] = self.attempts.get(task.part, 0) + 1
            if self.attempts[task.part] < ATTEMPTS:
                self.again.append(task)
            else:
                self.lost.append(task.part)

    def _finish(self, pending: dict[Future[PartResult], PartTask]) -> None:
        """Let the parts already being computed end and keep them; a second Ctrl-C does not wait."""
        running = [future for future in pending if not future.cancel()]
        for future in running:
            self._take(future, pending[future])


def _cores() -> int:
    """Return the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _leave_interrupts() -> None:
    """In a worker process: leave Ctrl-C to the parent, which asks the workers to end in good order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _terminate_like_interrupt() -> Iterator[None]:
    """Treat SIGTERM, with which clusters announce the end of a job, like Ctrl-C."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread, which alone may do this
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
