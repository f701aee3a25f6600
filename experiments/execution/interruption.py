"""Interruption by Ctrl-C or by a cluster that ends a job: between two chunks, never within one."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Interruption", "postponed", "unheard_by_children"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def postponed() -> Iterator[None]:
    """Put an interruption off to the end of the block, for what must not be left half-started or half-closed."""
    heard: list[int] = []
    with ExitStack() as before:
        for number in SIGNALS:
            try:
                previous = signal.signal(number, lambda number, _frame: heard.append(number))
            except ValueError:
                break
            before.callback(signal.signal, number, previous or signal.SIG_DFL)
        yield
    if heard:
        signal.raise_signal(heard[0])


@contextmanager
def unheard_by_children() -> Iterator[None]:
    """Let processes started in the block never hear Ctrl-C, which a terminal sends to all of a group.

    They inherit that it is blocked; this process hears it at the end of the block.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # it is started by the first of them, and would unblock it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Interruption:
    """Turns SIGINT and SIGTERM into `KeyboardInterrupt`, at once or as soon as a chunk is stored.

    Attributes
    ----------
    heard
        The one that came last; before any came, SIGINT, as which whatever else interrupts counts.
    """

    def __init__(self) -> None:
        self.heard = signal.SIGINT
        self._storing = False
        self._asked = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle both signals inside; do nothing outside the main thread, which alone may."""
        with ExitStack() as before:
            for number in SIGNALS:
                try:
                    previous = signal.signal(number, self._ask)
                except ValueError:
                    break
                before.callback(signal.signal, number, previous or signal.SIG_DFL)
            yield

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Put an interruption off until the end of the block; raise one before it that was lost.

        What is raised while a library written in C calls back into Python is lost: LLVM does, as it compiles.
        """
        self._raise_asked()
        self._storing = True
        try:
            yield
        finally:
            self._storing = False
        self._raise_asked()

    def _raise_asked(self) -> None:
        if self._asked:
            raise KeyboardInterrupt

    def _ask(self, number: int, _frame: object) -> None:
        self.heard = signal.Signals(number)
        self._asked = True
        if not self._storing:
            raise KeyboardInterrupt
