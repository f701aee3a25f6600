"""The rows of one trial, or of many one after the other, as every analysis reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["MOST_ARMS", "TrialData", "TrialRows", "trial_rows"]

TrialData: TypeAlias = "Mapping[str, Any] | tuple[Any, ...]"
"""Columns by name: a mapping of arrays, or a named tuple of them; see `trial_rows`."""

MOST_ARMS = 6


@dataclass(frozen=True, slots=True, eq=False)
class TrialRows:
    """Rows of trials one after the other.

    Attributes
    ----------
    columns
        As given, each of shape (rows,).
    offsets
        Shape (trials + 1,): trial ``i`` has the rows from ``offsets[i]`` to before ``offsets[i + 1]``.
    arms
        How many arms the trials have.
    """

    columns: Mapping[str, Any]
    offsets: Integers
    arms: int

    @property
    def trials(self) -> int:
        return len(self.offsets) - 1

    @property
    def trial(self) -> Integers:
        """Which trial each row is of, shape (rows,)."""
        return np.repeat(np.arange(self.trials), np.diff(self.offsets))

    def floats(self, name: str) -> Floats:
        return np.ascontiguousarray(self._column(name), dtype=np.float64)

    def whole(self, name: str) -> Integers:
        return np.ascontiguousarray(self._column(name), dtype=np.int64)

    def _column(self, name: str) -> Any:
        if name not in self.columns:
            raise unknown_name(name, "a column of the trial", self.columns)
        return self.columns[name]

    def only(self, keep: Booleans) -> TrialRows:
        """Return some of the rows; a trial may be left with none."""
        before = np.concatenate([[0], np.cumsum(keep)])
        columns = {name: np.asarray(values)[keep] for name, values in self.columns.items()}
        return TrialRows(columns, before[self.offsets].astype(np.int64), self.arms)

    def known(self, *names: str) -> TrialRows:
        """Return the rows in which none of these columns is missing."""
        keep = np.ones(int(self.offsets[-1]), dtype=bool)
        for name in names:
            keep &= np.isfinite(self.floats(name))
        return self if keep.all() else self.only(keep)


def trial_rows(
    data: TrialData, offsets: Integers | None = None, arms: int | None = None
) -> TrialRows:
    """Read one trial, or many whose rows follow each other.

    Parameters
    ----------
    data
        Columns of one length: ``client``, ``therapist`` (-1: none), ``clinic`` and ``arm`` (from 0) are whole
        numbers, ``base`` and ``score`` (nan: missing) numbers. Long data have ``time`` and one row a client and
        time; dropout has ``session``, the last one held, and ``event``, 1 for a dropout and 0 where it was
        censored. An analysis asks for no more columns than it needs.
    offsets
        Where each trial begins, and the number of rows at the end; one trial where left out.
    arms
        How many arms there are, where the rows may not have them all.

    Raises
    ------
    AllianceError
        When columns differ in length, arms are not numbered from 0, or offsets do not fit.
    """
    columns = data._asdict() if hasattr(data, "_asdict") else data
    if not isinstance(columns, Mapping) or "arm" not in columns:
        raise AllianceError("A trial is a mapping or a named tuple of columns, one of them arm.")
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise AllianceError("The columns of a trial differ in length: give each client a row.")
    rows = lengths.pop()
    where = np.asarray([0, rows] if offsets is None else offsets, dtype=np.int64)
    if where.ndim != 1 or len(where) < 2 or where[0] != 0 or where[-1] != rows:
        raise AllianceError(f"offsets must begin with 0 and end with {rows}, the number of rows.")
    if np.any(np.diff(where) < 0):
        raise AllianceError(
            "offsets must not go down: give where each trial begins, in the order of the rows."
        )
    arm = np.asarray(columns["arm"])
    whole = arm.astype(np.int64, copy=False)
    highest = int(whole.max(initial=1))
    if rows and (whole.min() < 0 or not (whole is arm or np.array_equal(whole, arm))):
        raise AllianceError("arm must be a whole number from 0, 0 being the arm compared with.")
    count = highest + 1 if arms is None else arms
    if not highest < count <= MOST_ARMS or count < 2:
        raise AllianceError(f"A trial has 2 to {MOST_ARMS} arms, numbered from 0.")
    return TrialRows(columns, where, count)
