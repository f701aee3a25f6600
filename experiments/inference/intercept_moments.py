"""What small samples need to know of a random intercept, at a ratio λ of its variance to the residual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.inference.compilation import inlined

if TYPE_CHECKING:
    from experiments.inference.cluster_sums import ClusterSums
    from experiments.inference.small_samples import Moments
    from experiments.tables.columns import Floats

__all__ = ["fill_moments"]


@inlined
def fill_moments(
    rows: int, clusters: int, different: int, sums: ClusterSums, weights: Floats, moments: Moments
) -> None:
    """Fill the moments beside the inverse and the coefficients, which `solve` fills; component 0 is that of clusters.

    Parameters
    ----------
    weights
        n / (1 + nλ) of each size n, as `solve` has left them.
    """
    _, _, first, second, trace, traces = moments
    trace[0], trace[1] = 0.0, rows - clusters
    traces[0, 0], traces[0, 1], traces[1, 1] = 0.0, 0.0, rows - clusters
    for s in range(different):
        share = weights[s] / sums.sizes[s]
        trace[0] += sums.many[s] * weights[s]
        trace[1] += sums.many[s] * share
        traces[0, 0] += sums.many[s] * weights[s] * weights[s]
        traces[0, 1] += sums.many[s] * weights[s] * share
        traces[1, 1] += sums.many[s] * share * share
    traces[1, 0] = traces[0, 1]
    for a in range(first.shape[1]):
        for b in range(a + 1):
            one, two = 0.0, sums.within[a, b]
            both, mixed, neither = 0.0, 0.0, sums.within[a, b]
            for s in range(different):
                share = weights[s] / sums.sizes[s]
                product = weights[s] * sums.between[a, b, s]
                one += weights[s] * product
                two += share * product
                both += weights[s] * weights[s] * product
                mixed += weights[s] * share * product
                neither += share * share * product
            for i, j in ((a, b), (b, a)):
                first[0, i, j], first[1, i, j] = one, two
                second[0, 0, i, j], second[1, 1, i, j] = both, neither
                second[0, 1, i, j], second[1, 0, i, j] = mixed, mixed
