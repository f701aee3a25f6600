"""Pooling over studies: correlations, standardised differences, and their uncertainty.

A meta-analysis computes an effect in each study and pools the studies. So do these functions:
the study (run and replicate) is the unit, and differences between studies never enter an effect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import from_parts, normal_quantile
from experiments.statistics.left_out import ALMOST_NOTHING, Dealt, weighted_products, where_sure
from experiments.tables.groups import added_up, counted
from experiments.tables.keeping import found_for_all_parts, kept_of_studies

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from experiments.statistics.left_out import GroupMoments, Moments
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "PooledCorrelation",
    "batch_estimate",
    "centred",
    "correlation_of",
    "correlations_by_study",
    "correlations_of_studies",
    "correlations_without_each",
    "differences_without_each",
    "group_mean",
    "pooled",
    "pooled_correlation",
    "random_effects",
    "standardised_difference",
]


@dataclass(frozen=True)
class PooledCorrelation:
    """Correlations of several studies, pooled.

    Attributes
    ----------
    r, low, high
        Pooled correlation and its 95 % confidence interval.
    tau
        Standard deviation of the true effects between studies, on Fisher's z scale.
    studies, clients
        How many of each went in.
    """

    r: float
    low: float
    high: float
    tau: float
    studies: int
    clients: int


def group_mean(values: Floats, group: Integers, groups: int) -> Floats:
    """Return the mean of each group, ``nan`` for an empty one, shape (groups,)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = added_up(values, group, groups) / counted(group, groups)
    return means


def centred(values: Floats, group: Integers) -> Floats:
    """Subtract from each value the mean of its group; every value must be finite."""
    if values.size == 0:
        return values
    groups = int(group.max()) + 1
    means = group_mean(values, group, groups)
    return values - (means if groups == 1 else means[group])


def correlations_by_study(x: Floats, y: Floats, study: Integers) -> tuple[Floats, Integers]:
    """Pearson's r within each study, and the number of clients it rests on.

    Parameters
    ----------
    x, y
        Shape (clients,); clients with a ``nan`` in either are left out.
    study
        Number of the study of each client, from 0.

    Returns
    -------
    r, n
        Shape (studies,); r is ``nan`` for fewer than four clients or no variance.
    """
    studies = int(study.max()) + 1 if study.size else 0
    known = np.isfinite(x) & np.isfinite(y)
    x, y, study = x[known], y[known], study[known]
    n = counted(study, studies)
    x, y = centred(x, study), centred(y, study)
    sxx, syy, sxy = (added_up(one, study, studies) for one in (x * x, y * y, x * y))
    usable = (n >= 4) & (sxx > 1e-12) & (syy > 1e-12)
    r = np.full(studies, np.nan)
    r[usable] = sxy[usable] / np.sqrt(sxx[usable] * syy[usable])
    return r, n


def random_effects(effects: Floats, variances: Floats) -> tuple[float, float, float]:
    """Pool effects with random-effects weights (DerSimonian & Laird 1986).

    Returns
    -------
    mean, standard_error, tau
        Pooled effect, its standard error, and the between-study standard deviation.
    """
    if effects.size == 0:
        return math.nan, math.nan, math.nan
    weights = 1.0 / variances
    total = weights.sum()
    fixed = float((weights * effects).sum() / total)
    q = float((weights * (effects - fixed) ** 2).sum())
    spread = total - (weights**2).sum() / total
    tau2 = max(0.0, (q - (effects.size - 1)) / spread) if effects.size > 1 else 0.0
    weights = 1.0 / (variances + tau2)
    mean = float((weights * effects).sum() / weights.sum())
    return mean, float(1.0 / math.sqrt(weights.sum())), math.sqrt(tau2)


def pooled_correlation(x: Floats, y: Floats, study: Integers) -> PooledCorrelation:
    """Correlate within each study, pool on Fisher's z with random-effects weights.

    Parameters
    ----------
    x, y, study
        As in `correlations_by_study`.

    Returns
    -------
    PooledCorrelation
        With ``r = nan`` when no study could be used.
    """
    return pooled(np.column_stack(correlations_by_study(x, y, study)))


def pooled(correlations: Floats) -> PooledCorrelation:
    """Pool the correlations of studies, shape (studies, 2): r, ``nan`` for a study that is left out, and clients."""
    r, n = correlations[np.isfinite(correlations[:, 0])].T
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    variance: Floats = np.asarray(1.0 / (n - 3.0), dtype=np.float64)
    mean, error, tau = random_effects(z, variance)
    reach = normal_quantile() * error
    return PooledCorrelation(
        r=math.tanh(mean),
        low=math.tanh(mean - reach),
        high=math.tanh(mean + reach),
        tau=tau,
        studies=int(r.size),
        clients=int(n.sum()),
    )


def correlation_of(
    tables: RunTables, pair: Callable[..., Floats], *given: Any
) -> PooledCorrelation:
    """Pool the correlations of two numbers of each client, as `pooled_correlation` does.

    Parameters
    ----------
    tables
        Whose numbers.
    pair
        A function that `experiments.tables.keeping.kept_by_client` keeps: from tables, and the arguments `given`, to
        both numbers, shape (clients, 2); ``nan`` in either for clients who are left out.
    """
    return _correlation(tables, pair, given)


def _without_each(
    tables: RunTables, deal: Deal, pair: Callable[..., Floats], given: tuple[Any, ...]
) -> Sequence[PooledCorrelation | None]:
    if tables.studies != 1:
        return ()
    numbers = np.ascontiguousarray(pair(tables, *given).T)
    moments = Dealt.of(deal, np.logical_and(*np.isfinite(numbers))).moments(numbers)
    one, other = np.eye(2)[:, None].repeat(deal.parts, axis=1)
    return correlations_without_each(moments, one, other)


@found_for_all_parts(_without_each)
def _correlation(
    tables: RunTables, pair: Callable[..., Floats], given: tuple[Any, ...]
) -> PooledCorrelation:
    return pooled(correlations_of_studies(tables, pair, given))


@kept_of_studies
def correlations_of_studies(
    tables: RunTables, pair: Callable[..., Floats], given: tuple[Any, ...]
) -> Floats:
    """Return what `pooled` takes, for a function as of `correlation_of`; its numbers may depend on the study, too."""
    one, other = np.ascontiguousarray(pair(tables, *given).T)
    return np.column_stack(correlations_by_study(one, other, tables.study))


def correlations_without_each(
    moments: Moments, one: Floats, other: Floats
) -> list[PooledCorrelation | None]:
    """Return the correlation of two weighted sums of columns in one study, without each part of its clients.

    Parameters
    ----------
    moments
        Of the columns.
    one, other
        Weights of the columns, shape (parts, columns).

    Returns
    -------
    list
        As from `pooled_correlation`; None where it may be all rounding.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        xx, yy, xy = moments.of(one, one), moments.of(other, other), moments.of(one, other)
        most = np.diagonal(moments.products, axis1=1, axis2=2)
        sure = moments.sure & (moments.n >= 4) & (np.minimum(xx, yy) > 1e-9)
        for square, weights in ((xx, one), (yy, other)):
            sure &= square > ALMOST_NOTHING * (weights**2 * most).max(axis=1)
        z = np.arctanh(np.clip(xy / np.sqrt(xx * yy), -0.999999, 0.999999))
        reach = normal_quantile() / np.sqrt(moments.n - 3.0)
        r, low, high = np.tanh([z, z - reach, z + reach]).tolist()
    return [
        PooledCorrelation(r[part], low[part], high[part], 0.0, 1, int(moments.n[part]))
        if sure[part]
        else None
        for part in range(sure.size)
    ]


def standardised_difference(values: Floats, first: Booleans, study: Integers) -> float:
    """Cohen's d between two groups of clients, over studies.

    The differences of means within the studies, weighted by n1·n2/(n1+n2), divided by the pooled
    standard deviation within groups within studies.

    Parameters
    ----------
    values
        Shape (clients,); ``nan`` is left out.
    first
        Who belongs to the first group; d is first minus second.
    study
        Number of the study of each client.
    """
    known = np.isfinite(values)
    values, first, study = values[known], first[known], study[known]
    if values.size == 0:
        return math.nan
    studies = int(study.max()) + 1
    cell = study * 2 + first
    n = np.bincount(cell, minlength=2 * studies).reshape(studies, 2)
    both: Booleans = np.asarray((n > 0).all(axis=1))
    if not both.any():
        return math.nan
    means = group_mean(values, cell, 2 * studies)
    within = ((values - means[cell]) ** 2)[both[study]].sum()
    freedom = int(n[both].sum() - 2 * both.sum())
    if freedom <= 0 or within <= 0:
        return math.nan
    difference = means.reshape(studies, 2)[both]
    weight = n[both, 0] * n[both, 1] / n[both].sum(axis=1)
    mean = (weight * (difference[:, 1] - difference[:, 0])).sum() / weight.sum()
    return float(mean / math.sqrt(within / freedom))


def differences_without_each(moments: GroupMoments, weights: Floats) -> list[float | None]:
    """Return `standardised_difference` of a weighted sum of columns in one study, without each part of its clients.

    Parameters
    ----------
    moments
        Of the columns in two groups; the difference is the second less the first.
    weights
        Of the columns, shape (parts, columns).

    Returns
    -------
    list
        None where it may be all rounding.
    """
    apart = moments.means[:, :, 1] - moments.means[:, :, 0]
    within, between = (
        weighted_products(products, weights, weights)
        for products in (moments.within, moments.between)
    )
    freedom = moments.n.sum(axis=1) - 2.0
    with np.errstate(invalid="ignore", divide="ignore"):
        sure = moments.sure & (moments.n > 0).all(axis=1) & (freedom > 0)
        sure &= within > ALMOST_NOTHING * between
        found = (weights * apart).sum(axis=1) / np.sqrt(within / freedom)
    return where_sure(found, sure)


def batch_estimate(
    statistic: Callable[..., float], *arms: RunTables, batches: int = 10
) -> Estimate:
    """Compute a statistic on all studies and how sure a finite number of studies makes it.

    The studies are dealt into batches, the statistic is computed in each, and the spread of the
    batches gives the interval (`experiments.quantities.intervals.from_parts`).

    Parameters
    ----------
    statistic
        A function of one table, or of two for a contrast between arms.
    arms
        The tables it is computed on; two arms are cut into the same batches, so that common
        random numbers keep their use.
    batches
        How many; fewer where there are fewer studies, and no interval (``nan``) below two.
    """
    value = statistic(*arms)
    batches = min(batches, *(tables.studies for tables in arms))
    if batches < 2:
        return Estimate(value)
    dealt = zip(*(tables.batches(batches) for tables in arms), strict=True)
    return from_parts(value, [statistic(*batch) for batch in dealt])
