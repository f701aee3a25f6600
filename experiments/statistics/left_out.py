"""Sums over clients without each part of them in turn, all at once: those of all clients less those of the part.

Columns are measured from their means over all clients first, so that next to nothing cancels out. Where the clients
who stay nevertheless differ by next to nothing, what is left may be all rounding; `Moments.sure` tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal

__all__ = [
    "ALMOST_NOTHING",
    "Dealt",
    "GroupMoments",
    "Moments",
    "weighted_products",
    "where_sure",
]

ALMOST_NOTHING = 1e-3
"""Share of squares below which a difference of sums says little: it may be all rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments of several columns without each part.

    Attributes
    ----------
    n
        How many clients stay, shape (parts,).
    means
        Of those who stay, shape (parts, columns).
    products
        Sums of products of deviations from the means of those who stay, shape (parts, columns, columns).
    sure
        Whether every column varies by more than rounding, shape (parts,).
    """

    n: Floats
    means: Floats
    products: Floats
    sure: Booleans

    def of(self, one: Floats, other: Floats) -> Floats:
        """Return the products of two weighted sums of the columns, weights of shape (parts, columns)."""
        return weighted_products(self.products, one, other)


@dataclass(frozen=True, slots=True, eq=False)
class GroupMoments:
    """Moments of several columns within and between groups, without each part.

    Attributes
    ----------
    n
        How many clients stay in each group, shape (parts, groups).
    means
        Of each group, from the means of all clients, 0 where nobody stays, shape (parts, columns, groups).
    within, between
        As `Moments.products`: of deviations from the means of the groups, and of those from the means of all.
    sure
        As of `Moments`.
    """

    n: Floats
    means: Floats
    within: Floats
    between: Floats
    sure: Booleans


def weighted_products(products: Floats, one: Floats, other: Floats) -> Floats:
    """Return the products of two weighted sums of columns, shape (parts,).

    Parameters
    ----------
    products
        Of the columns, shape (parts, columns, columns).
    one, other
        Weights, shape (parts, columns).
    """
    return np.asarray(np.einsum("pi,pij,pj->p", one, products, other))


def where_sure(values: Floats, sure: Booleans) -> list[float | None]:
    """Return the value without each part, None where it is not sure."""
    return [one if known else None for one, known in zip(values.tolist(), sure, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Some of the clients, part by part; those who are never left out come first.

    Attributes
    ----------
    rows
        Which they are, shape (clients,).
    ends
        Where each part begins among them, and the last one ends, shape (1 + parts + 1,).
    """

    rows: Integers
    ends: Integers

    @classmethod
    def of(cls, deal: Deal, chosen: NDArray[Any]) -> Dealt:
        """Return the clients of a deal who are chosen, by a mask of shape (clients,)."""
        there = chosen.take(deal.in_order)
        before = np.concatenate([[0], np.cumsum(there)])
        return cls(deal.in_order[there], before[deal.ends])

    @property
    def parts(self) -> int:
        """How many parts are left out in turn."""
        return self.ends.size - 2

    def of_clients(self, columns: NDArray[Any]) -> Floats:
        """Take what columns of all clients say of these, shape (columns, clients)."""
        return np.asarray(columns.take(self.rows, axis=1), dtype=np.float64)

    def sums(self, columns: Floats) -> Floats:
        """Add up columns of these clients, shape (columns, clients), without each part: shape (parts, columns)."""
        by_part = np.zeros((len(columns), self.parts + 1))
        there = np.flatnonzero(np.diff(self.ends))
        if there.size:
            by_part[:, there] = np.add.reduceat(columns, self.ends[there], axis=1)
        return np.asarray((by_part.sum(axis=1, keepdims=True) - by_part[:, 1:]).T)

    def products(self, one: Floats, other: Floats) -> Floats:
        """Add up the products of every two columns, shape (parts, columns, columns).

        Not by linear algebra, whose threads take longer than sums as short as these.
        """
        by_part = np.array(
            [
                np.einsum("ic,jc->ij", one[:, begin:end], other[:, begin:end])
                for begin, end in pairwise(self.ends.tolist())
            ]
        )
        return np.asarray(by_part.sum(axis=0) - by_part[1:])

    def group_sums(self, columns: Floats, group: Integers, groups: int) -> Floats:
        """Add up columns of these clients in each group, shape (parts, columns, groups)."""
        parts = self.parts + 1
        cell = np.repeat(np.arange(parts) * groups, np.diff(self.ends)) + group
        added = np.array([np.bincount(cell, one, parts * groups) for one in columns])
        by_part = added.reshape(len(columns), parts, groups).transpose(1, 0, 2)
        return np.asarray(by_part.sum(axis=0) - by_part[1:])

    def moments(self, columns: Floats) -> Moments:
        """Return moments of columns of all clients, shape (columns, clients); these have no ``nan``."""
        count = len(columns)
        mine, centre = self._from_means(columns)
        sums = self.sums(_with_products(mine))
        n, total = sums[:, 0], sums[:, 1 : 1 + count]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = total / n[:, None]
            products = _square(sums[:, 1 + count :], count) - total[:, :, None] * means[:, None, :]
        return Moments(n, means + centre, products, _spread_enough(products, mine))

    def group_moments(self, columns: Floats, group: Integers, groups: int) -> GroupMoments:
        """Return moments within and between groups of columns of all clients, shape (columns, clients)."""
        count = len(columns)
        mine, _ = self._from_means(columns)
        rows = _with_products(mine)
        in_groups = self.group_sums(rows[: 1 + count], group.take(self.rows), groups)
        n, total = in_groups[:, 0], in_groups[:, 1:]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.where(n[:, None] > 0, total / n[:, None], 0.0)
            of_groups = np.einsum("pig,pjg->pij", total, means)
            everything = total.sum(axis=2)
            mean = everything / n.sum(axis=1)[:, None]
        within = _square(self.sums(rows[1 + count :]), count) - of_groups
        between = of_groups - everything[:, :, None] * mean[:, None, :]
        return GroupMoments(n, means, within, between, _spread_enough(within + between, mine))

    def _from_means(self, columns: Floats) -> tuple[Floats, Floats]:
        mine = self.of_clients(columns)
        centre = mine.sum(axis=1) / max(self.rows.size, 1)
        return mine - centre[:, None], centre


def _spread_enough(products: Floats, columns: Floats) -> Booleans:
    with np.errstate(invalid="ignore"):
        squares = np.diagonal(products, axis1=1, axis2=2)
        enough = squares > ALMOST_NOTHING * (columns**2).sum(axis=1)
    return np.asarray(enough.all(axis=1))


def _with_products(columns: Floats) -> Floats:
    """Return ones, the columns, and the products of every two of them, shape (rows, clients)."""
    pairs = [columns[i] * columns[j] for i, j in zip(*np.triu_indices(len(columns)), strict=True)]
    return np.array([np.ones(columns.shape[1]), *columns, *pairs])


def _square(pairs: Floats, count: int) -> Floats:
    """Return products of every two columns, shape (parts, pairs), as symmetric matrices."""
    matrix: Floats = np.empty((len(pairs), count, count))
    for place, (i, j) in enumerate(zip(*np.triu_indices(count), strict=True)):
        matrix[:, i, j] = matrix[:, j, i] = pairs[:, place]
    return matrix
