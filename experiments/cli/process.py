"""The process in which a command runs: what Python, NumPy and the C library need not do in it.

No number changes by it. A program that imports `simulation` or `experiments` keeps its own ways.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["keep_freed_memory", "short_lived"]

OBJECTS_BEFORE_COLLECTION = 100_000
"""New objects after which Python looks for those that are only held by each other; its own default is 700."""

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""Settings that OpenBLAS, which comes with NumPy and SciPy, reads when it is loaded, the first one first."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Options of glibc's ``mallopt``, from its ``malloc.h``."""

REUSED_BYTES = 256 * 1024**2
"""Freed memory up to which a process keeps it."""

LARGEST_REUSED_BYTES = 32 * 1024**2
"""Anything larger is given back at once; glibc takes no more."""


@contextmanager
def short_lived() -> Iterator[None]:
    """Run a command in a process that ends with it.

    Modules make a few hundred thousand objects, all of which stay: looking through them again and again costs a short
    command a tenth of its time, and looking through them on leaving, when the system takes all memory back anyway, a
    quarter. Threads of OpenBLAS wait busily for work, which the small matrices here do not give them.
    """
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, *gc.get_threshold()[1:])
    if not any(name in os.environ for name in BLAS_THREADS):
        os.environ[BLAS_THREADS[0]] = "1"
    try:
        yield
    finally:
        gc.disable()
        gc.freeze()


def keep_freed_memory() -> None:
    """Let this process use freed memory again, where the C library is glibc; elsewhere do nothing.

    By default glibc hands arrays of some hundred kilobytes back to the system, which has to clear every page of the
    next one: a tenth of a command that computes many statistics of tables.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGEST_REUSED_BYTES)
        mallopt(M_TRIM_THRESHOLD, REUSED_BYTES)
