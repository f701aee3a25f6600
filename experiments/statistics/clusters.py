"""k-means, and the k-means of nearly the same points: of all without each of some groups of them in turn.

Without a group, the centres take nearly the way that they take with all points, and only points between two centres
may then belong to another one: the others need not be looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal

__all__ = ["UNSURE", "Rounds", "k_means", "k_means_without_each", "rounds_of_k_means"]

MOST_ROUNDS = 50

UNSURE = 1e-9
"""A difference between two squared distances, in squared standard deviations, that may be all rounding."""

PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, slots=True, eq=False)
class Rounds:
    """What k-means did in each round.

    Attributes
    ----------
    centres
        Where they were, shape (rounds, groups, features).
    group
        The group of each point then, shape (rounds, points).
    ahead
        By how much nearer, in squared distance, the centre of that group was than any other, shape (rounds, points).
    last
        The centres at the end, shape (groups, features).
    """

    centres: Floats
    group: NDArray[np.int8]
    ahead: Floats
    last: Floats


def k_means(
    points: Floats, centres: Floats, *, rounds: int = MOST_ROUNDS
) -> tuple[Floats, Integers]:
    """Sort points into groups around centres that are their means (Lloyd 1982).

    Parameters
    ----------
    points
        Shape (points, features).
    centres
        Where to begin, shape (groups, features). A group without points keeps its centre.
    rounds
        How often the centres are moved at most.

    Returns
    -------
    centres, group
        The centres, and the group of each point before they were last moved. A point as near to two centres is in
        the first of their groups.
    """
    last, group = centres, np.full(len(points), -1)
    for _, _, now, moved in _each_round(points, centres, rounds):
        last, group = moved, now
    return last, group


def _each_round(
    points: Floats, centres: Floats, rounds: int
) -> Iterator[tuple[Floats, Floats, Integers, Floats]]:
    """Yield of each round the centres, the distances from them, the group of each point, and the centres after it.

    In the last round no point is in another group than before, and the centres stay.
    """
    columns = np.ascontiguousarray(points.T)
    group = np.full(len(points), -1)
    for _ in range(rounds):
        distance = _distances(columns, centres)
        before, group = group, _first_of_least(distance)
        settled = np.array_equal(before, group)
        moved = centres if settled else _moved(columns, group, centres)
        yield centres, distance, group, moved
        if settled:
            return
        centres = moved


def _distances(columns: Floats, centres: Floats) -> Floats:
    """Return squared distances, shape (groups, points), of points of shape (features, points)."""
    distance = np.zeros((len(centres), columns.shape[1]))
    for column, centre in zip(columns, centres.T, strict=True):
        apart = centre[:, None] - column
        apart *= apart
        distance += apart
    return distance


def _moved(columns: Floats, group: Integers, centres: Floats) -> Floats:
    size = np.bincount(group, minlength=len(centres))
    total = np.array([np.bincount(group, column, len(centres)) for column in columns]).T
    return np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], centres)


def _first_of_least(values: Floats) -> Integers:
    """Return what ``values.argmin(axis=0)`` does; quicker for a few long rows."""
    least, place = values[0].copy(), np.zeros(values.shape[1], dtype=np.int64)
    for number, row in enumerate(values[1:], 1):
        place[row < least] = number
        np.minimum(least, row, out=least)
    return place


def rounds_of_k_means(points: Floats, centres: Floats, *, rounds: int = MOST_ROUNDS) -> Rounds:
    """Do what `k_means` does, and return every round."""
    way, groups, ahead, last = [], [], [], centres
    for now, distance, group, moved in _each_round(points, centres, rounds):
        way.append(now)
        groups.append(group.astype(np.int8))
        ahead.append(_ahead(distance))
        last = moved
    return Rounds(np.array(way), np.array(groups), np.array(ahead), last)


def _ahead(distance: Floats) -> Floats:
    """Return by how much the second least of three distances is above the least."""
    one, two, three = distance
    low, high = np.minimum(one, two), np.maximum(one, two)
    return np.asarray(np.minimum(high, np.maximum(low, three)) - np.minimum(low, three))


def k_means_without_each(
    points: Floats, deal: Deal, start: Floats, rounds: Rounds
) -> list[tuple[Floats, Integers] | None]:
    """Return what `k_means` makes of points without each part of them, which are standardised again.

    Parameters
    ----------
    points
        Shape (points, features), of mean 0 and standard deviation 1.
    deal
        Which part each point is of.
    start
        Where the centres begin, shape (3, features).
    rounds
        Of the k-means of all points, begun there.

    Returns
    -------
    list
        For each part centres and groups, as from `k_means`, of the points that are not of the part; None where
        rounding may decide, so that `k_means` has to.
    """
    columns = np.vstack([points.T, np.ones(len(points))])
    size = np.abs(columns)
    stretch, shift, sure = _standardised_again(columns, deal)
    centres = np.repeat(start[None], deal.parts, axis=0)
    label = np.full((deal.parts, len(points)), -1, dtype=np.int8)
    going = np.arange(deal.parts)
    lacking = deal.of_row == going[:, None]
    before = np.full(len(points), -1, dtype=np.int8)
    sums = np.zeros((len(columns), 3 * (deal.parts + 1)))
    for number in range(MOST_ROUNDS):
        at = min(number, len(rounds.centres) - 1)
        group = rounds.group[at]
        others = np.flatnonzero(group != before)
        sums += _sums_in_groups(columns, deal, group, others)
        if number:
            sums -= _sums_in_groups(columns, deal, before, others)
        border = _borders(centres[going], stretch[going], shift[going])
        apart = np.abs(border - _borders(rounds.centres[at][None])).max(axis=(0, 1))
        differing = apart @ size
        doubtful = np.flatnonzero(rounds.ahead[at] <= 1.001 * differing + UNSURE)
        near = columns.take(doubtful, axis=1)
        beyond = border @ near
        found = np.where(beyond[2] <= 0.0, np.int8(1), np.int8(2))
        found[(beyond[0] <= 0.0) & (beyond[1] <= 0.0)] = 0
        there = ~lacking[going][:, doubtful]
        sure[going] &= ~((np.abs(beyond).min(axis=0) < UNSURE) & there).any(axis=1)
        now = np.repeat(group[None], len(going), axis=0)
        now[:, doubtful] = found
        same = ((now == label[going]) | lacking[going]).all(axis=1)
        label[going] = now
        if same.all():
            break
        before = group
        changed = np.nonzero((found != group[doubtful]) & there)
        moved = _moved_without_each(columns, sums, going, group, doubtful, found, changed)
        going, moved = going[~same], moved[~same]
        now_at = stretch[going, None] * moved[:, :, :-1] + shift[going, None]
        centres[going] = np.where(moved[:, :, -1:] > 0.0, now_at, centres[going])
    return [
        (centres[part], label[part, ~lacking[part]].astype(np.int64)) if sure[part] else None
        for part in range(deal.parts)
    ]


def _standardised_again(columns: Floats, deal: Deal) -> tuple[Floats, Floats, Booleans]:
    """Return by what points have to be stretched and shifted without each part, and whether that can be told."""
    *points, _ = columns
    size = deal.without_each(columns[-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.array([deal.without_each(one) for one in points]) / size
        square = np.array([deal.without_each(one**2) for one in points]) / size
        spread = np.sqrt(square - mean**2)
        sure = np.all(spread > 1e-3, axis=0, keepdims=True)[0]
        spread = np.where(spread > 1e-3, spread, 1.0)
    return (1.0 / spread).T, (-np.nan_to_num(mean) / spread).T, sure


def _borders(centres: Floats, stretch: Floats | float = 1.0, shift: Floats | float = 0.0) -> Floats:
    """Return by how much nearer points are to one centre than to another, as weighted sums of their features.

    Parameters
    ----------
    centres
        Shape (parts, 3, features).
    stretch, shift
        What is done to a point before, shapes (parts, features).

    Returns
    -------
    ndarray, shape (pairs, parts, features + 1)
        Weights of the features, and of a 1: their sum is the squared distance from the first less that from the
        second of each of `PAIRS`.
    """
    borders = []
    for one, other in PAIRS:
        between = centres[:, one] - centres[:, other]
        squares = (centres[:, one] ** 2 - centres[:, other] ** 2 - 2.0 * shift * between).sum(
            axis=1
        )
        borders.append(np.column_stack([-2.0 * stretch * between, squares]))
    return np.array(borders)


def _sums_in_groups(
    columns: Floats, deal: Deal, group: NDArray[np.int8], points: Integers
) -> Floats:
    """Add up columns of some points in each group of each part, and of no part before them, (columns, groups)."""
    cell = (deal.of_row[points] + 1) * 3 + group[points]
    there = columns.take(points, axis=1)
    return np.array([np.bincount(cell, column, 3 * (deal.parts + 1)) for column in there])


def _moved_without_each(
    columns: Floats,
    sums: Floats,
    going: Integers,
    group: NDArray[np.int8],
    doubtful: Integers,
    found: NDArray[np.int8],
    changed: tuple[Any, ...],
) -> Floats:
    """Return means of the points of each group without the parts `going`, then how many, (parts, 3, features + 1).

    They are those of all points in the groups they have with all, and then of the few that are in another.
    """
    part, place = changed
    new, old = part * 3 + found[part, place], part * 3 + group[doubtful[place]]
    totals = []
    for column, by_part in zip(columns, sums.reshape(len(columns), -1, 3), strict=True):
        total = by_part.sum(axis=0) - by_part[1 + going]
        values = column[doubtful[place]]
        total += np.bincount(new, values, total.size).reshape(-1, 3)
        total -= np.bincount(old, values, total.size).reshape(-1, 3)
        totals.append(total)
    size = totals[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [total / size for total in totals[:-1]]
    return np.stack([*means, size], axis=2)
