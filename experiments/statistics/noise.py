"""Noise that looks like courses of scores: an autoregression and what single occasions add."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["NoiseModel", "course_sums", "noise_behind", "noise_like", "normals"]


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
    return noise_behind(course_sums(residual).sum(axis=0))


def course_sums(residual: Floats) -> Floats:
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


def noise_behind(sums: Floats) -> NoiseModel:
    """Return the noise that `noise_like` finds by the sums of `course_sums`."""
    seen = sums[:3] / np.maximum(sums[3:6], 1.0)
    lengths = sums[6:].copy()
    lengths[:4] = 0.0
    total, pairs = np.zeros((1 + len(PERSISTENCES), 3)), np.zeros(3)
    for length in np.flatnonzero(lengths).tolist():
        total += lengths[length] * _left_by_detrending(length)
        pairs += lengths[length] * (length - LAGS)
    occasion, persistent = (total / pairs)[0], (total / pairs)[1:]
    best = NoiseModel(0.0, 0.0, float(max(seen[0] / occasion[0], 0.0)))
    least = float(((seen - best.occasion * occasion) ** 2).sum())
    both = np.stack([persistent, np.broadcast_to(occasion, persistent.shape)], axis=2)
    state, rest = (np.linalg.pinv(both) @ seen).T
    alone = (persistent @ seen) / (persistent**2).sum(axis=1)
    state, rest = np.where(rest < 0, alone, state), np.maximum(rest, 0.0)
    left = seen - state[:, None] * persistent - rest[:, None] * occasion
    distances = (left**2).sum(axis=1)
    for number in np.flatnonzero(state > 0).tolist():
        if distances[number] < least - ROUNDING * float(seen @ seen):
            least = float(distances[number])
            best = NoiseModel(PERSISTENCES[number], float(state[number]), float(rest[number]))
    return best


def normals(seed: int, courses: int, sessions: int) -> Floats:
    """Return standard normal draws, shape (sessions, courses) or with more courses.

    Draws follow each other course by course, so that fewer courses of the same seed are the first of them.
    """
    key = seed, sessions
    known = _longest.get(key)
    if known is None or known.shape[1] < courses:
        drawn = np.random.default_rng(seed).standard_normal((courses, sessions))
        known = np.ascontiguousarray(drawn.T)
        known.setflags(write=False)
        _longest.clear()
        _longest[key] = known
    return known


_longest: dict[tuple[int, int], Floats] = {}
"""The draws of the seed that was asked for last."""
