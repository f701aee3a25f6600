"""Memory for the rows of sessions to which one run after the other writes.

The system clears every page of fresh memory. For tens of megabytes that takes longer than a first pass of a run,
which only counts sessions; what an earlier run leaves needs no clearing.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import finalize

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
    """Blocks of memory; one at which no array looks any more is given out again."""

    def __init__(self) -> None:
        self._free: list[NDArray[np.uint8]] = []
        self._lock = Lock()

    def rows(self, count: int) -> NDArray[Any]:
        """Return rows of `SESSION_ROW` with anything in them, shape (count,)."""
        size = count * SESSION_ROW.itemsize
        with self._lock:
            fits = next((n for n, one in enumerate(self._free) if one.size >= size), None)
            if fits is not None:
                block = self._free.pop(fits)
            else:
                self._free.clear()  # each is too small
                block = np.empty(size, dtype=np.uint8)
        lent = _Lent(block)
        finalize(lent, self._free.append, block).atexit = False
        return np.asarray(lent)[:size].view(SESSION_ROW)


class _Lent:
    """What all arrays that look at a block hold, directly or through each other."""

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self.__array_interface__ = block.__array_interface__


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
