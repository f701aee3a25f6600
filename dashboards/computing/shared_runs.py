"""Long computations that several browsers may watch: each is done once, a step at a time, by whoever is there.

A computation is an iterator of ever better results. Everybody who asks for the same one shares it; at any time one of
them takes the next step and the others see what it brought. Who leaves takes nothing away: the rest go on. When all
have left nothing runs, and what is known so far stays for a while.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

__all__ = ["SHARED_RUNS", "SharedRun", "SharedRuns"]

Result = TypeVar("Result")

GLANCE = 0.05
"""Seconds that a watcher waits before looking again what another's step has brought."""


class SharedRun(Generic[Result]):
    """One computation under way.

    Parameters
    ----------
    steps
        Gives ever better results, one a step; between two steps nothing runs.

    Attributes
    ----------
    latest
        The best result so far; None before the first step.
    finished
        Whether it is the last.
    """

    def __init__(self, steps: Iterator[Result]) -> None:
        self.latest: Result | None = None
        self.finished = False
        self._steps = steps
        self._stepping = threading.Lock()
        self._problem: Exception | None = None

    def advance(self) -> Result | None:
        """Take the next step, or see what another takes; return the best result so far.

        Raises
        ------
        Exception
            What a step raised, to everyone who asks.
        """
        if self._stepping.acquire(blocking=False):
            try:
                self._step()
            finally:
                self._stepping.release()
        else:
            time.sleep(GLANCE)
        if self._problem is not None:
            raise self._problem
        return self.latest

    def _step(self) -> None:
        if self.finished or self._problem is not None:
            return
        try:
            self.latest = next(self._steps)
        except StopIteration:
            self.finished = True
        except Exception as error:
            self._problem = error


class SharedRuns:
    """The computations of this process; of too many, those go that nobody has asked for longest.

    Parameters
    ----------
    most
        How many there are at a time.
    """

    def __init__(self, most: int = 64) -> None:
        self._lock = threading.Lock()
        self._runs: LRUCache[Hashable, SharedRun[object]] = LRUCache(most)

    def join(self, key: Hashable, begin: Callable[[], Iterator[Result]]) -> SharedRun[Result]:
        """Return the computation of `key`; begin it if nobody has.

        Parameters
        ----------
        key
            Everything the result depends on.
        begin
            Starts the computation.
        """
        with self._lock:
            run = self._runs.get(key)
            if run is None or run._problem is not None:
                run = self._runs[key] = SharedRun(cast("Iterator[object]", begin()))
        return cast("SharedRun[Result]", run)


SHARED_RUNS = SharedRuns()
"""The computations that all browser sessions of this process share."""
