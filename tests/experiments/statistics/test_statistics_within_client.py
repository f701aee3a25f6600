"""Session-to-session effects within clients, on courses whose law is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.statistics import within_client


def courses(rng, n, width, effect, *, back=0.0, trend=0.0, slopes=None):
    """Two scores that influence each other one session later, around each client's own mean."""
    own = rng.normal(0, 2, (2, n))
    a, s = np.zeros((n, width)), np.zeros((n, width))
    beta = effect if slopes is None else effect + slopes
    for t in range(width):
        before_a = a[:, t - 1] if t else 0.0
        before_s = s[:, t - 1] if t else 0.0
        a[:, t] = 0.3 * before_a + back * before_s + rng.normal(size=n)
        s[:, t] = 0.3 * before_s + beta * before_a + rng.normal(size=n)
    course = trend * np.arange(width)
    return a + own[0][:, None] + course, s + own[1][:, None] - course


def tables_of(build, a, s):
    held = np.full(a.shape[0], a.shape[1])
    return build(held=held, wai_sr_client=a, core_10=s)


def test_the_lagged_effect_is_found_in_its_direction_only(build):
    rng = np.random.default_rng(1)
    tables = tables_of(build, *courses(rng, 400, 60, -0.15))
    forwards = within_client.lagged_effect(tables, sessions=(1, 60))
    backwards = within_client.lagged_effect(tables, "core_10", "wai_sr_client", sessions=(1, 60))
    assert forwards.slope == pytest.approx(-0.15, abs=0.02)
    assert forwards.beta == pytest.approx(-0.15, abs=0.02)
    assert forwards.autoregression == pytest.approx(0.29, abs=0.03)
    assert abs(backwards.beta) < 0.03


def test_stable_differences_between_clients_are_no_effect_within_them(build):
    rng = np.random.default_rng(2)
    a, s = courses(rng, 3000, 7, 0.0)
    shared = rng.normal(0, 10, (3000, 1))
    effect = within_client.lagged_effect(tables_of(build, a + shared, s - shared))
    assert abs(effect.beta) < 0.03
    assert abs(effect.beta) < 3 * effect.standard_error


def test_a_common_course_is_no_effect_either(build):
    rng = np.random.default_rng(3)
    tables = tables_of(build, *courses(rng, 2000, 7, 0.0, trend=1.0))
    assert abs(within_client.lagged_effect(tables).beta) < 0.04
    assert within_client.lagged_effect(tables, session_means=False).beta < -0.1


def test_trends_of_ones_own_go_away_when_detrended(build):
    rng = np.random.default_rng(4)
    a, s = courses(rng, 3000, 20, 0.0)
    course = rng.normal(0, 0.3, (3000, 1)) * np.arange(20)
    tables = tables_of(build, a + course, s - course)
    with_trends = within_client.lagged_beta(tables, sessions=(1, 20))
    without = within_client.lagged_beta(tables, sessions=(1, 20), detrend=True)
    assert with_trends < -0.15
    assert abs(without) < 0.02


def test_the_estimate_is_that_of_a_regression_with_a_dummy_for_every_client(build):
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    a, s = courses(rng, 25, 7, -0.3)
    tables = tables_of(build, a, s)
    a, s = a - a.mean(axis=0), s - s.mean(axis=0)
    design = np.column_stack(
        [a[:, :-1].ravel(), s[:, :-1].ravel(), np.repeat(np.eye(25), 6, axis=0)]
    )
    theirs = sm.OLS(s[:, 1:].ravel(), design).fit().params[0]
    assert within_client.lagged_effect(tables).slope == pytest.approx(theirs)


def test_lag_two_is_weaker_than_lag_one_and_still_there(build):
    rng = np.random.default_rng(6)
    tables = tables_of(build, *courses(rng, 3000, 40, -0.3))
    one = within_client.lagged_beta(tables, sessions=(1, 40))
    two = within_client.lagged_beta(tables, sessions=(1, 40), lag=2)
    assert one < two < -0.05


def test_clients_whose_slopes_differ_are_told_from_clients_whose_do_not(build):
    rng = np.random.default_rng(7)
    same = tables_of(build, *courses(rng, 1500, 30, -0.15))
    differing = tables_of(build, *courses(rng, 1500, 30, -0.15, slopes=rng.normal(0, 0.15, 1500)))
    assert within_client.random_slope_sd(same, sessions=(1, 30)) < 0.05
    assert within_client.random_slope_sd(differing, sessions=(1, 30)) == pytest.approx(
        0.15, abs=0.035
    )


def test_a_straight_course_leaves_nothing_when_detrended():
    panel = np.array([[1.0, 2, 3, 4, np.nan], [5, np.nan, 9, 11, 13], [1, 9, np.nan, np.nan, 2]])
    residual = within_client.without_trends(panel)
    np.testing.assert_allclose(residual[:2][np.isfinite(panel[:2])], 0.0, atol=1e-12)
    assert np.isnan(residual[2]).all()


def test_one_session_says_nothing(build):
    tables = build(held=[1] * 20, wai_sr_client=np.ones((20, 1)), core_10=np.ones((20, 1)))
    assert np.isnan(within_client.lagged_beta(tables))
    assert np.isnan(within_client.random_slope_sd(tables))


def test_clients_with_a_single_pair_of_sessions_do_not_count(build):
    rng = np.random.default_rng(8)
    a, s = courses(rng, 60, 7, -0.2)
    held = np.where(np.arange(60) < 40, 7, 2)
    effect = within_client.lagged_effect(build(held=held, wai_sr_client=a, core_10=s))
    assert (effect.clients, effect.pairs) == (40, 240)
