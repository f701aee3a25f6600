"""Studies are pooled as a meta-analysis pools them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.statistics import pooling
from experiments.statistics.pooling import batch_estimate
from experiments.statistics.regression import cox, least_squares, logistic

if TYPE_CHECKING:
    from experiments.tables.run_tables import RunTables


def test_differences_between_studies_are_no_correlation_within_them():
    rng = np.random.default_rng(1)
    study = np.repeat(np.arange(50), 40)
    shift = np.repeat(np.linspace(-20, 20, 50), 40)
    x, y = rng.normal(size=2000) + shift, rng.normal(size=2000) + shift
    assert abs(pooling.pooled_correlation(x, y, study).r) < 0.06
    assert np.corrcoef(x, y)[0, 1] > 0.9


def test_correlations_by_study_are_pearsons():
    rng = np.random.default_rng(2)
    study = rng.integers(0, 5, 200)
    x = rng.normal(size=200)
    y = 0.5 * x + rng.normal(size=200)
    x[3] = np.nan
    r, n = pooling.correlations_by_study(x, y, study)
    for s in range(5):
        mine = (study == s) & np.isfinite(x)
        assert r[s] == pytest.approx(np.corrcoef(x[mine], y[mine])[0, 1])
        assert n[s] == mine.sum()


def test_random_effects_agree_with_statsmodels():
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(3)
    variances = rng.uniform(0.01, 0.05, 30)
    effects = rng.normal(0.3, np.sqrt(variances + 0.04))
    theirs = combine_effects(effects, variances, method_re="chi2")
    mean, error, tau = pooling.random_effects(effects, variances)
    assert mean == pytest.approx(theirs.mean_effect_re)
    assert tau**2 == pytest.approx(theirs.tau2)
    assert error == pytest.approx(theirs.sd_eff_w_re)


def test_pooled_correlation_finds_the_true_one_and_its_spread():
    rng = np.random.default_rng(4)
    study = np.repeat(np.arange(300), 80)
    rho = np.tanh(rng.normal(np.arctanh(0.28), 0.15, 300))[study]
    x = rng.normal(size=study.size)
    y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=study.size)
    pooled = pooling.pooled_correlation(x, y, study)
    assert pooled.r == pytest.approx(0.28, abs=0.02)
    assert pooled.tau == pytest.approx(0.15, abs=0.03)
    assert pooled.low < 0.28 < pooled.high


def test_a_pooled_correlation_is_that_of_statsmodels_on_fishers_z():
    """A study of three clients is left out: its z has no variance."""
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(8)
    sizes = np.array([4, 9, 25, 60, 3])
    study = np.repeat(np.arange(5), sizes)
    x = rng.normal(size=study.size)
    y = x * np.array([2.0, -0.5, 0.3, 1.0, 1.0])[study] + rng.normal(size=study.size)
    r = [np.corrcoef(x[study == one], y[study == one])[0, 1] for one in range(4)]
    theirs = combine_effects(np.arctanh(r), 1 / (sizes[:4] - 3), method_re="chi2", use_t=False)
    table = theirs.summary_frame().loc["random effect"]
    pooled = pooling.pooled_correlation(x, y, study)
    assert (pooled.studies, pooled.clients) == (4, 98)
    assert theirs.tau2 > 0.01
    assert pooled.tau**2 == pytest.approx(theirs.tau2)
    found = (pooled.r, pooled.low, pooled.high)
    assert found == pytest.approx(tuple(np.tanh(table[["eff", "ci_low", "ci_upp"]])), rel=1e-6)


def test_cohens_d_of_two_groups_in_two_studies():
    values = np.array([1.0, 3.0, 0.0, 2.0, 11.0, 13.0, 10.0, 12.0])
    first = np.array([True, True, False, False] * 2)
    study = np.repeat([0, 1], 4)
    # Means differ by 1 in both studies; the variance within groups is 2.
    assert pooling.standardised_difference(values, first, study) == pytest.approx(1 / np.sqrt(2))


def test_studies_weigh_by_how_well_both_their_groups_are_known():
    values = np.array([4.0, -1.0, 0.0, 1.0, 9.0, 11.0, 9.0, 11.0])
    first = np.array([True, False, False, False, True, True, False, False])
    study = np.repeat([0, 1], 4)
    # Differences of 4 and 0 with weights 1·3/4 and 2·2/4; squares within groups are 0, 2, 2, 2 with 4 degrees left.
    expected = (0.75 * 4) / 1.75 / np.sqrt(6 / 4)
    assert pooling.standardised_difference(values, first, study) == pytest.approx(expected)


def test_the_interval_of_a_simulated_value_covers_the_truth(build):
    hits, truth = 0, 3.5
    for seed in range(60):
        rng = np.random.default_rng(seed)
        tables = build(held=rng.integers(1, 7, 400), replicate=np.repeat(np.arange(20), 20))
        estimate = batch_estimate(lambda t: float(t.sessions_attended.mean()), tables)
        hits += estimate.low <= truth <= estimate.high
    assert 50 <= hits <= 60


def test_the_interval_of_a_simulated_value_is_students_over_ten_batches(build):
    from scipy import stats

    held = np.random.default_rng(9).integers(1, 7, 200)
    tables = build(held=held, replicate=np.repeat(np.arange(20), 10))
    estimate = batch_estimate(lambda t: float(t.sessions_attended.mean()), tables)
    batches = held.reshape(2, 10, 10).mean(axis=(0, 2))
    expected = stats.t.interval(0.95, 9, held.mean(), stats.sem(batches))
    assert (estimate.low, estimate.high) == pytest.approx(expected)


def test_one_study_has_a_value_but_no_interval(build):
    tables = build(held=[1, 2, 3])
    estimate = batch_estimate(lambda t: float(t.sessions_attended.mean()), tables)
    assert estimate.value == 2.0
    assert np.isnan(estimate.low)


def test_two_arms_are_cut_into_the_same_batches(build):
    held = np.random.default_rng(1).integers(1, 20, 200)
    control = build(held=held, replicate=np.repeat(np.arange(20), 10))
    treated = build(held=held + 1, replicate=np.repeat(np.arange(20), 10))

    def gap(first: RunTables, second: RunTables) -> float:
        return float(first.sessions_attended.mean() - second.sessions_attended.mean())

    estimate = batch_estimate(gap, treated, control)
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((1.0, 1.0, 1.0))


def test_least_squares_agrees_with_statsmodels_with_an_intercept_for_every_study():
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    study = rng.integers(0, 6, 300)
    a, b = rng.normal(size=(2, 300))
    y = 0.4 * a - 0.2 * b + study + rng.normal(size=300)
    a[:3] = np.nan
    known = np.isfinite(a)
    design = np.column_stack([a, b, np.eye(6)[study]])[known]
    theirs = sm.OLS(y[known], design).fit().params[:2]
    np.testing.assert_allclose(least_squares(y, (a, b), study), theirs, rtol=1e-8)


def test_logistic_regression_agrees_with_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(6)
    x = rng.normal(size=(500, 2))
    y = rng.random(500) < 1 / (1 + np.exp(1 - x @ [0.7, -0.4]))
    theirs = sm.Logit(y.astype(float), sm.add_constant(x)).fit(disp=0).params
    np.testing.assert_allclose(logistic(y, x), theirs, rtol=1e-6)


def test_logistic_regression_says_nothing_when_nobody_drops_out():
    assert np.isnan(logistic(np.zeros(20, dtype=bool), np.ones((20, 1)))).all()


def test_cox_regression_agrees_with_lifelines_under_heavy_ties():
    import pandas as pd

    lifelines = pytest.importorskip("lifelines")

    rng = np.random.default_rng(7)
    x = rng.normal(size=(600, 2))
    time = np.ceil(rng.exponential(5 * np.exp(0.5 * x[:, 0] - 0.3 * x[:, 1]))).clip(1, 12)
    event = rng.random(600) < 0.7
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "time": time, "event": event})
    theirs = lifelines.CoxPHFitter().fit(frame, "time", "event")
    ours = cox(time.astype(np.int64), event, x)
    np.testing.assert_allclose(ours.coefficients, theirs.params_.to_numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.standard_errors, theirs.standard_errors_.to_numpy(), rtol=1e-4)
