"""Memory for the rows of sessions to which one run after the other writes.

The system clears every page of fresh memory. For tens of megabytes that takes longer than a first pass of a run,
which only counts sessions; what an earlier run leaves needs no clearing.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine.records import SESSION_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["ReusedMemory", "reused_memory", "rows_for"]

MOST_FRESH = 2**25
"""Bytes of rows above which fresh memory takes longer than a first pass."""

MOST_REUSED = 2**26
"""Bytes of rows above which a run takes two passes rather than so much memory."""


class ReusedMemory:
    """Blocks of rows; one at which no array looks any more is given out again."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[Any]] = []
        self._lock = Lock()
        self._references_of_free = 0

    def rows(self, count: int) -> NDArray[Any]:
        """Return rows of `SESSION_ROW` with anything in them, shape (count,)."""
        with self._lock:
            free = [place for place in range(len(self._blocks)) if self._is_free(place)]
            for place in free:
                if self._blocks[place].size >= count:
                    return self._blocks[place][:count]
            for place in reversed(free):  # each is too small
                del self._blocks[place]
            self._blocks.append(np.empty(count, dtype=SESSION_ROW))
            self._references_of_free = self._references(-1)
            return self._blocks[-1][:]

    def _is_free(self, place: int) -> bool:
        return self._references(place) <= self._references_of_free

    def _references(self, place: int) -> int:
        """Return how many arrays look at a block, and the few that always do."""
        return sys.getrefcount(self._blocks[place])


_memory: ContextVar[ReusedMemory | None] = ContextVar("reused_memory", default=None)


@contextmanager
def reused_memory() -> Iterator[None]:
    """Let the runs within this block use the same memory one after the other; it is given back at the end."""
    token = _memory.set(_memory.get() or ReusedMemory())
    try:
        yield
    finally:
        _memory.reset(token)


def rows_for(count: int) -> NDArray[Any] | None:
    """Return rows of `SESSION_ROW` with anything in them; None where a first pass takes less time or memory."""
    memory, size = _memory.get(), count * SESSION_ROW.itemsize
    if memory is not None and size <= MOST_REUSED:
        return memory.rows(count)
    return np.empty(count, dtype=SESSION_ROW) if size <= MOST_FRESH else None
