"""Errors a user can act on: what was given, what is allowed, what to do next."""

from __future__ import annotations

import difflib
import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AllianceError", "nearest", "unknown_name", "whole_number"]

SHOWN = 12
"""Names that a message lists at most."""


class AllianceError(ValueError):
    """Something the user asked for cannot be done; the message is one clear sentence.

    The command line prints the message without a traceback and leaves with `exit_code`.
    """

    exit_code = 2


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name in `names` that `name` was most likely meant to be, if any is close."""
    found = difflib.get_close_matches(name.lower(), list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def unknown_name(name: str, what: str, names: Iterable[str], *, see: str = "") -> AllianceError:
    """Build the error for a name that does not exist, with the nearest one that does.

    Parameters
    ----------
    name
        What was given.
    what
        What it should have been, with its article: ``"a parameter"``.
    names
        The names that exist.
    see
        Where the whole list can be read, for the case that no name is close; the first names where it is left out.
    """
    names = list(names)
    close = nearest(name, names)
    if not close and not see and names:
        more = ", …" if len(names) > SHOWN else ""
        see = f"There are: {', '.join(names[:SHOWN])}{more}."
    hint = f" Did you mean {close}?" if close else f" {see}".rstrip()
    return AllianceError(f"{name} is not {what}.{hint}")


def whole_number(name: str, value: Any, least: int, most: int) -> int:
    """Return `value` as an int if it is a whole number from `least` to `most`.

    Raises
    ------
    AllianceError
        If it is not: names what was given and what is allowed.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or not least <= number <= most:
        raise AllianceError(
            f"{name} = {value!r} is not allowed: give a whole number from {least:,} to {most:,}."
        )
    return number
