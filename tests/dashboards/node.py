"""Node, to run JavaScript in tests: the one that comes with playwright."""

from __future__ import annotations

import subprocess
from pathlib import Path

import playwright

NODE = Path(playwright.__file__).parent / "driver" / "node"


def run_node(script: str, *arguments: str, given: str = "", timeout: float = 120) -> str:
    """Run an ES module and return what it prints; what it throws fails the test."""
    command = [str(NODE), "--input-type=module", "--eval", script, "--", *arguments]
    done = subprocess.run(
        command, check=False, input=given, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
