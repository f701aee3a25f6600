"""The data of a trial as an analysis gets them: one row a client; many trials stand behind one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["LongTable", "TrialTable", "long_table", "rows_of"]


class TrialTable(NamedTuple):
    """One row a client, of one trial or of many whose rows follow each other."""

    client: Integers
    """Number within the trial, from 0."""
    therapist: Integers
    """Number within the trial, from 0; -1 where the arm has none."""
    clinic: Integers
    """Number within the trial, from 0."""
    arm: Integers
    """From 0, the arm that the others are compared with."""
    base: Floats
    """Score at intake."""
    scores: Floats
    """Score in each week of assessment, shape (clients, weeks); nan where it is missing."""
    score: Floats
    """Score in the primary week."""
    session: Integers
    """The last session held by the last assessment; 0 if there was none."""
    event: Integers
    """1 if the client dropped out after it, 0 if that is not known to have happened."""


class LongTable(NamedTuple):
    """One row a client and time."""

    client: Integers
    therapist: Integers
    clinic: Integers
    arm: Integers
    base: Floats
    time: Floats
    """Weeks since intake."""
    score: Floats
    """nan where it is missing."""


def rows_of(table: TrialTable, rows: slice) -> TrialTable:
    """Return some of the rows."""
    columns: dict[str, Any] = {name: column[rows] for name, column in table._asdict().items()}
    return TrialTable(**columns)


def long_table(table: TrialTable, weeks: tuple[int, ...]) -> LongTable:
    """Return a row for each client and week of assessment, the weeks of one client one after the other."""
    count = len(weeks)

    def repeated(column: Any) -> Any:
        return np.repeat(column, count)

    return LongTable(
        repeated(table.client),
        repeated(table.therapist),
        repeated(table.clinic),
        repeated(table.arm),
        repeated(table.base),
        time=np.tile(np.array(weeks, dtype=np.float64), len(table.client)),
        score=np.ascontiguousarray(table.scores).reshape(-1),
    )
