"""Where the tables of some clients are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from weakref import ref

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["Deal", "Origin"]


@dataclass(frozen=True, eq=False)
class Deal:
    """Rows dealt into parts, each of which is left out in turn.

    Attributes
    ----------
    of_row
        Number of the part of each row, from 0; -1 for a row that is never left out.
    parts
        How many there are.
    """

    of_row: Integers
    parts: int

    def without_each(self, values: Floats) -> Floats:
        """Add up what stays without each part, shape (parts,)."""
        by_part = np.bincount(self.of_row + 1, values, self.parts + 1)
        return np.asarray(by_part.sum() - by_part[1:], dtype=np.float64)

    @cached_property
    def in_order(self) -> Integers:
        """The rows that are never left out, and then those of each part, ascending, shape (rows,)."""
        return np.argsort(self.of_row.astype(np.int32), kind="stable")

    @cached_property
    def ends(self) -> Integers:
        """Where they begin, where each part begins, and where the last one ends, shape (1 + parts + 1,)."""
        sizes = np.bincount(self.of_row + 1, minlength=self.parts + 1)
        return np.concatenate([[0], np.cumsum(sizes)])

    @cached_property
    def rows_of_parts(self) -> tuple[Integers, ...]:
        """The rows of each part, ascending."""
        first = self.ends[1]
        return tuple(np.split(self.in_order[first:], self.ends[2:-1] - first))

    def only(self, rows: Booleans) -> Deal:
        """Return the deal of some of the rows."""
        return Deal(self.of_row[rows], self.parts)


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where the tables of some clients are taken from.

    Attributes
    ----------
    tables
        The `RunTables` of all clients. The part does not keep them alive; once they are gone it builds from its own
        rows.
    rows, lacking
        Rows there of its clients, and of those that it lacks, ascending.
    whole_studies
        Whether every study is in it with all its clients or none.
    deal, number
        If sums may be those of all less those of the clients it lacks (`keeping.lacking_few`): how clients are dealt
        into parts that are left out in turn, and which of them this one lacks.
    """

    tables: ref[Any]
    rows: Integers
    lacking: Integers
    whole_studies: bool
    deal: Deal | None = None
    number: int = 0

    def studies(self, study: Integers) -> Integers:
        """Return which studies its clients are in, ascending, by the study of each of all clients."""
        return np.flatnonzero(np.bincount(study[self.rows]))

    @property
    def by_difference(self) -> bool:
        """Whether sums may be those of all less those of the clients it lacks."""
        return self.deal is not None
