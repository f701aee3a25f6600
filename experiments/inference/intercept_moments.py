"""What small samples need to know of a random intercept, at a ratio λ of its variance to the residual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.inference.compilation import inner

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import Workspace

__all__ = ["fill_moments"]


@inner
def fill_moments(ratio: float, rows: int, clusters: int, different: int, work: Workspace) -> None:
    """Fill the moments beside the inverse and the coefficients; component 0 is that of clusters."""
    first, second = work.moments.first, work.moments.second
    trace, traces = work.moments.trace, work.moments.traces
    for a in range(first.shape[1]):
        for b in range(first.shape[1]):
            first[0, a, b] = 0.0
            second[0, 0, a, b] = 0.0
            second[0, 1, a, b] = 0.0
            first[1, a, b] = work.within[a, b]
            second[1, 1, a, b] = work.within[a, b]
    trace[0] = 0.0
    trace[1] = rows - clusters
    traces[0, 0] = 0.0
    traces[0, 1] = 0.0
    traces[1, 1] = rows - clusters
    for s in range(different):
        size, many = work.sizes[s], work.many[s]
        share = 1.0 / (1.0 + size * ratio)
        weight = size * share
        trace[0] += many * weight
        trace[1] += many * share
        traces[0, 0] += many * weight * weight
        traces[0, 1] += many * weight * share
        traces[1, 1] += many * share * share
        for a in range(first.shape[1]):
            for b in range(first.shape[1]):
                product = weight * work.between[s, a, b]
                first[0, a, b] += weight * product
                first[1, a, b] += share * product
                second[0, 0, a, b] += weight * weight * product
                second[0, 1, a, b] += weight * share * product
                second[1, 1, a, b] += share * share * product
    for a in range(first.shape[1]):
        for b in range(first.shape[1]):
            second[1, 0, a, b] = second[0, 1, a, b]
    traces[1, 0] = traces[0, 1]
