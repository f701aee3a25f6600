"""Why the compiler refuses a function, in one line of the many that it says."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["why_not"]

PACKAGE = Path(__file__).resolve().parents[1]


def why_not(error: Exception, *, own: bool = True) -> str:
    """Return what Numba has against a function, from its many lines, and where.

    Parameters
    ----------
    error
        What Numba raised.
    own
        Whether the function is a user's own, so that a line of this package says nothing to them.
    """
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines()]
    reason = next(
        (one for one in lines if one and not one.startswith(("Failed in", "File ", "During"))), text
    )
    place = re.search(r'^File "(.+)", line (\d+):', text, re.MULTILINE)
    if place is None or (own and Path(place[1]).resolve().is_relative_to(PACKAGE)):
        return reason.rstrip(".:")
    return f"{reason.rstrip('.:')} ({Path(place[1]).name}, line {place[2]})"
