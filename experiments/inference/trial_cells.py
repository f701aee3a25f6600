"""Sums over the *cells* of a trial, the rows of one cluster and one arm.

A row has numbers (covariates and, last, the score), an arm and a cluster. Arms are columns of 0 and 1, so what they
have in common with other columns are counts and sums of cells: nothing but the numbers is multiplied row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inlined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.tables.columns import Floats, Integers

    # Without a sign: compiled code need not look for places from the end.
    Places = NDArray[np.uint32]

__all__ = ["Cells", "make_cells", "multiply_numbers", "sum_cells"]


class Cells(NamedTuple):
    """Room for the cells of one trial: k numbers a row, A arms, up to q clusters and n rows.

    Attributes
    ----------
    numbers, cell
        Of rows without a gap, shape (k, n) and (n,). The cell is A (cluster + 1) + arm, with cluster -1 for rows
        without one.
    total, place
        Sum of the numbers of each row, and which rows have no gap, shape (n,).
    counts, sums
        Rows in each cell, shape (A (q + 1),), and sums of their numbers, shape (k, A (q + 1)).
    """

    numbers: Floats
    cell: Places
    total: Floats
    place: Places
    counts: Floats
    sums: Floats


def make_cells(numbers: int, arms: int, clusters: int, rows: int) -> Cells:
    """Return room for trials with so many numbers a row and arms, and at most so many clusters and rows."""
    return Cells(
        numbers=np.zeros((numbers, rows)),
        cell=np.zeros(rows, dtype=np.uint32),
        total=np.zeros(rows),
        place=np.zeros(rows, dtype=np.uint32),
        counts=np.zeros(arms * (clusters + 1)),
        sums=np.zeros((numbers, arms * (clusters + 1))),
    )


@inlined
def sum_cells(
    numbers: Floats, arm: Integers, cluster: Integers, arms: int, begin: int, end: int, cells: Cells
) -> int:
    """Count and sum the rows of a trial by cell; return how many have no gap.

    Parameters
    ----------
    numbers
        Shape (k, rows of all trials).
    arm, cluster
        Shape (rows of all trials,); a cluster below 0 is none.
    arms
        How many there are.
    begin, end
        The trial has the rows from `begin` to before `end`.
    """
    arm_of, cluster_of, cell, count = arm[begin:end], cluster[begin:end], cells.cell, cells.counts
    for i in range(len(arm_of)):
        cell[i] = arms * max(cluster_of[i] + 1, 0) + arm_of[i]
    rows = _copy_known(numbers, begin, end, cells)
    for place in range(len(count)):
        count[place] = 0.0
    # Rows of a cluster often follow each other; those far apart seldom wait for each other's sum.
    part = rows // 4
    for i in range(part):
        count[cell[i]] += 1.0
        count[cell[i + part]] += 1.0
        count[cell[i + 2 * part]] += 1.0
        count[cell[i + 3 * part]] += 1.0
    for i in range(4 * part, rows):
        count[cell[i]] += 1.0
    for a in range(len(numbers)):
        column, sums = cells.numbers[a], cells.sums[a]
        for place in range(len(sums)):
            sums[place] = 0.0
        for i in range(part):
            sums[cell[i]] += column[i]
            sums[cell[i + part]] += column[i + part]
            sums[cell[i + 2 * part]] += column[i + 2 * part]
            sums[cell[i + 3 * part]] += column[i + 3 * part]
        for i in range(4 * part, rows):
            sums[cell[i]] += column[i]
    return rows


@inlined
def _copy_known(numbers: Floats, begin: int, end: int, cells: Cells) -> int:
    """Copy rows that have all their numbers, counted from those of the first one; return how many there are."""
    total, place, cell = cells.total, cells.place, cells.cell
    for i in range(end - begin):
        total[i] = 0.0
    for a in range(len(numbers)):
        column = numbers[a][begin:end]
        for i in range(len(column)):
            total[i] += column[i]
    rows = 0
    for i in range(end - begin):
        place[rows] = i
        rows += total[i] - total[i] == 0.0  # neither nan nor infinite
    for a in range(len(numbers)):
        column, known = numbers[a][begin:end], cells.numbers[a]
        first = column[place[0]] if rows else 0.0
        if rows == len(column):
            for i in range(rows):
                known[i] = column[i] - first
        else:
            for i in range(rows):
                known[i] = column[place[i]] - first
    for i in range(rows):
        cell[i] = cell[place[i]]
    return rows


@inlined
def multiply_numbers(rows: int, cells: Cells, products: Floats) -> None:
    """Write cross products of the numbers to the end of `products`, its lower half."""
    first = len(products) - len(cells.numbers)
    for a in range(len(cells.numbers)):
        for b in range(a + 1):
            left, right = cells.numbers[a], cells.numbers[b]
            # Four sums, none of which waits for another.
            one, two, three, four = 0.0, 0.0, 0.0, 0.0
            for i in range(0, rows - 3, 4):
                one += left[i] * right[i]
                two += left[i + 1] * right[i + 1]
                three += left[i + 2] * right[i + 2]
                four += left[i + 3] * right[i + 3]
            for i in range(rows - rows % 4, rows):
                one += left[i] * right[i]
            products[first + a, first + b] = (one + two) + (three + four)
