"""What a rule of a researcher's own is called, where a mistake in it is, and what that usually comes from."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

from simulation.errors import nearest

__all__ = ["hint", "name_of", "where_it_failed"]


def name_of(rule: Any) -> str:
    """Return a rule as the command line takes it: ``FILE.py:NAME``, or ``MODULE:NAME`` if it has no file."""
    module = sys.modules.get(rule.__module__)
    file = getattr(module, "__file__", None)
    place = Path(file).name if isinstance(file, str) else rule.__module__
    return f"{place}:{rule.__qualname__}"


def where_it_failed(error: BaseException) -> str:
    """Return the last line outside libraries at which an error passed, ``" (rules.py, line 7)"``; empty if none."""
    ours = Path(__file__).resolve().parents[1]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        inside = any(ours / part in file.parents for part in ("simulation", "experiments"))
        if file.is_file() and not inside and "site-packages" not in file.parts:
            return f" ({file.name}, line {frame.lineno})"
    return ""


def hint(error: Exception) -> str:
    """Say what the usual reason is: a misspelt name, or a function that returns nothing."""
    if "NoneType" in str(error):
        return " Does every function return what it has to?"
    if isinstance(error, AttributeError) and error.name is not None:
        close = nearest(error.name, [one for one in dir(error.obj) if one[:1] != "_"])
        return f" Did you mean {close}?" if close else ""
    return ""
