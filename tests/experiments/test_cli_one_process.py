"""The process of a command: what is spared in it, and that it stays the user's where they chose."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.programs import environment

THREADS = "import json, os, numpy; print(json.dumps(len(os.listdir('/proc/self/task'))))"
FAULTS = """
import json, resource
import numpy as np
for _ in range(3):
    [np.ones(250_000) for _ in range(20)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    [np.ones(250_000) for _ in range(20)]
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before))
"""
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads what Linux counts")


def said(code: str, **settings: str) -> Any:
    """Run Python code in a process of its own and return what it printed last, from JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**environment(), **settings},
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_what_a_command_leaves_is_not_looked_through_when_it_ends() -> None:
    code = (
        "import atexit, gc, json, sys\n"
        "atexit.register(lambda: print(json.dumps([gc.isenabled(), gc.get_freeze_count(), len(gc.get_objects())])))\n"
        "from experiments.cli.program import main\n"
        "sys.argv = ['alliance', 'presets']\nmain()"
    )
    enabled, frozen, left = said(code)
    assert not enabled
    assert frozen > 10 * left


@linux
def test_the_threads_of_openblas_are_not_started_unless_somebody_asks_for_them() -> None:
    code = f"from experiments.cli.process import short_lived\nwith short_lived(): {THREADS}"
    assert said(code) == 1
    assert said(code, OMP_NUM_THREADS="2") == said(THREADS, OMP_NUM_THREADS="2")


@linux
def test_freed_memory_is_used_again() -> None:
    code = "from experiments.cli.process import keep_freed_memory\nkeep_freed_memory()"
    plain = {"NUMPY_MADVISE_HUGEPAGE": "0"}
    assert said(code + FAULTS, **plain) < 0.2 * said(FAULTS, **plain)
