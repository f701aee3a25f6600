"""Work in several threads, of which the calling one is the first."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["in_threads"]

Span = TypeVar("Span")


def in_threads(run: Callable[[Span], None], spans: Sequence[Span], threads: int) -> None:
    """Call a function on each span, in so many threads; an error in any of them is raised when all have ended."""
    waiting = deque(spans)

    def run_waiting() -> None:
        while waiting:
            try:
                span = waiting.popleft()
            except IndexError:  # another thread was quicker
                return
            run(span)

    others = min(threads, len(spans)) - 1
    if others < 1:
        run_waiting()
        return
    with ThreadPoolExecutor(others) as pool:
        found = [pool.submit(run_waiting) for _ in range(others)]
        try:
            run_waiting()
        finally:
            waiting.clear()
    for one in found:
        one.result()
