"""Within one client, from session to session: does alliance lead symptoms or follow them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS
from experiments.statistics.pooling import centred
from experiments.tables.keeping import kept_by_tables

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
    known = np.isfinite(panel)
    count = known.sum(axis=0)
    mean = np.where(known, panel, 0.0).sum(axis=0) / np.maximum(count, 1)
    centred_panel: Floats = panel - mean
    return centred_panel


def count_by_client(panel: Booleans) -> Integers:
    """Count what is true in each row, shape (clients,); quicker than a sum along short rows."""
    count: Integers = np.ascontiguousarray(panel.T).sum(axis=0, dtype=np.int64)
    return count


def without_trends(panel: Floats, *, least: int = 4) -> Floats:
    """Take each client's own linear trend out, shape (clients, sessions).

    Clients with fewer than `least` scores become ``nan``: a line through two or three points
    leaves nothing.
    """
    known = np.isfinite(panel)
    n = count_by_client(known)
    when = np.where(known, np.arange(panel.shape[1], dtype=np.float64), 0.0)
    score = np.where(known, panel, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = when.sum(axis=1) / n
        level = score.sum(axis=1) / n
        deviation = np.where(known, when - centre[:, None], 0.0)
        slope = (deviation * score).sum(axis=1) / (deviation**2).sum(axis=1)
    residual: Floats = (
        panel - level[:, None] - slope[:, None] * (np.arange(panel.shape[1]) - centre[:, None])
    )
    residual[n < least] = np.nan
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
    found = _slopes(later, x)
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


def _slopes(later: Floats, x: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Regress the later score on the columns of `x`, shape (pairs, 2); None where that is not defined.

    Returns
    -------
    slopes, factor, inverse
        Slopes in points on points, what each is multiplied by to be standardised, and the inverse of XᵀX.
    """
    cross = x.T @ x
    spread = np.sqrt((x**2).mean(axis=0))
    out = float(np.sqrt((later**2).mean()))
    if np.linalg.matrix_rank(cross) < 2 or out <= 0:
        return None
    inverse = np.linalg.inv(cross)
    factor: Floats = spread / out
    return inverse @ (x.T @ later), factor, np.asarray(inverse, dtype=np.float64)


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
    columns = _pairs(tables, cause, effect, lag, sessions, detrend, True)
    if columns is None:
        return math.nan
    later, earlier_cause, earlier_effect, _ = columns
    found = _slopes(later, np.column_stack([earlier_cause, earlier_effect]))
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
    x, y = centred(x, client), centred(y, client)
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

    def from_mean(panel: Floats) -> Floats:
        values = panel[known]
        total = np.bincount(client, weights=values, minlength=pairs.size)
        return values - np.repeat(total / np.maximum(pairs, 1), pairs)

    return from_mean(later), from_mean(earlier_cause), from_mean(earlier_effect), client


MEASURES = (
    Measure.of(lagged_beta, "effect on the next session, standardised", DEVIATIONS),
    Measure.of(random_slope_sd, "spread of the within-client effect", DEVIATIONS),
)
