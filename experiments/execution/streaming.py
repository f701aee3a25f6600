"""A bounded stream of tasks through an executor; it survives dying workers and interruptions."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from experiments.execution.chunks import run_chunk
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate

__all__ = ["ExecutorError", "Stopped", "TaskStream"]

ATTEMPTS = 3
"""How often a chunk is tried before it is left for later, when workers die under it."""


class ExecutorError(AllianceError):
    """A place to run that cannot be reached or set up."""


class Stopped(Exception):  # noqa: N818  not an error: someone asked for it
    """The run was asked to stop, and everything that was finished has been stored."""


@dataclass
class TaskStream:
    """A bounded stream of tasks through an executor.

    Attributes
    ----------
    window
        Most tasks in flight.
    reopens
        Whether a broken executor can be opened again.
    """

    tasks: Iterator[ChunkTask]
    evaluate: Evaluate
    accept: Callable[[ChunkResult], None]
    window: int
    reopens: bool = True
    again: deque[ChunkTask] = field(default_factory=deque)
    attempts: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    def run_through(
        self, open_executor: Callable[[], AbstractContextManager[Executor]]
    ) -> list[int]:
        """Send every task through, opening the executor again when it breaks.

        Return the chunks given up.
        """
        while self._stream(open_executor):
            pass
        return sorted(self.lost)

    def _stream(self, open_executor: Callable[[], AbstractContextManager[Executor]]) -> bool:
        """Stream until all is done (False) or the executor is broken (True)."""
        pending: dict[Future[ChunkResult], ChunkTask] = {}
        with open_executor() as executor:
            try:
                while True:
                    if not self._fill(executor, pending):
                        return True
                    if not pending:
                        return False
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    broken = [self._take(future, pending.pop(future)) for future in done]
                    if any(broken):
                        self._retry(list(pending.values()))
                        return True
            except KeyboardInterrupt:
                self._finish(pending)
                raise Stopped from None
            except BaseException:
                for future in pending:
                    future.cancel()
                raise

    def _fill(self, executor: Executor, pending: dict[Future[ChunkResult], ChunkTask]) -> bool:
        """Keep the window full.

        Chunks whose worker died go alone, so that only the guilty one is tried again.
        """
        window = 1 if self.again else self.window
        while len(pending) < window:
            task = self.again.popleft() if self.again else next(self.tasks, None)
            if task is None:
                break
            try:
                pending[executor.submit(run_chunk, task, self.evaluate)] = task
            except (BrokenExecutor, RuntimeError) as error:
                if not self.reopens:
                    raise ExecutorError(f"The executor takes no more work: {error}.") from None
                self._retry([task, *pending.values()])
                return False
        return True

    def _take(self, future: Future[ChunkResult], task: ChunkTask) -> bool:
        """Accept a result; return whether the executor is broken."""
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

    def _retry(self, tasks: list[ChunkTask]) -> None:
        for task in tasks:
            self.attempts[task.chunk] = self.attempts.get(task.chunk, 0) + 1
            if self.attempts[task.chunk] < ATTEMPTS:
                self.again.append(task)
            else:
                self.lost.append(task.chunk)

    def _finish(self, pending: dict[Future[ChunkResult], ChunkTask]) -> None:
        """Let the chunks already being computed end and store them; a second Ctrl-C does not wait."""
        running = [future for future in pending if not future.cancel()]
        for future in running:
            self._take(future, pending[future])
