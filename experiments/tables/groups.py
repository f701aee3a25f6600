"""Rows that belong together, and what is added up and averaged over each group.

Every sum runs over a group's own rows in their order (`added_up`), so a number has the same bits whichever
groups it is computed together with, and on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["Groups", "added_over_sessions", "added_up", "counted", "first_of_each", "ratio"]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which group each row is in.

    Attributes
    ----------
    of_row
        Number of the group of each row, from 0, shape (rows,).
    count
        How many groups there are.

    Notes
    -----
    Every method returns one number a group, shape (groups,); values have one entry a row, and `where` chooses rows.
    """

    of_row: Integers
    count: int

    def size(self, where: Booleans) -> Floats:
        """Count the rows."""
        return counted(self.of_row[where], self.count).astype(np.float64)

    def total(self, values: Floats, where: Booleans) -> Floats:
        """Add up."""
        return added_up(values[where], self.of_row[where], self.count)

    def mean(self, values: Floats, where: Booleans) -> Floats:
        """Average; NaN where there is no row."""
        return ratio(self.total(values, where), self.size(where))

    def share(self, part: Booleans, whole: Booleans) -> Floats:
        """Return which share of the rows in `whole` is in `part`, too; NaN where there is none."""
        return ratio(self.size(part & whole), self.size(whole))

    def moment(self, one: Floats, other: Floats, where: Booleans) -> Floats:
        """Return the mean product of deviations from the means."""
        left = one - self.mean(one, where)[self.of_row]
        right = other - self.mean(other, where)[self.of_row]
        return self.mean(left * right, where)

    def deviation(self, values: Floats, where: Booleans) -> Floats:
        """Return the standard deviation (n - 1)."""
        size = self.size(where)
        return np.sqrt(ratio(self.moment(values, values, where) * size, size - 1.0))

    def correlation(self, one: Floats, other: Floats, where: Booleans) -> Floats:
        """Return Pearson's r; NaN with fewer than three rows."""
        product = np.sqrt(self.moment(one, one, where) * self.moment(other, other, where))
        r = ratio(self.moment(one, other, where), product)
        return np.where(self.size(where) >= 3, r, np.nan)


def counted(group: Integers, groups: int) -> Integers:
    """Count the rows of each group, by the group of each row, shape (groups,)."""
    return np.array([group.size]) if groups == 1 else np.bincount(group, minlength=groups)


def added_up(values: Floats, group: Integers, groups: int) -> Floats:
    """Add up the values of each group in the order of rows, shape (groups,).

    Of a single group the running sum is the same to the bit, and takes less time: `numpy.bincount` reads and writes
    the sum anew for each row.
    """
    if groups == 1 and values.size:
        return np.cumsum(values, dtype=np.float64)[-1:]
    return np.asarray(np.bincount(group, values, groups), dtype=np.float64)


def first_of_each(number: Integers, count: int) -> Integers:
    """Return where each number below `count` stands first; each must be there."""
    first = np.empty(count, dtype=np.int64)
    first[number[::-1]] = np.arange(number.size)[::-1]  # the last one that is written stays
    return first


def added_over_sessions(values: Floats) -> Floats:
    """Add up values, shape (sessions, clients), one session after the other: shape (clients,).

    NumPy adds those of a single client in another order than those of several.
    """
    if values.shape[1] == 1 and len(values):
        return np.asarray(np.cumsum(values, axis=0)[-1])
    return np.asarray(values.sum(axis=0))


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; NaN where the denominator is not positive."""
    allowed = denominator > 0
    return np.where(allowed, numerator / np.where(allowed, denominator, 1.0), np.nan)
