"""Cross products within and between the clusters of a trial: all that a random intercept needs of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inlined
from experiments.inference.trial_cells import multiply_numbers

if TYPE_CHECKING:
    from experiments.inference.trial_cells import Cells
    from experiments.tables.columns import Floats

__all__ = ["ClusterSums", "make_cluster_sums", "sum_clusters"]


class ClusterSums(NamedTuple):
    """Room for one trial with p coefficients and clusters of up to q sizes.

    B = [1 X y] are the intercept, a column for each arm but the first, covariates, and the score.

    Attributes
    ----------
    means, sums
        Means of B, and what B sums up to in one cluster, counted from them, shape (p + 1,).
    within, between
        Cross products within clusters, shape (p + 1, p + 1), and of means, by size, shape (p + 1, p + 1, q).
    sizes, many
        Different sizes of clusters, and how many have each, shape (q,).
    """

    means: Floats
    sums: Floats
    within: Floats
    between: Floats
    sizes: Floats
    many: Floats


def make_cluster_sums(p: int, clusters: int) -> ClusterSums:
    """Return room for p coefficients and at most so many clusters."""
    return ClusterSums(
        means=np.zeros(p + 1),
        sums=np.zeros(p + 1),
        within=np.zeros((p + 1, p + 1)),
        between=np.zeros((p + 1, p + 1, clusters)),
        sizes=np.zeros(clusters),
        many=np.zeros(clusters),
    )


@inlined
def sum_clusters(rows: int, arms: int, cells: Cells, found: ClusterSums) -> tuple[int, int]:
    """Write cross products, parted into those within and between clusters; return how many clusters and sizes."""
    multiply_numbers(rows, cells, found.within)
    _multiply_arms(rows, arms, cells.counts, cells.sums, found.means, found.within)
    sums, sizes, many = found.sums, found.sizes, found.many
    within, between = found.within, found.between
    width = len(sums)
    clusters, different = 0, 0
    for place in range(arms, len(cells.counts), arms):
        size = 0.0
        for r in range(arms):
            sums[r] = cells.counts[place + r]
            size += sums[r]
        if size == 0.0:
            continue
        sums[0] = size
        for a in range(len(cells.sums)):
            sums[arms + a] = 0.0
            for r in range(arms):
                sums[arms + a] += cells.sums[a, place + r]
        for a in range(1, width):
            sums[a] -= size * found.means[a]
        clusters += 1
        s = 0
        while s < different and sizes[s] != size:
            s += 1
        if s == different:
            different += 1
            sizes[s] = size
            many[s] = 0.0
            for a in range(width):
                for b in range(a + 1):
                    between[a, b, s] = 0.0
        many[s] += 1.0
        for a in range(width):
            for b in range(a + 1):
                between[a, b, s] += sums[a] * sums[b]
    for a in range(width):
        for b in range(a + 1):
            for s in range(different):
                product = between[a, b, s] / sizes[s]
                within[a, b] -= product
                between[a, b, s] = product / sizes[s]
                between[b, a, s] = between[a, b, s]
            within[b, a] = within[a, b]
    return clusters, different


@inlined
def _multiply_arms(
    rows: int, arms: int, count: Floats, sums: Floats, means: Floats, within: Floats
) -> None:
    """Write what the columns of arms have in common with others, and count all but the intercept from their mean."""
    for a in range(len(means)):
        means[a] = 0.0
        for r in range(min(a + 1, arms)):
            within[a, r] = 0.0
    for place in range(0, len(count), arms):
        for r in range(1, arms):
            within[r, r] += count[place + r]
        for a in range(len(sums)):
            means[arms + a] += sums[a, place]
            for r in range(1, arms):
                within[arms + a, r] += sums[a, place + r]
    for r in range(1, arms):
        means[r] = within[r, r]
        for a in range(arms, len(means)):
            means[a] += within[a, r]
    for a in range(1, len(means)):
        means[a] /= max(rows, 1)
        for b in range(1, a + 1):
            within[a, b] -= rows * means[a] * means[b]
    within[0, 0] = rows
