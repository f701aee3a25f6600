"""Node, to run JavaScript in tests: the one that comes with playwright."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import playwright
import pytest

ROOT = Path(__file__).resolve().parents[2] / "dashboards"
ASSETS, SCRIPTS = (ROOT / "assets").as_uri(), (ROOT / "page" / "scripts").as_uri()
"""Scripts of the dashboard, and of the page in one file."""

NODE = Path(playwright.__file__).parent / "driver" / "node"


@cache
def why_not() -> str:
    """Return why Node does not start here, as where libatomic is missing; empty if it does."""
    try:
        done = subprocess.run([str(NODE), "--version"], check=False, capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return done.stderr.strip() or str(done.returncode) if done.returncode else ""


def run_node(script: str, *arguments: str, given: str = "", timeout: float = 120) -> str:
    """Run an ES module and return what it prints; what it throws fails the test.

    Where Node cannot start, the test is left out, except in continuous integration.
    """
    if why_not() and not os.environ.get("CI"):
        pytest.skip(f"Node, which comes with playwright, does not start here: {why_not()}")
    command = [str(NODE), "--input-type=module", "--eval", script, "--", *arguments]
    done = subprocess.run(
        command, check=False, input=given, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def evaluate(script: str, *given: Any) -> Any:
    """Return what ``main`` of an ES module returns, given and returned as JSON."""
    call = (
        'import { readFileSync as readGiven } from "node:fs";\n'
        'const given = JSON.parse(readGiven(0, "utf-8"));\n'
        "process.stdout.write(JSON.stringify(await main(...given)));\n"
    )
    return json.loads(run_node(f"{script}\n{call}", given=json.dumps(given)))
