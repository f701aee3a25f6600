"""Within one client, from session to session: does alliance lead symptoms or follow them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS
from experiments.statistics.session_pairs import (
    detrended_products,
    in_blocks,
    own_pairs,
    pair_means,
    products,
    weighted,
)
from experiments.statistics.windows import count_by_client, window, without_trends
from experiments.tables.keeping import kept_by_tables, lacking_few

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = ["MEASURES", "LaggedEffect", "lagged_beta", "lagged_effect", "random_slope_sd"]


@dataclass(frozen=True)
class LaggedEffect:
    """A standardised within-client effect of one score on another, later.

    Attributes
    ----------
    beta
        Effect of a within-client SD of the cause on the effect, in within-client SD.
    standard_error
        Of beta, clustered by client.
    autoregression
        Standardised effect of the earlier on the later score of the effect itself.
    slope
        Effect in raw points on points.
    pairs, clients
        How many pairs of sessions, of how many clients.
    """

    beta: float
    standard_error: float
    autoregression: float
    slope: float
    pairs: int
    clients: int


def lagged_effect(
    tables: RunTables,
    cause: str = "wai_sr_client",
    effect: str = "core_10",
    *,
    lag: int = 1,
    sessions: tuple[int, int] = (1, 7),
    detrend: bool = False,
    session_means: bool = True,
) -> LaggedEffect:
    """Effect of a score on another score `lag` sessions later, within clients (F53, F54, F56, F57).

    The later score is regressed on the earlier cause and the earlier effect, each measured from the
    client's own mean (within-client ordinary least squares, as in person-mean-centred multilevel
    models: Falkenström, Granström & Holmqvist 2013).

    Parameters
    ----------
    tables
        Whose sessions.
    cause, effect
        Columns of the sessions table.
    lag
        Sessions between the two.
    sessions
        First and last session that count.
    detrend
        Take each client's own linear trends out first (Whelen, Murphy & Strunk 2021).
    session_means
        Take the mean course over all clients out first.

    Notes
    -----
    In short series a lagged score measured from the own mean is biased towards 0 and below
    (Nickell 1981). The published estimates share that bias where they use the same method, so it
    is not corrected here.
    """
    columns = _pairs(tables, cause, effect, lag, sessions, detrend, session_means)
    if columns is None:
        return LaggedEffect(math.nan, math.nan, math.nan, math.nan, 0, 0)
    later, earlier_cause, earlier_effect, client = columns
    x = np.column_stack([earlier_cause, earlier_effect])
    scores = np.column_stack([later, x])
    found = _slopes(scores.T @ scores, float(later.size))
    if found is None:
        return LaggedEffect(math.nan, math.nan, math.nan, math.nan, later.size, 0)
    slopes, factor, inverse = found
    residual = later - x @ slopes
    groups = int(client.max()) + 1
    scores = np.column_stack(
        [np.bincount(client, weights=x[:, i] * residual, minlength=groups) for i in range(2)]
    )
    covariance = inverse @ (scores.T @ scores) @ inverse
    return LaggedEffect(
        beta=float(slopes[0] * factor[0]),
        standard_error=float(math.sqrt(covariance[0, 0]) * factor[0]),
        autoregression=float(slopes[1] * factor[1]),
        slope=float(slopes[0]),
        pairs=int(later.size),
        clients=int((np.bincount(client) > 0).sum()),
    )


def _slopes(products: Floats, pairs: float) -> tuple[Floats, Floats, Floats] | None:
    """Regress the later score on the two earlier ones by the products of the three; None where that is not defined.

    Returns
    -------
    slopes, factor, inverse
        Slopes in points on points, what each is multiplied by to be standardised, and the inverse of XᵀX.
    """
    cross = products[1:, 1:]
    spread = np.sqrt(np.diag(cross) / pairs)
    out = math.sqrt(max(float(products[0, 0]), 0.0) / pairs)
    if out <= 0 or _is_singular(cross):
        return None
    inverse = np.linalg.inv(cross)
    factor: Floats = spread / out
    return inverse @ products[1:, 0], factor, np.asarray(inverse, dtype=np.float64)


def _is_singular(cross: Floats) -> bool:
    """Whether a symmetric matrix of shape (2, 2) has not rank 2, by the rule of `numpy.linalg.matrix_rank`."""
    (a, b), (_, c) = cross.tolist()
    largest = (abs(a + c) + math.hypot(a - c, 2.0 * b)) / 2.0
    return not abs(a * c - b * b) > largest**2 * 2.0 * np.finfo(np.float64).eps


def lagged_beta(
    tables: RunTables,
    cause: str = "wai_sr_client",
    effect: str = "core_10",
    *,
    lag: int = 1,
    sessions: tuple[int, int] = (1, 7),
    detrend: bool = False,
) -> float:
    """Standardised effect of `lagged_effect` (F53, F54, F56, F57)."""
    if detrend:
        summed = detrended_products(tables, cause, effect, lag, sessions)
        if summed is None:
            columns = _pairs(tables, cause, effect, lag, sessions, detrend, True)
            if columns is None:
                return math.nan
            scores = np.column_stack(columns[:3])
            summed = scores.T @ scores, float(len(scores))
    else:
        summed = products(tables, cause, effect, lag, sessions)
    if summed[1] < 10:
        return math.nan
    found = _slopes(*summed)
    return math.nan if found is None else float(found[0][0] * found[1][0])


def random_slope_sd(
    tables: RunTables,
    cause: str = "wai_sr_client",
    effect: str = "core_10",
    *,
    sessions: tuple[int, int] = (1, 20),
) -> float:
    """Spread between clients of the within-client effect, standardised (F55).

    Each client's own slope has a sampling variance; what the slopes vary beyond it is estimated by
    the method of moments (DerSimonian & Laird 1986), after the autoregression was taken out.
    """
    of_few = _slope_spread_without_few(tables, cause, effect, sessions)
    if of_few is not None:
        return of_few
    columns = _pairs(tables, cause, effect, 1, sessions, False, True)
    if columns is None:
        return math.nan
    later, earlier_cause, earlier_effect, client = columns
    own = float((earlier_effect**2).sum())
    if own <= 0:
        return math.nan
    y = later - earlier_effect * float((earlier_effect * later).sum() / own)
    x = earlier_cause - earlier_effect * float((earlier_effect * earlier_cause).sum() / own)
    groups = int(client.max()) + 1
    n = np.bincount(client, minlength=groups)
    sxx = np.bincount(client, weights=x * x, minlength=groups)
    sxy = np.bincount(client, weights=x * y, minlength=groups)
    usable = (n >= 4) & (sxx > 1e-9)
    if usable.sum() < 3:
        return math.nan
    chosen = usable[client]
    slope = np.divide(sxy, sxx, out=np.zeros(groups), where=usable)
    residual = (y - slope[client] * x)[chosen]
    error = float((residual**2).sum() / (n[usable] - 2).sum())
    scale = float(np.sqrt((x[chosen] ** 2).mean() / (later[chosen] ** 2).mean()))
    return _spread_of(slope[usable], sxx[usable] / error) * scale


def _spread_of(slope: Floats, weight: Floats) -> float:
    """Return by how much slopes vary beyond their errors, whose inverse squares are the weights."""
    mean = float((weight * slope).sum() / weight.sum())
    q = float((weight * (slope - mean) ** 2).sum())
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    return math.sqrt(max((q - (slope.size - 1)) / spread, 0.0))


ALMOST_NOTHING = 1e-6
"""Share of squares below which a difference of sums says nothing: it may be all rounding."""


def _slope_spread_without_few(
    tables: RunTables, cause: str, effect: str, sessions: tuple[int, int]
) -> float | None:
    """Return `random_slope_sd` of tables that lack a few clients by the pairs of all; None where that cannot be.

    Products of a client's scores, means of sessions taken out, are those of `session_pairs.products` before they
    are added up.
    """
    less = lacking_few(tables)
    if less is None or min(sessions[1], tables.width) - sessions[0] < 1:
        return None
    whole, few = less.whole, less.lacking
    added, pairs = products(tables, cause, effect, 1, sessions)
    if pairs < 10 or not added[2, 2] > ALMOST_NOTHING * added.trace():
        return None
    on_own = added[2, :2] / added[2, 2]
    long = _long_courses(whole, cause, effect, sessions)
    stay = np.ones(whole.count, dtype=bool)
    stay[few] = False
    stay = np.flatnonzero(stay[long.clients])
    means = pair_means(tables, cause, effect, 1, sessions)
    # The later score, and the cause, less what they have of the earlier effect: as sums of the three scores.
    parts = np.array([[1.0, 0.0, -on_own[0]], [0.0, 1.0, -on_own[1]], [1.0, 0.0, 0.0]])
    yy, xx, later, xy = _client_products(long, parts, parts @ means).take(stay, axis=1)
    n = long.n[stay]
    usable = xx > 1e-9
    xx, n = xx[usable], n[usable]
    if xx.size < 3:
        return None
    slope = xy[usable] / xx
    unexplained = float((yy[usable] - slope**2 * xx).sum())
    if not unexplained > ALMOST_NOTHING * yy.sum():
        return None
    error = unexplained / (n - 2.0).sum()
    scale = math.sqrt(float(xx.sum() / later[usable].sum()))
    return _spread_of(slope, xx / error) * scale


@dataclass(frozen=True, slots=True, eq=False)
class LongCourses:
    """The clients with four or more pairs.

    Attributes
    ----------
    clients
        Which they are.
    n, there
        As of their `OwnPairs`.
    terms
        What products of their scores are made of: nine products of the three scores with each other, each score at
        each place, and whether there is a pair. Shape (9 + 4 · places, clients), `in_blocks` like the above.
    """

    clients: Integers
    n: Floats
    there: Floats
    terms: Floats


@kept_by_tables
def _long_courses(
    tables: RunTables, cause: str, effect: str, sessions: tuple[int, int]
) -> LongCourses:
    pairs = own_pairs(tables, cause, effect, 1, sessions)
    clients = np.flatnonzero(pairs.n >= 4)
    pairs = pairs.only(clients)
    own, there = pairs.own, pairs.there
    products = np.array([(one * other).sum(axis=0) for one in own for other in own])
    return LongCourses(clients, pairs.n, in_blocks(there), in_blocks(products, *own, there))


def _client_products(long: LongCourses, sums: Floats, means: Floats) -> Floats:
    """Return products of weighted sums of each client's scores, means of sessions taken out.

    Parameters
    ----------
    long
        Whose scores.
    sums
        Weights of the three scores in each of the sums, shape (sums, 3).
    means
        What comes out of each sum at each place, shape (sums, places).

    Returns
    -------
    ndarray, shape (sums + 1, clients)
        The square of each sum, and the product of the first two.
    """
    both = [*((one, one) for one in range(len(sums))), (0, 1)]
    weights = [
        np.concatenate(
            [
                np.outer(sums[i], sums[j]).ravel(),
                -(np.outer(sums[i], means[j]) + np.outer(sums[j], means[i])).ravel(),
                means[i] * means[j],
            ]
        )
        for i, j in both
    ]
    found = weighted(np.array(weights), long.terms, long.n.size)
    level = weighted(means, long.there, long.n.size)
    for place, (i, j) in enumerate(both):
        found[place] -= level[i] * level[j] / long.n
    return found


def _pairs(
    tables: RunTables,
    cause: str,
    effect: str,
    lag: int,
    sessions: tuple[int, int],
    detrend: bool,
    session_means: bool,
) -> tuple[Floats, Floats, Floats, Integers] | None:
    """Return later effect, earlier cause, earlier effect, each from the client's mean; client."""
    x = window(tables, cause, sessions, session_means=session_means)
    y = window(tables, effect, sessions, session_means=session_means)
    if x.shape[1] <= lag:
        return None
    if detrend:
        x, y = without_trends(x), without_trends(y)
    later, earlier_cause, earlier_effect = y[:, lag:], x[:, :-lag], y[:, :-lag]
    known = np.isfinite(later) & np.isfinite(earlier_cause) & np.isfinite(earlier_effect)
    pairs = count_by_client(known)
    known &= (pairs >= 2)[:, None]
    pairs[pairs < 2] = 0
    if pairs.sum() < 10:
        return None
    client = np.repeat(np.arange(pairs.size), pairs)
    place = np.flatnonzero(known)
    place += client * lag  # in rows that are longer by the lag

    def from_mean(panel: Floats, shift: int) -> Floats:
        values = panel.reshape(-1)[place + shift]
        total = np.bincount(client, weights=values, minlength=pairs.size)
        return values - (total / np.maximum(pairs, 1))[client]

    return from_mean(y, lag), from_mean(x, 0), from_mean(y, 0), client


MEASURES = (
    Measure.of(lagged_beta, "effect on the next session, standardised", DEVIATIONS),
    Measure.of(random_slope_sd, "spread of the within-client effect", DEVIATIONS),
)
