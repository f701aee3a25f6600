"""The engine's LLVM module as Numba writes it, before anything is optimised for this computer.

Numba optimises for the processor it runs on, with vectors that WebAssembly does not have. So a second process
compiles the engine with optimisation off (``NUMBA_OPT=0``) and without our cache, and hands over the module: it holds
whatever the engine's entry reaches.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from inspect import signature
from pathlib import Path
from typing import NamedTuple

from simulation.errors import AllianceError

__all__ = ["EngineModule", "engine_module_text"]

SCRIPT = "from dashboards.compiled.engine_ir import write_module; write_module({!r})"


class EngineModule(NamedTuple):
    """An LLVM module."""

    entry: str
    """Name of `simulation.engine.weeks.run_clinics` in it."""
    text: str


def engine_module_text() -> EngineModule:
    """Compile the engine in another process, which takes half a minute, and return its module.

    Raises
    ------
    AllianceError
        If it cannot be compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "module.json"
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(str(file))],
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
            raise AllianceError(f"The engine cannot be compiled for the browser: {last[0]}")
        return EngineModule(**json.loads(file.read_text("utf-8")))


def write_module(file: str) -> None:
    """Compile the engine in this process, and write its module and the name of its entry to a file."""
    from simulation.engine.warmup import example_arguments
    from simulation.engine.weeks import run_clinics

    given = example_arguments()
    taken = signature(run_clinics.function).parameters
    run_clinics.prepare(*(given.get(name, 0) for name in taken))
    machine = run_clinics.build()
    (types,) = machine.signatures
    module = EngineModule(
        machine.overloads[types].fndesc.llvm_func_name, machine.inspect_llvm(types)
    )
    Path(file).write_text(json.dumps(module._asdict()), "utf-8")
