"""Python in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["printed"]


def printed(code: str, folder: Path | None = None, without: str = "", **variables: str) -> str:
    """Run Python code, and return what it prints; where it fails, the test does, with what it complained of.

    Parameters
    ----------
    code
        What to run.
    folder
        Where to run it; here if left out.
    without
        How the names of environment variables begin that the process is not given.
    **variables
        Environment variables that it is given besides.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not without or not name.startswith(without)
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
