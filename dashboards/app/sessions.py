"""How many pages may be open: those left make room for others; where none was left, that is said."""

from __future__ import annotations

import ctypes
import threading
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import anyio.to_thread
from solara.lifecycle import on_kernel_start
from solara.server import kernel_context
from solara.server.kernel_context import PageStatus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from solara.server.kernel_context import VirtualKernelContext

__all__ = ["Full", "Sessions", "give_memory_back"]

SETTLING = 5.0
"""Seconds after a session's end until its memory is given back, together with that of others that end meanwhile."""


class Full(Exception):  # noqa: N818  nothing went wrong
    """As many pages are open as may be."""


class Sessions:
    """The sessions of all pages: those connected, and those whose browser may come back.

    Used from the event loop of the server.

    Parameters
    ----------
    most
        How many there may be.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._connected: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether no page can be opened now."""
        return self._count() >= self.most and self._oldest_left() is None

    @asynccontextmanager
    async def place(self, name: str) -> AsyncIterator[None]:
        """Count a session as connected, once there is room for it.

        Raises
        ------
        Full
            When as many are connected as may be.
        """
        while name not in kernel_context.contexts and self._count() >= self.most:
            left = self._oldest_left()
            if left is None:
                raise Full
            del kernel_context.contexts[left.id]
            # A session's thread may hold its lock while it waits for the event loop.
            await anyio.to_thread.run_sync(_close, left)
        self._connected.add(name)
        try:
            yield
        finally:
            self._connected.discard(name)

    def _count(self) -> int:
        return len(self._connected.union(kernel_context.contexts))

    def _oldest_left(self) -> VirtualKernelContext | None:
        for name, context in list(kernel_context.contexts.items()):
            if name not in self._connected and _is_left(context):
                return context
        return None


def give_memory_back() -> None:
    """From now on give the memory of sessions back to the system some seconds after they have ended."""
    trim = _trim()
    if trim is None:
        return
    waiting = threading.Event()

    def soon() -> None:
        if waiting.is_set():
            return
        waiting.set()
        timer = threading.Timer(SETTLING, now)
        timer.daemon = True
        timer.start()

    def now() -> None:
        waiting.clear()
        trim(0)

    on_kernel_start(lambda: soon)


def _trim() -> Callable[[int], int] | None:
    """Return the function of the C library that does it; None where there is none."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
    return found


def _is_left(context: VirtualKernelContext) -> bool:
    return PageStatus.CONNECTED not in tuple(context.page_status.values())


def _close(context: VirtualKernelContext) -> None:
    with suppress(Exception):  # it may end by itself meanwhile
        context.close(reason="cull")
