"""The greatest memory that a process has had."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["own_peak_megabytes"]

STATUS = Path("/proc/self/status")


def own_peak_megabytes() -> float:
    """Return the greatest memory of this process so far, in MB of 2^20 bytes.

    Linux's `getrusage` counts what the process that started this one had at most, too: it hands the figure on when a
    program takes the place of another. ``VmHWM`` begins with the program.
    """
    import resource

    if STATUS.exists():
        for line in STATUS.read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
