"""Within one client, from session to session: does alliance lead symptoms or follow them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS
from experiments.tables.keeping import kept_by_tables, summed_over_clients

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "LaggedEffect",
    "count_by_client",
    "lagged_beta",
    "lagged_effect",
    "random_slope_sd",
    "session_mean",
    "session_sums",
    "trends_taken_out",
    "window",
    "without_trends",
]


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


@kept_by_tables
def window(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    *,
    session_means: bool = True,
) -> Floats:
    """Scores of a window of sessions, shape (clients, sessions of the window).

    With `session_means`, the mean of each session over all clients is taken out, so that a common
    course (everybody improves) does not count as an effect of one score on another.
    """
    first, last = sessions
    panel = tables.panel(column)[:, first - 1 : last]
    if not session_means or panel.size == 0:
        return panel
    return panel - session_mean(tables, column, sessions)


def session_mean(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return the mean over all clients of each session of a window, 0 where nobody scored."""
    total, count = np.split(session_sums(tables, column, sessions), 2)
    mean: Floats = total / np.maximum(count, 1.0)
    return mean


@summed_over_clients
def session_sums(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Sums of the scores in each session of a window, and how many there are, shape (2 · sessions,)."""
    first, last = sessions
    panel = tables.panel(column)[:, first - 1 : last]
    known = np.isfinite(panel)
    return np.hstack([np.where(known, panel, 0.0), known])


def count_by_client(panel: Booleans) -> Integers:
    """Count what is true in each row, shape (clients,); quicker than a sum along short rows."""
    count: Integers = np.ascontiguousarray(panel.T).sum(axis=0, dtype=np.int64)
    return count


def without_trends(panel: Floats, *, least: int = 4) -> Floats:
    """Take each client's own linear trend out, shape (clients, sessions).

    Clients with fewer than `least` scores become ``nan``: a line through two or three points
    leaves nothing.
    """
    residual: Floats = np.ascontiguousarray(
        trends_taken_out(np.ascontiguousarray(panel.T), least=least).T
    )
    return residual


def trends_taken_out(sessions: Floats, *, least: int = 4) -> Floats:
    """Do what `without_trends` does for scores of shape (sessions, clients), which is quicker."""
    known = np.isfinite(sessions).astype(np.float64)
    scores = np.where(known > 0, sessions, 0.0)
    when = np.arange(len(sessions), dtype=np.float64)
    n, total = known.sum(axis=0), scores.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (when[:, None] * known).sum(axis=0) / n
        level = total / n
        products, squares = np.zeros((2, *n.shape))
        for session, scored_there, number in zip(scores, known, when, strict=True):
            deviation = (number - centre) * scored_there
            products += deviation * session
            squares += deviation * deviation
        slope = products / squares
    slope[n < least] = np.nan
    residual: Floats = sessions - (level - slope * centre) - slope * when[:, None]
    return residual


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
    if np.linalg.matrix_rank(cross) < 2 or out <= 0:
        return None
    inverse = np.linalg.inv(cross)
    factor: Floats = spread / out
    return inverse @ products[1:, 0], factor, np.asarray(inverse, dtype=np.float64)


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
        columns = _pairs(tables, cause, effect, lag, sessions, detrend, True)
        if columns is None:
            return math.nan
        scores = np.column_stack(columns[:3])
        products, pairs = scores.T @ scores, float(len(scores))
    else:
        products, pairs = _products(tables, cause, effect, lag, sessions)
    if pairs < 10:
        return math.nan
    found = _slopes(products, pairs)
    return math.nan if found is None else float(found[0][0] * found[1][0])


def _products(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> tuple[Floats, float]:
    """Return the products of the columns of `_pairs`, session means removed and added up, and the number of pairs.

    With a the scores of a client from the own mean over the pairs, k 1 where there is a pair, and m the means of
    sessions, which come out of the scores: Σ(a − Km)(b − Kn) = Σab − m·Σb − n·Σa + m'(diag(Σk) − Σkk'/n)n. So each
    sum is over clients alone, whatever the means are.
    """
    width = min(sessions[1], tables.width) - sessions[0] + 1 - lag
    if width < 1:
        return np.zeros((3, 3)), 0.0
    sums = _pair_sums(tables, cause, effect, lag, sessions)
    products, sums = sums[:9].reshape(3, 3), sums[9:]
    columns, sums = sums[: 3 * width].reshape(3, width), sums[3 * width :]
    there, both = sums[:width], sums[width:].reshape(width, width)
    by_cause = session_mean(tables, cause, sessions)
    by_effect = session_mean(tables, effect, sessions)
    means = np.array([by_effect[lag:], by_cause[:-lag], by_effect[:-lag]])
    # What all sessions share is in every client's own mean.
    means -= means.mean(axis=1, keepdims=True)
    crossed = means @ columns.T
    found: Floats = products - crossed - crossed.T + means @ (np.diag(there) - both) @ means.T
    return found, float(there.sum())


@summed_over_clients
def _pair_sums(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> Floats:
    """Sums for `_products`: the nine products, the three scores and the pairs in each session, kk'/n."""
    first, last = sessions
    x, y = (
        np.ascontiguousarray(tables.panel(name)[:, first - 1 : last].T) for name in (cause, effect)
    )
    scores = (y[lag:], x[:-lag], y[:-lag])
    known = np.logical_and.reduce([np.isfinite(one) for one in scores])
    known &= known.sum(axis=0) >= 2
    there = known.astype(np.float64)
    n = np.maximum(there.sum(axis=0), 1.0)
    own = []
    for one in scores:
        filled = np.where(known, one, 0.0)
        own.append((filled - filled.sum(axis=0) / n) * there)
    products = [(one * other).sum(axis=0) for one in own for other in own]
    both = [here * also / n for here in there for also in there]
    return np.ascontiguousarray(np.vstack([*products, *own, there, *both]).T)


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
    weight = sxx[usable] / error
    mean = float((weight * slope[usable]).sum() / weight.sum())
    q = float((weight * (slope[usable] - mean) ** 2).sum())
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    variance = (q - (usable.sum() - 1)) / spread
    scale = float(np.sqrt((x[chosen] ** 2).mean() / (later[chosen] ** 2).mean()))
    return math.sqrt(max(variance, 0.0)) * scale


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
