"""Sums over the clusters of a trial, all that a random intercept needs of its rows; room for them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.compilation import inner
from experiments.inference.small_samples import (
    Information,
    Moments,
    make_information,
    make_moments,
)

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["Workspace", "gather", "make_workspace"]


class Workspace(NamedTuple):
    """Room for one trial with p coefficients, the intercept among them, and up to q clusters of up to q sizes.

    Attributes
    ----------
    sizes_of, sums
        Size of each cluster, shape (q,), and sums of B = [1 X y], shape (q, p + 1).
    means
        Means of B, counted from the first row, shape (p + 1,).
    within, between
        Cross products within clusters, shape (p + 1, p + 1), and of means, by size, shape (q, p + 1, p + 1).
    sizes, many
        Different sizes of clusters, and how many have each, shape (q,).
    product, once, twice
        B'V⁻¹B and its derivatives in λ, of which the lower halves are used, shape (p + 1, p + 1).
    lower
        The factor of X'V⁻¹X, shape (p, p).
    """

    sizes_of: Floats
    sums: Floats
    means: Floats
    within: Floats
    between: Floats
    sizes: Floats
    many: Floats
    product: Floats
    once: Floats
    twice: Floats
    lower: Floats
    moments: Moments
    found: Information
    free: Floats
    bend: Floats
    aim: Floats


def make_workspace(p: int, q: int) -> Workspace:
    return Workspace(
        sizes_of=np.zeros(q),
        sums=np.zeros((q, p + 1)),
        means=np.zeros(p + 1),
        within=np.zeros((p + 1, p + 1)),
        between=np.zeros((q, p + 1, p + 1)),
        sizes=np.zeros(q),
        many=np.zeros(q),
        product=np.zeros((p + 1, p + 1)),
        once=np.zeros((p + 1, p + 1)),
        twice=np.zeros((p + 1, p + 1)),
        lower=np.zeros((p, p)),
        moments=make_moments(p, 2),
        found=make_information(p, 2),
        free=np.zeros((2, 2)),
        bend=np.zeros((2, 2)),
        aim=np.zeros(p),
    )


@inner
def gather(table: Floats, cluster: Integers, work: Workspace) -> tuple[int, int, int]:
    """Sum the rows of a trial; return how many have no gap, how many clusters and how many sizes there are."""
    width = table.shape[1] + 1
    means, within, sums, count = work.means, work.within, work.sums, work.sizes_of
    # Rows are counted from the first one, and brought to the mean afterwards. Gaps are looked for if a sum has one.
    rows, origin = 0, 0
    for attempt in range(2):
        rows = 0
        for a in range(width):
            means[a] = 0.0
            for b in range(width):
                within[a, b] = 0.0
            for j in range(len(count)):
                sums[j, a] = 0.0
        for j in range(len(count)):
            count[j] = 0.0
        for i in range(table.shape[0]):
            if attempt == 1:
                total = 0.0
                for a in range(1, width):
                    total += table[i, a - 1]
                if not math.isfinite(total):
                    continue
                if rows == 0:
                    origin = i
            rows += 1
            j = cluster[i]
            if j >= 0:
                count[j] += 1.0
            for a in range(1, width):
                value = table[i, a - 1] - table[origin, a - 1]
                means[a] += value
                if j >= 0:
                    sums[j, a] += value
                for b in range(1, a + 1):
                    within[a, b] += value * (table[i, b - 1] - table[origin, b - 1])
        total = 0.0
        for a in range(1, width):
            total += within[a, a]
        if math.isfinite(total):
            break
    for a in range(1, width):
        means[a] /= max(rows, 1)
    within[0, 0] = rows
    for j in range(len(count)):
        sums[j, 0] = count[j]
        for a in range(1, width):
            sums[j, a] -= count[j] * means[a]
    for a in range(1, width):
        for b in range(1, a + 1):
            within[a, b] -= rows * means[a] * means[b]
    sizes, many, between = work.sizes, work.many, work.between
    clusters, different = 0, 0
    for j in range(len(count)):
        if count[j] == 0.0:
            continue
        clusters += 1
        s = 0
        while s < different and sizes[s] != count[j]:
            s += 1
        if s == different:
            different += 1
            sizes[s] = count[j]
            many[s] = 0.0
            for a in range(width):
                for b in range(width):
                    between[s, a, b] = 0.0
        many[s] += 1.0
        for a in range(width):
            for b in range(a + 1):
                product = sums[j, a] * sums[j, b] / count[j]
                within[a, b] -= product
                between[s, a, b] += product / count[j]
    for a in range(width):
        for b in range(a):
            within[b, a] = within[a, b]
            for s in range(different):
                between[s, b, a] = between[s, a, b]
    return rows, clusters, different
