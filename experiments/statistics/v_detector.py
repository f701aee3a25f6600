"""The V detector: sudden drops of alliance that are followed by recovery.

V-shapes arise from noise alone, so the rate found in noise with the same variance, the same
autocorrelation and the same numbers of sessions is always subtracted (evidence, A9).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS, RATIO, SHARE
from experiments.statistics.drops import repaired_in
from experiments.statistics.noise import course_sums, noise_behind, normals
from experiments.statistics.outcome import residual_gain
from experiments.statistics.pooling import standardised_difference
from experiments.statistics.windows import without_trends
from experiments.tables.keeping import (
    kept_by_client,
    kept_by_tables,
    lacking_few,
    summed_over_clients,
)

if TYPE_CHECKING:
    from experiments.statistics.noise import NoiseModel
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "VShapes",
    "v_shape_gain_d",
    "v_shape_rule_ratio",
    "v_shape_share",
    "v_shapes",
]

SESSIONS = 20
"""How many sessions of a course the detector looks at."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where courses have scores; those who come longest stand first.

    Attributes
    ----------
    order
        Place of each client among those who have enough sessions, shape (clients,).
    until
        How many have a score in each session or later, shape (sessions,).
    known
        Who has one there, shape (sessions, clients).
    left
        The scores, without each own trend, shape (sessions, clients).
    n, centre, square
        Of each client: how many scores there are, the mean of their sessions' numbers, and the squares around it.
    """

    order: Integers
    until: Integers
    known: Booleans
    left: Floats
    n: Floats
    centre: Floats
    square: Floats


@kept_by_tables
def _layout(tables: RunTables, column: str) -> Layout:
    courses = np.ascontiguousarray(_detrended(tables, column)[_long_enough(tables, column)].T)
    known = np.isfinite(courses)
    sessions = len(known)
    last = sessions - np.argmax(known[::-1], axis=0)
    order = np.argsort(-last, kind="stable")
    known, left = known.take(order, axis=1), courses.take(order, axis=1)
    when = np.arange(float(sessions))[:, None]
    n = known.sum(axis=0).astype(np.float64)
    centre = np.where(known, when, 0.0).sum(axis=0) / n
    square = (np.where(known, when - centre, 0.0) ** 2).sum(axis=0)
    until = (last > np.arange(sessions)[:, None]).sum(axis=1)
    return Layout(order, until, known, left, n, centre, square)


def _share_by_chance(
    layout: Layout, stay: Booleans, noise: NoiseModel, sd: float, rule: float, seed: int
) -> float:
    """Return the share of courses with a repaired drop, if scores were noise and each own trend were taken out of it.

    Parameters
    ----------
    layout
        Where there are scores.
    stay
        Which of the clients with enough sessions count, shape (clients,).
    noise, sd, rule
        What is drawn, and what is found in it; see `find_v_shapes`.
    seed
        Of the draws.
    """
    sessions = len(layout.until)
    chosen = np.flatnonzero(stay[layout.order])
    number = (np.cumsum(stay) - 1)[layout.order[chosen]]
    size = chosen.size * sessions
    draws = normals(seed, 2 * size)
    first = number * sessions
    centre = layout.centre[chosen]
    total, products = np.zeros((2, chosen.size))
    spread, occasion = math.sqrt(noise.state), math.sqrt(noise.occasion)
    step = math.sqrt(noise.state * (1.0 - noise.persistence**2))
    state = draws.take(first) * spread
    courses = []
    for s, here in enumerate(np.searchsorted(chosen, layout.until).tolist()):
        place = first[:here]
        if s:
            state = noise.persistence * state[:here] + step * draws[s:].take(place)
        scores = state + occasion * draws[size + s :].take(place)
        there = layout.known[s].take(chosen[:here])
        filled = np.where(there, scores, 0.0)
        total[:here] += filled
        products[:here] += (s - centre[:here]) * filled
        courses.append(np.where(there, scores, np.nan))
    slope = products / layout.square[chosen]
    begin = total / layout.n[chosen] - slope * centre
    left = [
        scores - begin[: len(scores)] - slope[: len(scores)] * s for s, scores in enumerate(courses)
    ]
    return float(repaired_in(left, sd, rule)[0].mean())


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
    layout, stay = _courses(tables, column)
    chance = _share_by_chance(layout, stay, noise_behind(sums), sd, rule, seed)
    share = float(repaired.mean())
    places = int(sums[4])
    return VShapes(
        share=share,
        null=chance,
        excess=share - chance,
        drops=float(drops / places) if places else math.nan,
        sd=sd,
        clients=clients,
    )


@kept_by_client
def _detrended(tables: RunTables, column: str) -> Floats:
    """Return the courses without each client's own linear trend, shape (clients, sessions)."""
    return without_trends(tables.panel(column)[:, :SESSIONS])


@summed_over_clients
def _sums(tables: RunTables, column: str) -> Floats:
    return course_sums(_detrended(tables, column))


def _courses_in(sums: Floats) -> int:
    """Return how many courses have any score once their trends are taken out."""
    return int(sums[7:].sum())


@kept_by_client
def _long_enough(tables: RunTables, column: str) -> Booleans:
    """Tell which clients have enough sessions for a trend to be taken out, shape (clients,)."""
    return np.asarray(np.isfinite(_detrended(tables, column)).any(axis=1))


@kept_by_tables
def _found(tables: RunTables, column: str, rule: float) -> tuple[Booleans, int]:
    """Return whether each client with enough sessions has a repaired drop, and how many drops there are."""
    layout, stay = _courses(tables, column)
    chosen = np.flatnonzero(stay[layout.order])
    until = np.searchsorted(chosen, layout.until).tolist()
    courses = [scores.take(chosen[:here]) for scores, here in zip(layout.left, until, strict=True)]
    sd = _pooled_sd(_sums(tables, column))
    found, drops = repaired_in(courses, sd, rule)
    repaired = np.zeros(stay.size, dtype=bool)
    repaired[layout.order[chosen]] = found
    return repaired[stay], drops


def _courses(tables: RunTables, column: str) -> tuple[Layout, Booleans]:
    """Return the courses of all clients with enough sessions, and which of them are of clients of these tables."""
    less = lacking_few(tables)
    if less is None:
        layout = _layout(tables, column)
        return layout, np.ones(layout.order.size, dtype=bool)
    whole, few = less.whole, less.lacking
    stay = np.ones(whole.count, dtype=bool)
    stay[few] = False
    return _layout(whole, column), stay[_long_enough(whole, column)]


def _share_with_v(tables: RunTables, rule: float) -> float:
    """Return the share of clients with a V, nothing subtracted, as `v_shapes` does."""
    sums = _sums(tables, "wai_sr_client")
    if _courses_in(sums) < 5:
        return math.nan
    if _pooled_sd(sums) <= 0:
        return 0.0
    return float(_found(tables, "wai_sr_client", rule)[0].mean())


def _pooled_sd(sums: Floats) -> float:
    """Return the pooled within-client standard deviation of what is left, by the sums of `course_sums`."""
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
    repaired, _ = _found(tables, "wai_sr_client", rule)
    return standardised_difference(residual_gain(tables)[enough], repaired, tables.study[enough])


MEASURES = (
    Measure.of(v_shape_share, "V-shapes beyond noise", SHARE),
    Measure.of(v_shape_rule_ratio, "V-shapes by the weaker rule", RATIO),
    Measure.of(v_shape_gain_d, "lead of clients with a V", DEVIATIONS),
)
