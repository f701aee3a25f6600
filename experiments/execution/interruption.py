"""Interruption by Ctrl-C or by a cluster that ends a job: between two chunks, never within one."""

from __future__ import annotations

import signal
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Interruption"]


class Interruption:
    """Turns SIGINT and SIGTERM into `KeyboardInterrupt`, at once or as soon as a chunk is stored."""

    def __init__(self) -> None:
        self._storing = False
        self._asked = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle both signals inside; do nothing outside the main thread, which alone may."""
        with ExitStack() as before:
            for number in (signal.SIGINT, signal.SIGTERM):
                try:
                    previous = signal.signal(number, self._ask)
                except ValueError:
                    break
                before.callback(signal.signal, number, previous or signal.SIG_DFL)
            yield

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Put an interruption off until the end of the block."""
        self._storing = True
        try:
            yield
        finally:
            self._storing = False
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt

    def _ask(self, _number: int, _frame: object) -> None:
        if not self._storing:
            raise KeyboardInterrupt
        self._asked = True
