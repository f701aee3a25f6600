"""Thousands of command lines and of mutated files: no traceback, no hang, no file outside the folder.

The long form: ``FUZZ_EXAMPLES=10000 python -m pytest -m slow tests/robustness/test_fuzz.py``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.programs import environment

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and alarms of POSIX")

MANY = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
SEED = 2 if MANY == 2000 else random.randrange(2**32)
"""The same in every continuous integration, which must not fail by luck; any other in the long form."""


def fuzz(kind: str, examples: int, seed: int, folder: Path) -> None:
    """Fuzz in a process of its own: what it does to its working directory and its hooks ends with it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.robustness.fuzzing", kind, str(examples), str(seed)],
        capture_output=True,
        text=True,
        env=environment(TMPDIR=str(folder)),
        timeout=300 + examples,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stderr[-6000:]}"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", ["commands", "files"])
def test_some_of_a_fixed_seed(kind: str, tmp_path: Path) -> None:
    fuzz(kind, 40, 1, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["commands", "files"])
def test_thousands(kind: str, tmp_path: Path) -> None:
    fuzz(kind, MANY, SEED, tmp_path)
