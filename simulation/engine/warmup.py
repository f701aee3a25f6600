"""Making the engine ready for the first time; where Numba has to compile it, on two cores.

Numba compiles on one core. What takes longest, the loop over sessions, is therefore compiled by a second process
while this one compiles what clients come and go through; they meet in the cache on disk. What is left, the course of
weeks, is compiled on top of both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from inspect import signature
from typing import Any

import numpy as np

from simulation.coefficients import coefficients
from simulation.engine import closing, holding, intake, kernels
from simulation.engine import weeks as engine
from simulation.engine.cache import cache_directory, is_compiled_before, is_in_numbas_cache
from simulation.engine.compilation import BUILDING
from simulation.engine.machine_code import CAN_STORE
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW, Rows
from simulation.engine.workspace import make_workspace
from simulation.network import colleagues_of, ties
from simulation.parameters import Parameters
from simulation.randomness import key_of

__all__ = ["compile_entries", "end_with_parent", "example_arguments", "warm_up"]

THERE = (
    "hold_block",
    "count_block",
    "begin_block",
    "report_block",
    "week_block",
    "close_week",
    "gather_skills",
    "rest_block",
    "finish_therapists",
    "hold_week",
)
HERE = (
    "draw_uniforms",
    "draw",
    "client_block",
    "therapist_block",
    "presence_block",
    "last_report_block",
    "begin_work",
    "open_team",
    "open_week",
    "draw_clients",
    "draw_team",
    "finish_clients",
    "write_client",
    "write_session",
    "assess",
    "finish_sessions",
    "censor",
)
"""Entry points in an order in which each comes after those it calls."""

OF_A_TEAM = ("draw_team", "presence_block", "rest_block", "therapist_block", "week_block")
"""Entry points whose block is one of therapists."""


def warm_up(*, own: bool = False) -> None:
    """Make the engine ready: from an earlier process, of what is shipped, or compiled by Numba into the cache.

    Where there is no cache, Numba compiles as it is called. Compilation in this process goes on where the other one
    fails; so errors of it are not reported.

    Parameters
    ----------
    own
        An engine with a session function or a model of one's own is to run. Numba compiles it, with what it has in
        common with the engine as it is.
    """
    if not own and (engine.run_clinics.machine is not None or engine.run_clinics.runs_alone()):
        return
    with BUILDING:
        if holding.hold_block.machine is not None or cache_directory() is None:
            return
        if is_in_numbas_cache(HERE[-1]) if own else (not CAN_STORE and is_compiled_before()):
            return
        script = (
            "from simulation.engine import warmup; warmup.end_with_parent(); "
            f"warmup.compile_entries({THERE!r})"
        )
        try:
            other = subprocess.Popen(
                [sys.executable, "-c", script],
                stdin=subprocess.PIPE,  # that closes when this process ends, however it does
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return
        try:
            compile_entries(HERE)
        except BaseException:
            other.kill()
            raise
        finally:
            other.wait()


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended."""

    def watch() -> None:
        sys.stdin.read()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def compile_entries(names: tuple[str, ...]) -> None:
    """Compile the entry points named, for arguments of the types that the engine gives them."""
    for name in names:
        modules = (kernels, holding, intake, closing, engine)
        entry: Any = next(vars(module)[name] for module in modules if name in vars(module))
        given = example_arguments()
        if name in OF_A_TEAM:
            given["block"] = given["work"].scratch_team[0]
        # What has no name here is a whole number.
        taken = signature(entry.function).parameters
        entry.prepare(*(given.get(argument, 0) for argument in taken))


def example_arguments() -> dict[str, Any]:
    parameters = Parameters(clients=1, therapists=1)
    work = make_workspace(parameters, 1)
    rows = Rows(
        np.zeros(1, dtype=CLIENT_ROW),
        np.zeros(1, dtype=THERAPIST_ROW),
        np.zeros(0, dtype=SESSION_ROW),
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.zeros((0, 0)),
    )
    plan = engine.SESSION_PLAN.copy()
    plan.setflags(write=False)  # as the engine's own, which is a constant to the compiler
    return {
        "work": work,
        "rows": rows,
        "client_rows": rows.clients,
        "client": rows.clients[0],
        "session": np.zeros(1, dtype=SESSION_ROW)[0],
        "therapist_rows": rows.therapists,
        "therapists": work.therapists,
        "skills": work.skills,
        "clinics": work.clinics,
        "at_work": work.clinics.at_work,
        "clinic": work.clinics.running[0],
        "dyads": work.dyads,
        "block": work.dyads[0],
        "drawn": work.scratch_clients[0],
        "ties": ties(colleagues_of(parameters, 0)),
        "key": key_of(0),
        "plan": plan,
        "numbers": coefficients(parameters),
        "recording": False,
    }
