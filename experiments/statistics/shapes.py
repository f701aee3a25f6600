"""The course of the alliance: growth, and the shapes single courses take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS, SHARE
from experiments.statistics.measurement import slope_sums, slope_within
from experiments.statistics.outcome import residual_gain
from experiments.tables.keeping import kept_by_client, kept_by_tables, summed_over_clients

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "Shape",
    "Shapes",
    "alliance_change_d",
    "alliance_growth",
    "course_features",
    "k_means",
    "trajectory_shapes",
    "u_shape_benefit",
    "u_shape_share",
]


@dataclass(frozen=True)
class Shape:
    """A group of similar courses.

    Attributes
    ----------
    share
        Of all courses looked at.
    level, slope, curvature
        Mean of the group: points, points a session, points a session squared.
    gain
        Mean standardised residual gain of its clients.
    """

    share: float
    level: float
    slope: float
    curvature: float
    gain: float


@dataclass(frozen=True)
class Shapes:
    """The three kinds of course that Kivlighan & Shaughnessy (2000) found."""

    stable: Shape
    growth: Shape
    quadratic: Shape


def alliance_growth(
    tables: RunTables, column: str = "wai_sr_client", *, sessions: tuple[int, int] = (1, 10)
) -> float:
    """Mean growth of alliance per session within clients, in SD of the score (F72).

    Slopes are taken within clients, so those who leave early do not make the rest look better.
    """
    first, last = sessions
    return slope_within(_growth_sums(tables, column, first, last))


@summed_over_clients
def _growth_sums(tables: RunTables, column: str, first: int, last: int) -> Floats:
    return slope_sums(tables.panel(column)[:, first - 1 : last])


def alliance_change_d(
    tables: RunTables, column: str = "wai_sr_client", *, first: int = 5, last: int = 10
) -> float:
    """Mean change between two sessions of the clients who held both, in SD at the first (F72)."""
    panel = tables.panel(column)
    if panel.shape[1] < last:
        return math.nan
    both = np.isfinite(panel[:, first - 1]) & np.isfinite(panel[:, last - 1])
    if both.sum() < 3:
        return math.nan
    before, after = panel[both, first - 1], panel[both, last - 1]
    spread = before.std(ddof=1)
    return float((after - before).mean() / spread) if spread > 0 else math.nan


def course_features(panel: Floats) -> Floats:
    """Level, slope and curvature of each course by least squares, shape (clients, 3).

    Parameters
    ----------
    panel
        Shape (clients, sessions), without ``nan``.
    """
    sessions = panel.shape[1]
    when = np.arange(sessions) - (sessions - 1) / 2
    square = when**2 - (when**2).mean()
    slope = panel @ when / (when**2).sum()
    curvature = panel @ square / (square**2).sum()
    return np.column_stack([panel.mean(axis=1), slope, curvature])


def k_means(points: Floats, centres: Floats, *, rounds: int = 50) -> tuple[Floats, Integers]:
    """Sort points into groups around centres that are their means (Lloyd 1982).

    Parameters
    ----------
    points
        Shape (points, features).
    centres
        Where to begin, shape (groups, features). A group without points keeps its centre.
    rounds
        How often the centres are moved at most.

    Returns
    -------
    centres, group
        The centres, and the group of each point before they were last moved. A point as near to two centres is in
        the first of their groups.
    """
    columns = np.ascontiguousarray(points.T)
    group = np.full(len(points), -1)
    for _ in range(rounds):
        distance = np.zeros((len(centres), len(points)))
        for column, centre in zip(columns, centres.T, strict=True):
            distance += (centre[:, None] - column) ** 2
        before, group = group, _first_of_least(distance)
        if np.array_equal(before, group):
            break
        size = np.bincount(group, minlength=len(centres))
        total = np.array([np.bincount(group, column, len(centres)) for column in columns]).T
        centres = np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], centres)
    return centres, group


def _first_of_least(values: Floats) -> Integers:
    """Return what ``values.argmin(axis=0)`` does; quicker for a few long rows."""
    least, place = values[0].copy(), np.zeros(values.shape[1], dtype=np.int64)
    for number, row in enumerate(values[1:], 1):
        place[row < least] = number
        np.minimum(least, row, out=least)
    return place


@kept_by_tables
def trajectory_shapes(
    tables: RunTables, column: str = "wai_sr_client", *, sessions: int = 4
) -> Shapes:
    """Sort early courses into stable, growing and U-shaped ones and compare outcomes (F61).

    k-means (k = 3) on standardised level, slope and curvature over the first sessions. The groups
    are named by their centres: the most curved is ``quadratic``, the steeper of the others
    ``growth``. Starting centres are fixed, so the result does not depend on chance.
    """
    nothing = Shape(math.nan, math.nan, math.nan, math.nan, math.nan)
    features = _features(tables, column, sessions)
    complete = np.isfinite(features[:, 0])
    if complete.sum() < 10:
        return Shapes(nothing, nothing, nothing)
    features = features[complete]
    spread = features.std(axis=0)
    standard = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    start = np.array([[0.0, 0.0, -0.5], [0.0, 1.5, 0.0], [0.0, 0.0, 1.5]])
    centres, label = k_means(standard, start)
    quadratic = int(centres[:, 2].argmax())
    rest = [i for i in range(3) if i != quadratic]
    growth = max(rest, key=lambda i: float(centres[i, 1]))
    stable = next(i for i in rest if i != growth)
    gain = residual_gain(tables)[complete]

    def describe(chosen: Booleans) -> Shape:
        if not chosen.any():
            return nothing
        level, slope, curvature = features[chosen].mean(axis=0)
        known = gain[chosen][np.isfinite(gain[chosen])]
        return Shape(
            share=float(chosen.mean()),
            level=float(level),
            slope=float(slope),
            curvature=float(curvature),
            gain=float(known.mean()) if known.size else math.nan,
        )

    return Shapes(*(describe(label == i) for i in (stable, growth, quadratic)))


@kept_by_client
def _features(tables: RunTables, column: str, sessions: int) -> Floats:
    """Return `course_features` of each client over the first sessions, ``nan`` where one is missing."""
    panel = tables.panel(column)[:, :sessions]
    features = np.full((tables.count, 3), np.nan)
    if panel.shape[1] < sessions:
        return features
    complete = np.isfinite(panel).all(axis=1)
    features[complete] = course_features(panel[complete])
    return features


def u_shape_share(tables: RunTables) -> float:
    """Share of early courses that are U-shaped; see `trajectory_shapes` (F61)."""
    return trajectory_shapes(tables).quadratic.share


def u_shape_benefit(tables: RunTables) -> float:
    """Gain of U-shaped courses minus the mean gain of the others, in SD (F61)."""
    shapes = trajectory_shapes(tables)
    others = (shapes.stable, shapes.growth)
    share = sum(shape.share for shape in others)
    if not share > 0:
        return math.nan
    return shapes.quadratic.gain - sum(s.share * s.gain for s in others) / share


MEASURES = (
    Measure.of(alliance_growth, "growth of alliance a session", DEVIATIONS),
    Measure.of(alliance_change_d, "change of alliance between two sessions", DEVIATIONS),
    Measure.of(u_shape_share, "U-shaped courses", SHARE),
    Measure.of(u_shape_benefit, "lead of U-shaped courses", DEVIATIONS),
)
