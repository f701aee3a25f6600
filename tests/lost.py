"""An interruption that Python loses."""

from __future__ import annotations

import ctypes
import signal


def interrupted_in_a_library(number: int = signal.SIGINT) -> None:
    """Send this process a signal while a library written in C calls back: what its handler raises is lost."""
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(number))()
