"""Where a mistake in a researcher's own file is, and what it usually comes from."""

from __future__ import annotations

import traceback
from pathlib import Path

from simulation.errors import nearest

__all__ = ["hint", "where_it_failed"]


def where_it_failed(error: BaseException) -> str:
    """Return the last line outside libraries at which an error passed, ``" (rules.py, line 7)"``; empty if none."""
    ours = Path(__file__).resolve().parents[2]
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
