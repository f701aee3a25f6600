"""Intervals are those that scipy, statsmodels and lifelines compute, and none is narrower than it may be."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import experiments
from experiments.quantities.estimate import Estimate, Estimates
from experiments.quantities.intervals import (
    difference_of_shares,
    from_parts,
    mean_of,
    means_from_variance,
    means_of_stretches,
    normal_quantile,
    share_of,
    shares_of,
    survival_interval,
    t_interval,
    t_quantile,
)

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30)


@given(VALUES)
def test_the_interval_of_a_mean_is_students(values) -> None:
    found = mean_of(values)
    error = stats.sem(values)
    low, high = found.value, found.value
    if error > 0:
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), error)
    assert (found.value, found.low, found.high) == pytest.approx(
        (np.mean(values), low, high), rel=1e-9, abs=1e-9
    )


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_means_of_stretches_are_the_means_of_each(stretches) -> None:
    counts = np.array([len(one) for one in stretches])
    found, deviation = means_of_stretches(
        np.concatenate(stretches), np.cumsum(counts) - counts, counts
    )
    assert len(found) == len(stretches)
    for place, values in enumerate(stretches):
        one, expected = found[place], mean_of(values)
        assert (one.value, one.low, one.high) == pytest.approx(
            (expected.value, expected.low, expected.high), rel=1e-7, abs=1e-7
        )
        assert deviation[place] == pytest.approx(np.std(values, ddof=1), rel=1e-7, abs=1e-7)


@given(VALUES)
def test_a_mean_from_its_variance_is_the_mean_of_the_values(values) -> None:
    moments = (np.array([f(values)]) for f in (np.mean, lambda x: np.var(x, ddof=1), len))
    found, expected = means_from_variance(*moments)[0], mean_of(values)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@given(st.integers(1, 500), st.data())
def test_the_interval_of_a_share_is_wilsons(whole, data) -> None:
    part = data.draw(st.integers(0, whole))
    found = share_of(part, whole)
    low, high = proportion_confint(part, whole, method="wilson")
    assert (found.value, found.low, found.high) == pytest.approx(
        (part / whole, max(low, 0.0), min(high, 1.0)), abs=1e-12
    )
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0


@pytest.mark.parametrize("part", [0, 20])
def test_a_share_of_none_or_of_all_is_not_certain(part: int) -> None:
    assert share_of(part, 20).width > 0.1


def test_a_share_of_nobody_is_not_known() -> None:
    found = shares_of([0, 1], [0, 2])
    assert math.isnan(found[0].value)
    assert not found[0].bounded
    assert found[1].bounded


@pytest.mark.parametrize("values", [[], [3.0], [3.0, math.nan]])
def test_fewer_than_two_values_have_no_interval(values: list[float]) -> None:
    found = mean_of(values)
    assert not found.bounded
    assert math.isnan(found.value) == (not values)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_the_interval_of_a_difference_of_shares_is_newcombes(n, m, data) -> None:
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    found = difference_of_shares(share_of(a, n), share_of(b, m))
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", correction=False)
    assert (found.value, found.low, found.high) == pytest.approx(
        (a / n - b / m, low, high), abs=1e-9
    )


def test_the_interval_of_a_survival_curve_is_that_of_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(1)
    time, event = rng.integers(1, 13, 80), rng.random(80) < 0.6
    fitted = lifelines.KaplanMeierFitter().fit(time, event, timeline=np.arange(1, 13))
    events = np.bincount(time[event], minlength=13)[1:]
    at_risk = np.array([(time >= one).sum() for one in range(1, 13)])
    staying = np.cumprod(1 - events / at_risk)
    found = survival_interval(staying, events, at_risk)
    theirs = fitted.confidence_interval_.to_numpy()
    inside = (staying > 0) & (staying < 1)
    assert inside.sum() > 8
    np.testing.assert_allclose(np.column_stack([found.low, found.high])[inside], theirs[inside])


def test_what_is_not_defined_in_a_part_is_left_out() -> None:
    assert from_parts(2.0, [1.0, math.nan, 3.0]) == from_parts(2.0, [1.0, 3.0])


def test_an_interval_lies_around_the_whole_and_not_around_its_parts() -> None:
    found = from_parts(5.0, [1.0, 2.0, 3.0])
    assert (found.low + found.high) / 2 == pytest.approx(5.0)


def test_quantiles_are_those_of_the_tables() -> None:
    assert normal_quantile() == pytest.approx(stats.norm.ppf(0.975), rel=1e-14)
    assert normal_quantile(0.9) == pytest.approx(stats.norm.ppf(0.95))
    for freedom in (*range(1, 22), 9.5):
        # SciPy 1.15 has eleven digits of these.
        assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-10)
    assert t_quantile(1) == pytest.approx(np.tan(np.pi * 0.475), rel=1e-14)
    assert t_quantile(2) == pytest.approx(0.95 * np.sqrt(2 / (4 * 0.975 * 0.025)), rel=1e-14)
    assert t_quantile(4, 0.99) == pytest.approx(stats.t.ppf(0.995, 4))


def test_without_a_degree_of_freedom_there_is_no_interval() -> None:
    assert not t_interval(1.0, 0.5, 0).bounded


def test_another_unit_turns_an_interval_round_where_it_must() -> None:
    assert Estimate(1.0, 0.0, 3.0).times(-2.0) == Estimate(-2.0, -6.0, 0.0)
    assert Estimate(1.0, 0.0, 3.0).times(100.0) == Estimate(100.0, 0.0, 300.0)


def test_an_interval_ends_where_values_end() -> None:
    assert Estimate(1.0, -3.0, 41.5).within(0.0, 40.0) == Estimate(1.0, 0.0, 40.0)
    assert not Estimate(1.0).within(0.0, 40.0).bounded
    found = Estimates.of([Estimate(1.0, -3.0, 41.5), Estimate(20.0)]).within(0.0, 40.0)
    assert found[0] == Estimate(1.0, 0.0, 40.0)
    assert not found[1].bounded


def test_an_estimate_is_clear_when_its_interval_leaves_nothing_out() -> None:
    assert Estimate(2.0, 1.0, 3.0).clear
    assert Estimate(-2.0, -3.0, -1.0).clear
    assert not Estimate(2.0, -1.0, 5.0).clear
    assert not Estimate(2.0).clear


def test_no_other_module_computes_an_interval() -> None:
    house = Path(experiments.__file__).parents[1]
    found = []
    for module in (*house.glob("experiments/**/*.py"), *house.glob("dashboards/**/*.py")):
        if module.name == "intervals.py":
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            name = getattr(node, "name", None) or getattr(node, "attr", None)
            if name in {"stdtrit", "ndtri", "ppf"}:
                found.append(f"{module.name}: {name}")
    assert not found
