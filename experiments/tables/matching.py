"""How the rows of tables that belong together find each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.tables.columns import (
    MissingColumnError,
    StackedRows,
    as_whole,
    column_of,
    has_column,
    height,
)
from simulation.errors import AllianceError
from simulation.results.spaced import SpacedSessions

if TYPE_CHECKING:
    from experiments.tables.columns import Columns, Floats, Integers

__all__ = ["places_of_sessions", "shared_keys", "spread_by_key"]


def shared_keys(left: Columns, right: Columns, names: tuple[str, ...]) -> tuple[Integers, Integers]:
    """Return one whole number a row, equal where all the named columns are equal."""
    ours = np.zeros(height(left), dtype=np.int64)
    theirs = np.zeros(height(right), dtype=np.int64)
    for name in names:
        if not (has_column(left, name) and has_column(right, name)):
            if name in {"run", "replicate"} and not (
                has_column(left, name) or has_column(right, name)
            ):
                continue
            what = "second" if has_column(left, name) else "first"
            raise MissingColumnError(
                f"{name} is not in the {what} of two tables that belong together."
            )
        column = left[name]
        mine, other = _matched(column, column if right is left else right[name])
        lowest = min(mine.min(initial=0), other.min(initial=0))
        span = int(max(mine.max(initial=0), other.max(initial=0)) - lowest) + 1
        ours = ours * span + (mine - lowest)
        theirs = theirs * span + (other - lowest)
    return ours, theirs


def _matched(left: Any, right: Any) -> tuple[Integers, Integers]:
    first, second = (
        column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
        for column in (left, right)
    )
    if first.dtype.kind in "iufb" and second.dtype.kind in "iufb":
        return as_whole(first), as_whole(second)
    _, code = np.unique(
        np.concatenate([first.astype(str), second.astype(str)]), return_inverse=True
    )
    codes = code.astype(np.int64)
    return codes[: first.size], codes[first.size :]


def spread_by_key(values: Floats, mine: Integers, theirs: Integers) -> Floats:
    """Return for each of my keys the value of the row that has the same key; ``nan`` where none has.

    Parameters
    ----------
    values, theirs
        A value and a key for each row of theirs.
    mine
        A key for each of my rows.
    """
    order = np.argsort(theirs)
    place = np.minimum(np.searchsorted(theirs[order], mine), theirs.size - 1)
    spread = values[order][place]
    spread[theirs[order][place] != mine] = np.nan
    return spread


def _places_known(clients: Columns, sessions: Columns) -> tuple[Integers, Integers] | None:
    """Return what the engine says of the places of its clients' sessions; None for other tables."""
    parts = sessions.tables if isinstance(sessions, StackedRows) else (sessions,)
    spaced = [part for part in parts if isinstance(part, SpacedSessions)]
    before = np.cumsum([0, *(part.attended.size for part in spaced)])
    if len(spaced) < len(parts) or before[-1] != height(clients):
        return None
    rows = [part.places[0] + first for part, first in zip(spaced, before, strict=False)]
    return np.concatenate(rows), np.concatenate([part.places[1] for part in spaced])


def places_of_sessions(clients: Columns, sessions: Columns) -> tuple[Integers, Integers]:
    """Return the row of the client of each session, and the session's number, each of shape (sessions,).

    Raises
    ------
    AllianceError
        When a session belongs to no client, has a number below 1, or a client or a session stands there twice.
    """
    known = _places_known(clients, sessions)
    if known is not None:
        return known
    mine, theirs = shared_keys(clients, sessions, ("run", "replicate", "client"))
    order = np.argsort(mine, kind="stable")
    ordered = mine[order]
    if np.any(ordered[1:] == ordered[:-1]):
        raise AllianceError(
            "The clients table has two rows for the same run, replicate and client."
            " Give every client one row."
        )
    numbers = as_whole(column_of(sessions, "session", "sessions"))
    if theirs.size == 0:
        return theirs, numbers
    place = np.minimum(np.searchsorted(ordered, theirs), max(ordered.size - 1, 0))
    if ordered.size == 0 or np.any(ordered[place] != theirs):
        raise AllianceError(
            "The sessions table has a client that the clients table does not have."
            " Every session needs the row of its client."
        )
    if numbers.min() < 1:
        raise AllianceError(
            f"A session has the number {numbers.min()}; sessions are counted from 1."
        )
    rows = order[place]
    flat = rows * (numbers.max() + 1) + numbers
    if np.any(flat[1:] <= flat[:-1]) and np.any(np.diff(np.sort(flat)) == 0):
        raise AllianceError(
            "The sessions table has the same session of the same client twice."
            " Keep one row for each session."
        )
    return rows, numbers
