"""Who may use how many cores: long work leaves room for everybody else."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CORES", "Cores"]


class Cores:
    """Lends cores to long computations: one always, more while others have none of them.

    Parameters
    ----------
    count
        Cores there are; what this process may use if left out.
    """

    def __init__(self, count: int | None = None) -> None:
        self._free = available_cores() if count is None else count
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """Cores lent to nobody; below zero where there are more borrowers than cores."""
        return self._free

    @contextmanager
    def lend(self, most: int) -> Iterator[int]:
        """Lend up to `most` cores, at least one, until the block is left; give how many.

        Who finds no core free still gets one, shared with others: everybody gets on.
        """
        with self._lock:
            lent = max(1, min(most, self._free))
            self._free -= lent
        try:
            yield lent
        finally:
            with self._lock:
                self._free += lent


CORES: Final = Cores()
"""The cores of this process."""
