"""Statistics of tables that lack a few clients, taken from those of all, are what their definition gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from experiments.statistics.clusters import k_means, k_means_without_each, rounds_of_k_means
from experiments.statistics.drops import repaired_in
from experiments.statistics.quantiles import quantile, quantile_of_counts
from experiments.statistics.regression import cox, logistic, logistic_of_counts
from experiments.statistics.risk_sets import RiskSets, in_order_of_risk
from experiments.statistics.shapes import START, u_shape_benefit, u_shape_share
from experiments.statistics.v_detector import _courses_of, _near_found
from experiments.statistics.within_client import lagged_beta, random_slope_sd
from experiments.tables.columns import distinct
from experiments.tables.origin import Deal
from experiments.tables.run_tables import RunTables

ALLIANCE, SYMPTOM = "wai_sr_client", "core_10"


def records(seed: int, clients: int, missing: float, *, whole: bool, longest: int = 9) -> RunTables:
    """Return random records; `whole`: scores are whole numbers of which many are the same."""
    rng = np.random.default_rng(seed)
    held = rng.integers(1, longest + 1, clients)
    client = np.repeat(np.arange(clients), held)
    session = np.concatenate([np.arange(n) + 1 for n in held])
    alliance = rng.normal(40, 6, clients)[client] + rng.normal(0, 4, client.size) + 0.5 * session
    symptom = 30 - 0.4 * alliance + rng.normal(0, 3, client.size) - 0.2 * session
    scores = {ALLIANCE: alliance, SYMPTOM: symptom}
    for name, values in scores.items():
        rounded = (values / 6).round() * 6 if whole else values
        scores[name] = np.where(rng.random(client.size) < missing, np.nan, rounded)
    people = {
        "client": np.arange(clients),
        "sessions": held,
        "status": np.where(rng.random(clients) < 0.4, "dropped_out", "completed"),
    }
    return RunTables(people, {"client": client, "session": session, **scores})


def _own(panel: np.ndarray, sessions: tuple[int, int], *, detrend: bool) -> np.ndarray:
    """Return scores of a window without means of sessions and, if wanted, without each client's own trend."""
    window = panel[:, sessions[0] - 1 : sessions[1]].copy()
    for place in range(window.shape[1]):
        column = window[:, place]
        known = np.isfinite(column)
        column[:] = column - (column[known].mean() if known.any() else 0.0)
    if detrend:
        for row in window:
            known = np.isfinite(row)
            if known.sum() < 4:
                row[:] = np.nan
                continue
            when = np.flatnonzero(known)
            row[known] -= np.polyval(np.polyfit(when, row[known], 1), when)
    return window


def _pairs(tables: RunTables, lag: int, sessions: tuple[int, int], *, detrend: bool) -> list[Any]:
    """Return later effect, earlier cause and earlier effect of each client, from the means over the pairs."""
    x, y = (_own(tables.panel(name), sessions, detrend=detrend) for name in (ALLIANCE, SYMPTOM))
    found = []
    for cause, effect in zip(x, y, strict=True):
        rows = np.column_stack([effect[lag:], cause[:-lag], effect[:-lag]])
        rows = rows[np.isfinite(rows).all(axis=1)]
        if len(rows) >= 2:
            found.append(rows - rows.mean(axis=0))
    return found


def slow_beta(tables: RunTables, lag: int, sessions: tuple[int, int], *, detrend: bool) -> float:
    pairs = _pairs(tables, lag, sessions, detrend=detrend)
    if sum(map(len, pairs)) < 10:
        return math.nan
    later, *earlier = np.vstack(pairs).T
    slopes = np.linalg.lstsq(np.column_stack(earlier), later, rcond=None)[0]
    return float(slopes[0] * np.sqrt((earlier[0] ** 2).mean() / (later**2).mean()))


def slow_slope_sd(tables: RunTables, sessions: tuple[int, int]) -> float:
    pairs = _pairs(tables, 1, sessions, detrend=False)
    later, cause, own = np.vstack(pairs).T
    on_later, on_cause = own @ later / (own @ own), own @ cause / (own @ own)
    slopes, squares, left, freedom, all_x, all_later = [], [], 0.0, 0, [], []
    for rows in pairs:
        y, x = rows[:, 0] - on_later * rows[:, 2], rows[:, 1] - on_cause * rows[:, 2]
        if len(rows) < 4 or x @ x <= 1e-9:
            continue
        slopes.append(x @ y / (x @ x))
        squares.append(x @ x)
        left += float(((y - slopes[-1] * x) ** 2).sum())
        freedom += len(rows) - 2
        all_x.extend(x)
        all_later.extend(rows[:, 0])
    if len(slopes) < 3:
        return math.nan
    weight, slope = np.array(squares) / (left / freedom), np.array(slopes)
    mean = np.average(slope, weights=weight)
    q = float((weight * (slope - mean) ** 2).sum())
    variance = (q - (len(slope) - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    scale = np.sqrt(np.mean(np.square(all_x)) / np.mean(np.square(all_later)))
    return float(np.sqrt(max(variance, 0.0)) * scale)


some_records = st.builds(
    records,
    seed=st.integers(0, 2**32 - 1),
    clients=st.sampled_from([40, 65]),
    missing=st.sampled_from([0.0, 0.15]),
    whole=st.booleans(),
)


@settings(max_examples=15, deadline=None)
@given(
    tables=some_records,
    number=st.integers(0, 19),
    lag=st.sampled_from([1, 2]),
    sessions=st.sampled_from([(1, 7), (2, 9)]),
)
def test_effects_on_later_sessions_are_those_of_the_clients_who_stay(
    tables: RunTables, number: int, lag: int, sessions: tuple[int, int]
) -> None:
    part = tables.without_each(np.arange(tables.count) % 20)[number]
    for detrend in (False, True):
        found = lagged_beta(part, lag=lag, sessions=sessions, detrend=detrend)
        expected = slow_beta(part, lag, sessions, detrend=detrend)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-11, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(tables=some_records, number=st.integers(0, 19))
def test_the_spread_of_slopes_is_that_of_the_clients_who_stay(
    tables: RunTables, number: int
) -> None:
    for one in (tables, tables.without_each(np.arange(tables.count) % 20)[number]):
        expected = slow_slope_sd(one, (1, 20))
        assert random_slope_sd(one) == pytest.approx(expected, rel=1e-8, abs=1e-7, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), points=st.integers(30, 300), whole=st.booleans(), parts=st.integers(2, 20)
)  # fmt: skip
def test_groups_without_a_part_of_the_points_are_those_of_k_means(
    seed: int, points: int, whole: bool, parts: int
) -> None:
    rng = np.random.default_rng(seed)
    data = rng.normal(0, 1, (points, 3)) * rng.uniform(0.5, 2, 3)
    data = data.round() if whole else data
    if (data.std(axis=0) == 0).any():
        return
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    deal = Deal(np.arange(points) % (parts + 1) - 1, parts)
    rounds = rounds_of_k_means(data, START)
    expected = k_means(data, START)
    np.testing.assert_array_equal(rounds.group[-1], expected[1])
    np.testing.assert_array_equal(rounds.last, expected[0])
    found = k_means_without_each(data, deal, START, rounds)
    sure = 0
    for number, of_part in enumerate(found):
        stay = data[deal.of_row != number]
        if of_part is None:
            continue
        sure += 1
        centres, group = k_means((stay - stay.mean(axis=0)) / stay.std(axis=0), START)
        np.testing.assert_array_equal(of_part[1], group)
        np.testing.assert_allclose(of_part[0], centres, rtol=1e-9, atol=1e-11)
    assert whole or sure == parts


@settings(max_examples=10, deadline=None)
@example(tables=records(29580, 40, 0.0, whole=True))  # two centres are as curved as each other
@given(tables=some_records)
def test_u_shapes_without_a_few_are_those_of_tables_that_never_had_them(tables: RunTables) -> None:
    deal = np.arange(tables.count) % 20
    for number, part in enumerate(tables.without_each(deal)):
        for statistic in (u_shape_share, u_shape_benefit):
            expected = statistic(tables.only(deal != number))
            assert statistic(part) == pytest.approx(expected, rel=1e-12, nan_ok=True)


def _survivors(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (200, 2))
    return rng.integers(1, 8, 200), rng.random(200) < 1 / (1 + np.exp(-x[:, 0])), x


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_hazards_without_a_part_are_those_of_the_clients_who_stay(seed: int) -> None:
    time, event, x = _survivors(seed)
    order = in_order_of_risk(time, event)
    risk = RiskSets.of(time[order], event[order])
    start = cox(time, event, x).coefficients
    for part in range(3):
        stay = np.arange(200) % 3 != part
        found = risk.fit(x[order].T, stay[order].astype(float), start)
        expected = cox(time[stay], event[stay], x[stay])
        assert found is not None
        assert found.coefficients == pytest.approx(expected.coefficients, rel=1e-11, abs=1e-13)
        assert found.standard_errors == pytest.approx(expected.standard_errors, rel=1e-9)


def test_hazards_of_clients_of_whom_nobody_leaves_are_not_known() -> None:
    time, event, x = _survivors(1)
    order = in_order_of_risk(time, event)
    risk = RiskSets.of(time[order], event[order])
    assert risk.fit(x[order].T, (~event[order]).astype(float), (0.0, 0.0)) is None


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_logistic_regressions_of_counts_are_those_of_the_clients_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, place = distinct(rng.normal(0, 1, 200).round(1))
    event, sample = rng.random(200) < 1 / (1 + np.exp(0.4 - x[place])), np.arange(200) % 3
    counts = [
        np.array([np.bincount(place[who], minlength=x.size) for who in (sample != s, event & (sample != s))])
        for s in range(3)
    ]  # fmt: skip
    n, events = np.array(counts, dtype=float).transpose(1, 0, 2)
    found = logistic_of_counts(events, n, x, logistic(event, x[place][:, None]))
    for s, both in enumerate(found):
        expected = logistic(event[sample != s], x[place][sample != s][:, None])
        np.testing.assert_allclose(both, expected, rtol=1e-10, atol=1e-13)


def test_a_regression_on_counts_that_leads_nowhere_gives_nothing() -> None:
    """Everybody above 0 drops out and nobody below, so that the slope would be infinite."""
    n, events = np.array([[5.0, 5.0], [5.0, 5.0]]), np.array([[0.0, 5.0], [2.0, 3.0]])
    found = logistic_of_counts(events, n, np.array([-1.0, 1.0]), np.zeros(2))
    assert np.isnan(found[0]).all()
    assert found[1, 1] == pytest.approx(math.log(1.5), rel=1e-12)


@given(
    values=st.lists(st.integers(-5, 5) | st.floats(-9, 9), min_size=1, max_size=40),
    share=st.sampled_from([0.1, 0.25, 0.5, 0.9]),
)
def test_quantiles_of_counts_are_those_of_the_values_counted(
    values: list[float], share: float
) -> None:
    ascending, place = distinct(np.array(values, dtype=np.float64))
    np.testing.assert_array_equal(ascending[place], values)
    assert (np.diff(ascending) > 0).all()
    until = np.cumsum(np.bincount(place)).astype(np.float64)
    expected = np.quantile(values, share)
    assert quantile_of_counts(ascending, until, share) == expected
    assert quantile(np.array(values, dtype=np.float64), share) == expected


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), rule=st.sampled_from([1.0, 2.0]))
def test_drops_with_a_spread_near_that_of_all_are_those_found_with_it(
    seed: int, rule: float
) -> None:
    tables = records(seed, 60, 0.1, whole=seed % 2 == 0)
    near = _near_found(tables, ALLIANCE, rule)
    courses, stay = _courses_of(tables, ALLIANCE)
    for share in (0.0, 0.3, 1.0):
        sd = near.low + share * (near.high - near.low)
        repaired, drops = repaired_in(courses.left, sd, rule)
        found = near.found(stay, sd, rule)
        np.testing.assert_array_equal(found[0][courses.order], repaired)
        assert found[1] == drops.sum()
