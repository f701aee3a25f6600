"""A bounded stream of tasks through an executor; it survives dying workers and interruptions."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from experiments.execution.chunks import run_chunks
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate

    Pending = dict[Future[list[ChunkResult]], list[ChunkTask]]

__all__ = ["ExecutorError", "Stopped", "TaskStream"]

MOST_IN_A_PART = 256
"""Chunks that are sent together at most."""

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
    part_seconds
        How long a part should take that is sent at one go: as many chunks as took that long so far. 0 for one chunk.
    """

    tasks: Iterator[ChunkTask]
    evaluate: Evaluate
    accept: Callable[[ChunkResult], None]
    window: int
    reopens: bool = True
    part_seconds: float = 0.0
    again: deque[ChunkTask] = field(default_factory=deque)
    attempts: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    computed: int = 0
    seconds: float = 0.0

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
        pending: Pending = {}
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
                        self._retry(chain.from_iterable(pending.values()))
                        return True
            except KeyboardInterrupt:
                self._finish(pending)
                raise Stopped from None
            except BaseException:
                for future in pending:
                    future.cancel()
                raise

    def _fill(self, executor: Executor, pending: Pending) -> bool:
        """Keep the window full.

        Chunks whose worker died go alone, so that only the guilty one is tried again.
        """
        window = 1 if self.again else self.window
        while len(pending) < window:
            tasks = [self.again.popleft()] if self.again else [*islice(self.tasks, self._size())]
            if not tasks:
                break
            try:
                pending[executor.submit(run_chunks, tasks, self.evaluate)] = tasks
            except (BrokenExecutor, RuntimeError) as error:
                if not self.reopens:
                    raise ExecutorError(f"The executor takes no more work: {error}.") from None
                self._retry(chain(tasks, *pending.values()))
                return False
        return True

    def _size(self) -> int:
        """Return how many chunks to send together."""
        if not self.part_seconds or not self.computed:
            return 1
        each = max(self.seconds / self.computed, 1e-6)
        return max(1, min(MOST_IN_A_PART, round(self.part_seconds / each)))

    def _take(self, future: Future[list[ChunkResult]], tasks: list[ChunkTask]) -> bool:
        """Accept results; return whether the executor is broken."""
        try:
            results = future.result()
        except BrokenExecutor:
            self._retry(tasks)
            return True
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in {
                "distributed",
                "concurrent",
                "asyncio",
            }:
                raise
            self._retry(tasks)
            return False
        for result in results:
            self.computed += 1
            self.seconds += result.seconds
            self.accept(result)
        return False

    def _retry(self, tasks: Iterable[ChunkTask]) -> None:
        for task in tasks:
            self.attempts[task.chunk] = self.attempts.get(task.chunk, 0) + 1
            if self.attempts[task.chunk] < ATTEMPTS:
                self.again.append(task)
            else:
                self.lost.append(task.chunk)

    def _finish(self, pending: Pending) -> None:
        """Let the chunks already being computed end and store them; a second Ctrl-C does not wait."""
        running = [future for future in pending if not future.cancel()]
        for future in running:
            self._take(future, pending[future])
