"""Names of outcomes session by session: ``alliance@3``, and ``alliance@1:20`` for twenty of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from experiments.design.value import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["expanded", "parted", "series_in"]

MOST_SESSIONS = 500
_RANGE = re.compile(r"(?P<name>.+)@(?P<first>\d+):(?P<last>\d+)")
_ONE = re.compile(r"(?P<name>.+)@(?P<session>\d+)")


def expanded(names: Iterable[str]) -> tuple[str, ...]:
    """Return names with every range of sessions written out.

    Raises
    ------
    StudyError
        If a range has no sessions, or more than there can be.
    """
    found: list[str] = []
    for name in names:
        match = _RANGE.fullmatch(name)
        if match is None:
            found.append(name)
            continue
        first, last = int(match["first"]), int(match["last"])
        if not 1 <= first <= last <= MOST_SESSIONS:
            raise StudyError(
                f"{name} names no sessions: write NAME@FIRST:LAST, from 1 to {MOST_SESSIONS}."
            )
        found += [f"{match['name']}@{session}" for session in range(first, last + 1)]
    return tuple(found)


def parted(name: str) -> tuple[str, int] | None:
    """Return the series and the session of a name; None if it is of no series."""
    match = _ONE.fullmatch(name)
    return (match["name"], int(match["session"])) if match else None


def series_in(names: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Return every series among some names, with its sessions and their names."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        if (parts := parted(name)) is not None:
            found.setdefault(parts[0], []).append((parts[1], name))
    return {series: sorted(sessions) for series, sessions in found.items()}
