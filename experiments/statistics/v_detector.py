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
from experiments.statistics.drops import TOLERANCE, repaired_by, repaired_in
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

NEAR = 0.01
"""Share by which a standard deviation without a few clients may differ from that of all and still be near."""

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
class Courses:
    """The courses of clients with enough sessions; those who come longest stand first.

    Attributes
    ----------
    order
        Place of each client among those who have enough sessions, shape (clients,).
    left
        The scores of each session, without each own trend, ``nan`` where there is none; of the clients alone who
        have a score then or later.
    known, complete
        Who of these has one then, and whether all have.
    n, centre, square
        Of each client: how many scores there are, the mean of their sessions' numbers, and the squares around it.
    """

    order: Integers
    left: tuple[Floats, ...]
    known: tuple[Booleans, ...]
    complete: tuple[bool, ...]
    n: Floats
    centre: Floats
    square: Floats


@kept_by_tables
def _courses(tables: RunTables, column: str) -> Courses:
    long = _long_enough(tables, column)
    courses = np.ascontiguousarray(_detrended(tables, column).compress(long, axis=0).T)
    known = np.isfinite(courses)
    sessions = len(known)
    last = sessions - np.argmax(known[::-1], axis=0)
    order = np.argsort(-last, kind="stable")
    until = (last > np.arange(sessions)[:, None]).sum(axis=1).tolist()
    known = known.take(order, axis=1)
    present = tuple(there[:here] for there, here in zip(known, until, strict=True))
    when = np.arange(float(sessions))[:, None]
    n = known.sum(axis=0).astype(np.float64)
    centre = np.where(known, when, 0.0).sum(axis=0) / n
    square = (np.where(known, when - centre, 0.0) ** 2).sum(axis=0)
    return Courses(
        order,
        tuple(scores.take(order[:here]) for scores, here in zip(courses, until, strict=True)),
        present,
        tuple(bool(there.all()) for there in present),
        n,
        centre,
        square,
    )


def _share_by_chance(
    courses: Courses, stay: Booleans, noise: NoiseModel, sd: float, rule: float, seed: int
) -> float:
    """Return the share of courses with a repaired drop, if scores were noise and each own trend were taken out of it.

    Parameters
    ----------
    courses
        Where there are scores.
    stay
        Which of the clients with enough sessions count, shape (clients,).
    noise, sd, rule
        What is drawn, and what is found in it; see `repaired_in`.
    seed
        Of the draws.
    """
    # Those who do not count get the draws of another, and are left out in the end.
    first, second = np.cumsum(stay)[courses.order] - np.array([[1], [1 - stay.sum()]])
    draws = normals(seed, 2 * int(stay.sum()), len(courses.known))
    total, products = np.zeros((2, stay.size))
    occasion = math.sqrt(noise.occasion)
    step = math.sqrt(noise.state * (1.0 - noise.persistence**2))
    state = draws[0].take(first) * math.sqrt(noise.state)
    drawn = []
    for s, (there, complete) in enumerate(zip(courses.known, courses.complete, strict=True)):
        here = len(there)
        if s:
            state = noise.persistence * state[:here] + step * draws[s].take(first[:here])
        scores = state + occasion * draws[s].take(second[:here])
        filled = scores if complete else np.where(there, scores, 0.0)
        total[:here] += filled
        products[:here] += (s - courses.centre[:here]) * filled
        drawn.append(scores if complete else np.where(there, scores, np.nan))
    slope = products / courses.square
    begin = total / courses.n - slope * courses.centre
    left = [
        scores - begin[: len(scores)] - slope[: len(scores)] * s for s, scores in enumerate(drawn)
    ]
    return float(repaired_in(left, sd, rule)[0][stay[courses.order]].mean())


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
    clients = _count_in(sums)
    if clients < 5:
        return VShapes(math.nan, math.nan, math.nan, math.nan, math.nan, clients)
    sd = _pooled_sd(sums)
    if sd <= 0:
        return VShapes(0.0, 0.0, 0.0, 0.0, 0.0, clients)
    repaired, drops = _found(tables, column, rule)
    courses, stay = _courses_of(tables, column)
    chance = _share_by_chance(courses, stay, noise_behind(sums), sd, rule, seed)
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


def _count_in(sums: Floats) -> int:
    """Return how many courses have any score once their trends are taken out."""
    return int(sums[7:].sum())


@kept_by_client
def _long_enough(tables: RunTables, column: str) -> Booleans:
    """Tell which clients have enough sessions for a trend to be taken out, shape (clients,)."""
    return np.asarray(np.isfinite(_detrended(tables, column)).any(axis=1))


@kept_by_tables
def _found(tables: RunTables, column: str, rule: float) -> tuple[Booleans, int]:
    """Return whether each client with enough sessions has a repaired drop, and how many drops there are."""
    courses, stay = _courses_of(tables, column)
    sd = _pooled_sd(_sums(tables, column))
    less = lacking_few(tables)
    near = None if less is None else _near_found(less.whole, column, rule)
    if near is not None and near.low <= sd <= near.high:
        return near.found(stay, sd, rule)
    repaired, drops = np.zeros((2, stay.size), dtype=np.int64)
    repaired[courses.order], drops[courses.order] = repaired_in(courses.left, sd, rule)
    return repaired[stay].astype(bool), int(drops[stay].sum())


@dataclass(frozen=True, slots=True, eq=False)
class NearFound:
    """What is found with a standard deviation near that of all clients.

    Attributes
    ----------
    low, high
        Ends of what is near.
    repaired, drops
        Of each client with enough sessions: whether a drop is repaired, and how many drops there are.
    doubtful, left
        The clients of whom one of these depends on the standard deviation, and their scores; see `Courses.left`.
    """

    low: float
    high: float
    repaired: Booleans
    drops: Integers
    doubtful: Integers
    left: tuple[Floats, ...]

    def found(self, stay: Booleans, sd: float, rule: float) -> tuple[Booleans, int]:
        """Return what `_found` does for the clients who stay."""
        repaired, drops = self.repaired.copy(), self.drops.copy()
        repaired[self.doubtful], drops[self.doubtful] = repaired_in(self.left, sd, rule)
        return repaired[stay], int(drops[stay].sum())


@kept_by_tables
def _near_found(tables: RunTables, column: str, rule: float) -> NearFound:
    courses = _courses(tables, column)
    sd = _pooled_sd(_sums(tables, column))
    low, high = sd * (1.0 - NEAR), sd * (1.0 + NEAR)
    surely, fewest = repaired_by(courses.left, rule * high, TOLERANCE * low)
    perhaps, most = repaired_by(courses.left, rule * low, TOLERANCE * high)
    doubtful = np.flatnonzero((surely != perhaps) | (fewest != most))
    repaired, drops = surely.copy(), fewest.copy()
    repaired[courses.order], drops[courses.order] = surely, fewest
    left = tuple(scores[doubtful[doubtful < len(scores)]] for scores in courses.left)
    return NearFound(low, high, repaired, drops, courses.order[doubtful], left)


def _courses_of(tables: RunTables, column: str) -> tuple[Courses, Booleans]:
    """Return the courses of all clients with enough sessions, and which of them are of clients of these tables."""
    less = lacking_few(tables)
    if less is None:
        courses = _courses(tables, column)
        return courses, np.ones(courses.order.size, dtype=bool)
    whole, few = less.whole, less.lacking
    stay = np.ones(whole.count, dtype=bool)
    stay[few] = False
    return _courses(whole, column), stay[_long_enough(whole, column)]


def _share_with_v(tables: RunTables, rule: float) -> float:
    """Return the share of clients with a V, nothing subtracted, as `v_shapes` does."""
    sums = _sums(tables, "wai_sr_client")
    if _count_in(sums) < 5:
        return math.nan
    if _pooled_sd(sums) <= 0:
        return 0.0
    return float(_found(tables, "wai_sr_client", rule)[0].mean())


def _pooled_sd(sums: Floats) -> float:
    """Return the pooled within-client standard deviation of what is left, by the sums of `course_sums`."""
    freedom = int(sums[3]) - 2 * _count_in(sums)
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
