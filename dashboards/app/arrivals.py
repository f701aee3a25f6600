"""Pages are begun a few at a time, in the order in which they came.

Drawing is Python's work, of which one thread at a time does any. Of a class that comes all at once, every page would
be there when the last one is; begun in turn, half of them are there in half the time, and the last no later.
"""

from __future__ import annotations

import threading

__all__ = ["Arrivals", "Turn"]

AT_ONCE = 2
"""Pages begun at a time: one that is drawn, and one that is drawn while it waits."""

PATIENCE = 5.0
"""Seconds after which a page is begun all the same, whatever the others wait for."""


class Arrivals:
    """The pages that are being begun."""

    def __init__(self) -> None:
        self._places = threading.Semaphore(AT_ONCE)

    def turn(self) -> Turn:
        """Return the turn of one page, which has not begun."""
        return Turn(self._places)


class Turn:
    """The turn of one page; used by the thread that draws it."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places = places
        self._has_place = False

    def begin(self) -> None:
        """Wait for the pages before, though not for ever."""
        self._has_place = self._has_place or self._places.acquire(timeout=PATIENCE)

    def end(self) -> None:
        """Let the next page begin, if this one was being begun."""
        if self._has_place:
            self._has_place = False
            self._places.release()
