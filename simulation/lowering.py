"""LLVM's modules of the entry points that run without Numba, as Numba writes them, before anything is optimised.

Numba optimises for the processor it runs on. So a second process compiles with optimisation off (``NUMBA_OPT=0``) and
without our cache, and hands the modules over: each holds whatever its entry reaches.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from simulation.engine.compilation import Compiled

__all__ = ["ENGINE_CALLED", "Lowered", "engine_called", "lowered", "write_lowered"]

ENGINE_CALLED = "simulation.lowering:engine_called"
"""Module and function that call the engine's entry points and return them."""

SCRIPT = "from simulation.lowering import write_lowered; write_lowered({!r}, {!r})"


class Lowered(NamedTuple):
    """A module of LLVM's."""

    entry: str
    """Name of the entry point's function in it."""
    text: str


def lowered(called: str = ENGINE_CALLED) -> dict[str, Lowered]:
    """Compile in another process, which takes half a minute, and return a module for each entry point, by its name.

    Parameters
    ----------
    called
        ``module:function`` that calls entry points for what they are given, and returns them.

    Raises
    ------
    AllianceError
        If they cannot be compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "modules.json"
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(called, str(file))],
            env={
                **os.environ,
                "NUMBA_OPT": "0",
                "ALLIANCE_CACHE_DIR": folder,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "PYTHONWARNINGS": "ignore",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise AllianceError(f"What {called} calls cannot be compiled: {last[0]}")
        found: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        return {name: Lowered(*module) for name, module in found.items()}


def write_lowered(called: str, file: str) -> None:
    """Compile in this process, and write the modules to a file; see `lowered`."""
    module, _, function = called.partition(":")
    entries: list[Compiled[..., None]] = getattr(import_module(module), function)()
    modules = {entry.__name__: _module(entry) for entry in entries}
    Path(file).write_text(json.dumps(modules), "utf-8")


def _module(entry: Compiled[..., None]) -> Lowered:
    ((types, made),) = entry.build().overloads.items()
    return Lowered(made.fndesc.llvm_func_name, entry.build().inspect_llvm(types))


def engine_called() -> list[Compiled[..., None]]:
    """Return the engine's entry points, compiled for what they are given; those of trials are called as trials do."""
    from simulation import allotment
    from simulation.assessing import Assessment, simulate_assessed
    from simulation.engine.assessing import report_assessments
    from simulation.engine.warmup import example_arguments
    from simulation.engine.weeks import run_clinics
    from simulation.parameters import Parameters

    given = example_arguments()
    taken = signature(run_clinics.function).parameters
    run_clinics.prepare(*(given.get(name, 0) for name in taken))
    simulate_assessed(Parameters(clients=1, therapists=1), None, Assessment(weeks=(1,)))
    allotment.trial_draws(1, range(1), 1, allotment.CLIENT)
    allotment.moved_values(
        np.zeros(1), allotment.clinic_places(1, range(1), 1, 1)[0, 0], (0, 1), "plain"
    )
    return [
        run_clinics,
        report_assessments,
        allotment.fill_uniforms,
        allotment.fill_clinic_places,
        allotment.fill_moved,
    ]
