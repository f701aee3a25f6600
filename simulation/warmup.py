"""Compiling for the first time, on two cores.

Numba compiles on one core. What takes longest, the loop over sessions, is therefore compiled by a second process
while this one compiles the rest; they meet in the cache on disk.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from simulation.coefficients import coefficients
from simulation.compilation import BUILDING, cache_directory, is_compiled_before
from simulation.engine import run_clinics
from simulation.intake import CLIENT_PLAN
from simulation.kernels import (
    begin_block,
    client_block,
    draw,
    hold_block,
    presence_block,
    report_block,
    settle_block,
    therapist_block,
    week_block,
)
from simulation.parameters import Parameters
from simulation.workspace import make_workspace

__all__ = ["compile_kernels", "warm_up"]

THERE = ("hold_block", "report_block")
HERE = (
    "client_block",
    "therapist_block",
    "begin_block",
    "presence_block",
    "week_block",
    "settle_block",
    "draw",
)


def warm_up() -> None:
    """Compile the kernels into the cache, unless this or an earlier process has, or there is no cache.

    Compilation in this process goes on where the other one fails; so errors of it are not reported.
    """
    if run_clinics.machine is not None:
        return
    with BUILDING:
        if hold_block.machine is not None or cache_directory() is None or is_compiled_before():
            return
        script = f"from simulation.warmup import compile_kernels; compile_kernels({THERE!r})"
        try:
            other = subprocess.Popen(
                [sys.executable, "-c", script],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return
        try:
            compile_kernels(HERE)
        finally:
            other.wait()


def compile_kernels(names: tuple[str, ...]) -> None:
    """Compile the kernels named, by letting each work on one idle block."""
    small = Parameters(clients=1, therapists=1)
    numbers = coefficients(small)
    work = make_workspace(small, 1)
    dyads: Any = work.blocks[0]
    team: Any = work.members[0]
    calls: dict[str, Any] = {
        "hold_block": lambda: hold_block(dyads, numbers),
        "report_block": lambda: report_block(dyads, numbers),
        "client_block": lambda: client_block(dyads, 0, 0, numbers),
        "begin_block": lambda: begin_block(dyads, numbers),
        "settle_block": lambda: settle_block(dyads, numbers),
        "therapist_block": lambda: therapist_block(team, numbers),
        "presence_block": lambda: presence_block(team, numbers),
        "week_block": lambda: week_block(team, numbers),
        "draw": lambda: (draw(dyads, 0, 0, CLIENT_PLAN), draw(team, 0, 0, CLIENT_PLAN)),
    }
    for name in names:
        calls[name]()
