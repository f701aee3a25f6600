"""The course of the alliance: growth, and the shapes single courses take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS, SHARE
from experiments.statistics.clusters import (
    UNSURE,
    Rounds,
    k_means,
    k_means_without_each,
    rounds_of_k_means,
)
from experiments.statistics.left_out import Dealt, where_sure
from experiments.statistics.measurement import slope_sums, slope_within
from experiments.statistics.outcome import residual_gain
from experiments.statistics.windows import score_at
from experiments.tables.keeping import (
    found_for_all_parts,
    kept_by_client,
    kept_by_tables,
    lacking_few,
    summed_over_clients,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "Shape",
    "Shapes",
    "alliance_change_d",
    "alliance_growth",
    "course_features",
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
    return _change_d(tables, column, first, last)


def _change_d_without_each(
    tables: RunTables, deal: Deal, column: str, first: int, last: int
) -> Sequence[float | None]:
    scores = np.array([score_at(tables, column, session) for session in (first, last)])
    moments = Dealt.of(deal, np.logical_and(*np.isfinite(scores))).moments(scores)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(moments.products[:, 0, 0] / (moments.n - 1.0))
        change = (moments.means[:, 1] - moments.means[:, 0]) / spread
    return where_sure(change, moments.sure & (moments.n >= 3))


@found_for_all_parts(_change_d_without_each)
def _change_d(tables: RunTables, column: str, first: int, last: int) -> float:
    before, after = (score_at(tables, column, session) for session in (first, last))
    both = np.isfinite(before) & np.isfinite(after)
    if both.sum() < 3:
        return math.nan
    before, after = before[both], after[both]
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
    features = features.compress(complete, axis=0)
    centres, label = _sorted(tables, column, sessions) or k_means(_standardised(features), START)
    quadratic = int(centres[:, 2].argmax())
    rest = [i for i in range(3) if i != quadratic]
    growth = max(rest, key=lambda i: float(centres[i, 1]))
    stable = next(i for i in rest if i != growth)
    gain = residual_gain(tables)[complete]
    known = np.isfinite(gain)
    size = np.bincount(label, minlength=3)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.bincount(label, column, 3) / size for column in features.T]
        gained = np.bincount(label[known], gain[known], 3) / np.bincount(label[known], minlength=3)

    def describe(group: int) -> Shape:
        if not size[group]:
            return nothing
        level, slope, curvature = (float(mean[group]) for mean in means)
        share = float(size[group] / label.size)
        return Shape(share, level, slope, curvature, float(gained[group]))

    return Shapes(*(describe(group) for group in (stable, growth, quadratic)))


START = np.array([[0.0, 0.0, -0.5], [0.0, 1.5, 0.0], [0.0, 0.0, 1.5]])


def _standardised(features: Floats) -> Floats:
    spread = features.std(axis=0)
    standard: Floats = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return standard


def _sorted(tables: RunTables, column: str, sessions: int) -> tuple[Floats, Integers] | None:
    """Return centres and groups of complete courses; None where `k_means` is to find them.

    It is for a part of other tables, and where rounding may decide for tables that lack a few.
    """
    less = lacking_few(tables)
    if less is None and tables.origin is not None:
        return None
    if less is None:
        rounds = _rounds(tables, column, sessions)
        return rounds.last, rounds.group[-1].astype(np.int64)
    every = _sorted_without_each(less.whole, column, sessions, less.deal)
    found = every[less.number] if every else None
    # Where centres are as steep or as curved as each other, rounding names the groups.
    alike = found is not None and (np.diff(np.sort(found[0][:, 1:], axis=0), axis=0) < UNSURE).any()
    return None if alike else found


@kept_by_tables
def _rounds(tables: RunTables, column: str, sessions: int) -> Rounds:
    """Return what k-means does with complete courses; it is kept, for tables that lack a few of the clients."""
    features = _features(tables, column, sessions)
    complete = np.isfinite(features[:, 0])
    return rounds_of_k_means(_standardised(features.compress(complete, axis=0)), START)


@kept_by_tables
def _sorted_without_each(
    tables: RunTables, column: str, sessions: int, deal: Deal
) -> list[tuple[Floats, Integers] | None]:
    features = _features(tables, column, sessions)
    complete = np.isfinite(features[:, 0])
    points = _standardised(features.compress(complete, axis=0))
    if not (points.std(axis=0) > 0.5).all():
        return []
    rounds = _rounds(tables, column, sessions)
    return k_means_without_each(points, deal.only(complete), START, rounds)


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
