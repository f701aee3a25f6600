"""Reading by a library that a damaged file can end together with its process, or keep for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONGEST", "READER", "read_apart"]

LONGEST = 600
"""Seconds after which a file that is still being read is taken for damaged."""

READER = (
    "import json, sys; from importlib import import_module; module, name, *rest = sys.argv[1:];"
    " print(json.dumps(getattr(import_module(module), name)(*rest)))"
)
"""What the process runs that reads a file."""


def read_apart(function: Callable[..., dict[str, Any]], *arguments: str) -> dict[str, Any]:
    """Call a function in a process of its own.

    Parameters
    ----------
    function
        Of a module; it returns what JSON can say, the key ``error`` for what is wrong with a file.
    arguments
        It is called with.

    Returns
    -------
    dict
        What it returned, or the ``error`` that its process broke off or came to no end.
    """
    here = os.pathsep.join(sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READER, function.__module__, function.__name__, *arguments],
            capture_output=True,
            check=False,
            timeout=LONGEST,
            env={**os.environ, "PYTHONPATH": here, "PYTHONIOENCODING": "utf-8"},
        )
        if done.returncode != 0:
            return {"error": "reading it broke off"}
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "reading it came to no end"}
    return found
