"""The V detector: sudden drops of alliance that are followed by recovery.

V-shapes arise from noise alone, so the rate found in noise with the same variance, the same
autocorrelation and the same numbers of sessions is always subtracted (evidence, A9).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS, RATIO, SHARE
from experiments.statistics.outcome import residual_gain
from experiments.statistics.pooling import standardised_difference
from experiments.statistics.windows import trends_taken_out, without_trends
from experiments.tables.keeping import kept_by_client, kept_by_tables, summed_over_clients

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "NoiseModel",
    "VShapes",
    "find_v_shapes",
    "noise_like",
    "v_shape_gain_d",
    "v_shape_rule_ratio",
    "v_shape_share",
    "v_shapes",
]

SESSIONS = 20
"""How many sessions of a course the detector looks at."""


@dataclass(frozen=True)
class NoiseModel:
    """A first-order autoregression plus occasion noise, in points squared.

    Attributes
    ----------
    persistence
        Correlation of the autoregressive part with itself one session later.
    state, occasion
        Variances of the two parts.
    """

    persistence: float
    state: float
    occasion: float


@dataclass(frozen=True)
class VShapes:
    """Shares of clients with at least one repaired drop.

    Attributes
    ----------
    share, null, excess
        In the data, in matched noise, and the difference.
    drops
        Drops per session at which one could happen, repaired or not, in the data.
    sd
        The pooled within-client residual SD that the rule is measured in, points.
    clients
        How many had enough sessions to be looked at.
    """

    share: float
    null: float
    excess: float
    drops: float
    sd: float
    clients: int


def find_v_shapes(
    residual: Floats, sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
) -> tuple[Booleans, Integers]:
    """Find drops and repairs in detrended courses.

    Parameters
    ----------
    residual
        Shape (clients, sessions), ``nan`` where there is no score.
    sd
        Pooled within-client standard deviation.
    rule
        A drop is a fall of at least this many `sd` from the session before.
    within, tolerance
        A drop is repaired when, within so many sessions, the score is back at no less than
        `tolerance` · `sd` below where it was before.

    Returns
    -------
    repaired, drops
        Whether each client has a repaired drop; how many drops each has.
    """
    session = np.ascontiguousarray(residual.T)
    return _found_in(session, sd, rule, within=within, tolerance=tolerance)


def _found_in(
    session: Floats, sd: float, rule: float, *, within: int = 3, tolerance: float = 0.25
) -> tuple[Booleans, Integers]:
    """Do what `find_v_shapes` does for courses of shape (sessions, clients)."""
    clients = session.shape[1]
    repaired = np.zeros(clients, dtype=bool)
    drops = np.zeros(clients, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        for s in range(1, len(session)):
            before = session[s - 1]
            dropped = session[s] <= before - rule * sd
            enough = before - tolerance * sd
            back = np.zeros(clients, dtype=bool)
            for later in session[s + 1 : s + 1 + within]:
                back |= later >= enough
            repaired |= dropped & back
            drops += dropped
    return repaired, drops


PERSISTENCES = tuple(np.arange(0.1, 0.96, 0.05).tolist())
"""Persistences that noise may have, beside none."""

LAGS = np.arange(3)

ROUNDING = 1e-20
"""Share of the squares that are fitted by which noise must fit better than one that is less persistent: all noise
fits courses of four sessions alike."""


@lru_cache(maxsize=64)
def _left_by_detrending(length: int) -> Floats:
    """Return what detrending leaves of the autocovariances of noise with variance 1, added up over a course.

    Parameters
    ----------
    length
        Sessions of the course.

    Returns
    -------
    ndarray, shape (1 + persistences, 3)
        Row 0 for independent occasions, then one for each of `PERSISTENCES`; lags 0, 1 and 2.
    """
    when = np.column_stack([np.ones(length), np.arange(length)])
    maker = np.eye(length) - when @ np.linalg.pinv(when)
    steps = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    left = [maker @ persistence**steps @ maker for persistence in (0.0, *PERSISTENCES)]
    sums = np.array([[np.trace(one, offset=lag) for lag in LAGS.tolist()] for one in left])
    sums.setflags(write=False)
    return sums


def noise_like(residual: Floats) -> NoiseModel:
    """Find the noise whose detrended courses have the same autocovariances at lags 0, 1 and 2.

    Detrending lowers autocovariances in a known way (for course length T with residual maker M
    and autocovariance Γ they become those of MΓM), so the model is fitted to what detrending
    would leave of it. Persistence is searched on a grid, the variances are least squares.
    """
    return _noise_behind(_course_sums(residual).sum(axis=0))


def _course_sums(residual: Floats) -> Floats:
    """Return what each course adds to what noise is found by.

    Returns
    -------
    ndarray, shape (clients, 6 + 1 + sessions)
        Products of scores 0, 1 and 2 sessions apart, added up; how many there are of each; 1 for a course of each
        length from 0 sessions on.
    """
    session = np.ascontiguousarray(residual.T)
    known = np.isfinite(session)
    filled = np.where(known, session, 0.0)
    sums = np.zeros((7 + len(session), session.shape[1]))
    for lag in range(min(3, len(session))):
        here, before = slice(lag, None), slice(0, len(session) - lag)
        sums[lag] = (filled[here] * filled[before]).sum(axis=0)
        sums[3 + lag] = (known[here] & known[before]).sum(axis=0)
    sums[6 + known.sum(axis=0), np.arange(session.shape[1])] = 1.0
    return np.ascontiguousarray(sums.T)


def _noise_behind(sums: Floats) -> NoiseModel:
    """Return the noise that `noise_like` finds by the sums of `_course_sums`."""
    seen = sums[:3] / np.maximum(sums[3:6], 1.0)
    lengths = sums[6:].copy()
    lengths[:4] = 0.0
    total, pairs = np.zeros((1 + len(PERSISTENCES), 3)), np.zeros(3)
    for length in np.flatnonzero(lengths).tolist():
        total += lengths[length] * _left_by_detrending(length)
        pairs += lengths[length] * (length - LAGS)
    occasion, *persistent = total / pairs
    best = NoiseModel(0.0, 0.0, float(max(seen[0] / occasion[0], 0.0)))
    least = float(((seen - best.occasion * occasion) ** 2).sum())
    for persistence, expected in zip(PERSISTENCES, persistent, strict=True):
        basis = np.column_stack([expected, occasion])
        state, rest = np.linalg.lstsq(basis, seen, rcond=None)[0]
        if rest < 0:
            state, rest = float(basis[:, 0] @ seen / (basis[:, 0] @ basis[:, 0])), 0.0
        if state <= 0:
            continue
        distance = float(((seen - basis @ np.array([state, rest])) ** 2).sum())
        if distance < least - ROUNDING * float(seen @ seen):
            best, least = NoiseModel(persistence, float(state), float(rest)), distance
    return best


def _draw(noise: NoiseModel, known: Booleans, seed: int) -> Floats:
    """Draw noise where there is a score, shape (sessions, clients) as `known`."""
    sessions, clients = known.shape
    size = sessions * clients
    draws = _normals(seed, 1 << max(2 * size - 1, 1).bit_length())[: 2 * size]
    drawn = np.ascontiguousarray(draws.reshape(2, clients, sessions).transpose(0, 2, 1))
    course, state = np.empty(known.shape), drawn[0, 0] * math.sqrt(noise.state)
    step = math.sqrt(noise.state * (1.0 - noise.persistence**2))
    for s in range(sessions):
        if s:
            state = noise.persistence * state + step * drawn[0, s]
        course[s] = state
    course += math.sqrt(noise.occasion) * drawn[1]
    course[~known] = np.nan
    return course


@lru_cache(maxsize=1)
def _normals(seed: int, count: int) -> Floats:
    """Return standard normal draws; fewer of the same seed are the first of them."""
    draws = np.random.default_rng(seed).standard_normal(count)
    draws.setflags(write=False)
    return draws


def v_shapes(
    tables: RunTables, column: str = "wai_sr_client", *, rule: float = 1.0, seed: int = 0
) -> VShapes:
    """Share of clients with a rupture-repair V, beyond what noise gives (F63, F64; A9).

    Each client's alliance is measured from the own linear trend (at least four sessions); the rule
    is in pooled standard deviations of what is left.

    Parameters
    ----------
    tables, column
        Whose scores, and which.
    rule
        Size of a drop in SD; report 1 and 2, for counts depend on it (F64).
    seed
        Of the noise that is subtracted.
    """
    sums = _sums(tables, column)
    clients = _courses_in(sums)
    if clients < 5:
        return VShapes(math.nan, math.nan, math.nan, math.nan, math.nan, clients)
    sd = _pooled_sd(sums)
    if sd <= 0:
        return VShapes(0.0, 0.0, 0.0, 0.0, 0.0, clients)
    repaired, drops = _found(tables, column, rule)
    known = np.isfinite(_courses(tables, column))
    null = trends_taken_out(_draw(_noise_behind(sums), known, seed))
    by_chance, _ = _found_in(null, sd, rule)
    share, chance = float((repaired > 0).mean()), float(by_chance.mean())
    places = int(sums[4])
    return VShapes(
        share=share,
        null=chance,
        excess=share - chance,
        drops=float(drops.sum() / places) if places else math.nan,
        sd=sd,
        clients=clients,
    )


@kept_by_client
def _detrended(tables: RunTables, column: str) -> Floats:
    """Return the courses without each client's own linear trend, shape (clients, sessions)."""
    return without_trends(tables.panel(column)[:, :SESSIONS])


@summed_over_clients
def _sums(tables: RunTables, column: str) -> Floats:
    return _course_sums(_detrended(tables, column))


def _courses_in(sums: Floats) -> int:
    """Return how many courses have any score once their trends are taken out."""
    return int(sums[7:].sum())


@kept_by_client
def _long_enough(tables: RunTables, column: str) -> Booleans:
    """Tell which clients have enough sessions for a trend to be taken out, shape (clients,)."""
    return np.asarray(np.isfinite(_detrended(tables, column)).any(axis=1))


@kept_by_tables
def _courses(tables: RunTables, column: str) -> Floats:
    """Return the courses without their trends of the clients who have enough sessions, shape (sessions, clients)."""
    chosen = _detrended(tables, column)[_long_enough(tables, column)]
    return np.ascontiguousarray(chosen.T)


@kept_by_tables
def _found(tables: RunTables, column: str, rule: float) -> Integers:
    """Return whether each client has a repaired drop, and how many drops.

    Returns
    -------
    ndarray, shape (2, clients with enough sessions)
    """
    sd = _pooled_sd(_sums(tables, column))
    return np.array(_found_in(_courses(tables, column), sd, rule), dtype=np.int64)


def _share_with_v(tables: RunTables, rule: float) -> float:
    """Return the share of clients with a V, nothing subtracted, as `v_shapes` does."""
    sums = _sums(tables, "wai_sr_client")
    if _courses_in(sums) < 5:
        return math.nan
    if _pooled_sd(sums) <= 0:
        return 0.0
    return float((_found(tables, "wai_sr_client", rule)[0] > 0).mean())


def _pooled_sd(sums: Floats) -> float:
    """Return the pooled within-client standard deviation of what is left, by the sums of `_course_sums`."""
    freedom = int(sums[3]) - 2 * _courses_in(sums)
    return math.sqrt(max(float(sums[0]), 0.0) / freedom) if freedom > 0 else 0.0


def v_shape_share(tables: RunTables, *, rule: float = 1.0) -> float:
    """Share of clients with a V beyond noise; see `v_shapes` (F63)."""
    return v_shapes(tables, rule=rule).excess


def v_shape_rule_ratio(tables: RunTables) -> float:
    """Share of clients with a V by the 1-SD rule ÷ by the 2-SD rule, nothing subtracted (F64)."""
    strict = _share_with_v(tables, 2.0)
    return _share_with_v(tables, 1.0) / strict if strict > 0 else math.nan


def v_shape_gain_d(tables: RunTables, *, rule: float = 1.0) -> float:
    """Gain of clients with a V minus gain of those without, in SD (F63).

    Only clients with at least four sessions can have one, so only those are compared.
    """
    enough = _long_enough(tables, "wai_sr_client")
    if enough.sum() < 5:
        return math.nan
    repaired = _found(tables, "wai_sr_client", rule)[0] > 0
    return standardised_difference(residual_gain(tables)[enough], repaired, tables.study[enough])


MEASURES = (
    Measure.of(v_shape_share, "V-shapes beyond noise", SHARE),
    Measure.of(v_shape_rule_ratio, "V-shapes by the weaker rule", RATIO),
    Measure.of(v_shape_gain_d, "lead of clients with a V", DEVIATIONS),
)
