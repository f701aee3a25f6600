"""How instruments behave, on scores whose reliability, level and bias were chosen."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.statistics import measurement


def wide(build, **panels):
    first = next(iter(panels.values()))
    return build(held=np.full(first.shape[0], first.shape[1]), **panels)


def test_generalizability_is_the_share_between_clients(build):
    rng = np.random.default_rng(1)
    true = np.sqrt(0.77) * rng.normal(size=(4000, 1))
    panel = true + np.sqrt(0.23) * rng.normal(size=(4000, 8))
    tables = wide(build, wai_sr_client=panel + np.linspace(0, 3, 8))
    assert measurement.generalizability(tables) == pytest.approx(0.77, abs=0.015)
    assert measurement.sessions_for_generalizability(tables) == pytest.approx(1.19, abs=0.1)
    assert measurement.sessions_for_generalizability(tables, wanted=0.9) == pytest.approx(
        9 * 0.23 / 0.77, abs=0.2
    )


def test_generalizability_agrees_with_a_mixed_model_when_clients_leave(build):
    import pandas as pd
    import statsmodels.formula.api as smf

    rng = np.random.default_rng(2)
    panel = 2 * rng.normal(size=(150, 1)) + 1.5 * rng.normal(size=(150, 8))
    held = rng.integers(3, 9, 150)
    tables = build(held=held, wai_sr_client=panel)
    client, session = np.nonzero((np.arange(8) >= 2) & (np.arange(8) < held[:, None]))
    frame = pd.DataFrame({"y": panel[client, session], "client": client, "session": session})
    fit = smf.mixedlm("y ~ C(session)", frame, groups=frame["client"]).fit(reml=True)
    between = float(fit.cov_re.iloc[0, 0])
    assert measurement.generalizability(tables) == pytest.approx(
        between / (between + fit.scale), abs=0.02
    )


def test_raters_agree_as_much_as_they_share(build):
    rng = np.random.default_rng(3)
    shared, own, other = rng.normal(size=(3, 8000, 1))
    client = 47 + 5 * (0.6 * shared + 0.8 * own) + np.zeros((1, 3))
    therapist = 43.85 + 5 * (0.6 * shared + 0.8 * other) + np.zeros((1, 3))
    tables = wide(build, wai_sr_client=client, wai_sr_therapist=therapist)
    assert measurement.rater_agreement_r(tables) == pytest.approx(0.36, abs=0.03)
    assert measurement.rater_agreement_d(tables) == pytest.approx(0.63, abs=0.03)
    assert np.isnan(measurement.rater_agreement_r(tables, session=4))


def test_ratings_that_approach_each_other_converge(build):
    rng = np.random.default_rng(4)
    client = 50 + rng.normal(0, 1, (500, 10))
    apart = client - np.linspace(10, 2, 10)
    tables = wide(build, wai_sr_client=client, wai_sr_therapist=apart)
    assert measurement.agreement_convergence(tables) < -0.3
    away = wide(build, wai_sr_client=client, wai_sr_therapist=client - np.linspace(2, 10, 10))
    assert measurement.agreement_convergence(away) > 0.3


def test_clients_who_leave_do_not_make_ratings_converge(build):
    client = np.full((400, 10), 50.0)
    therapist = client - np.repeat(np.linspace(1, 20, 400)[:, None], 10, axis=1)
    held = np.where(np.arange(400) >= 200, 2, 10)
    tables = build(held=held, wai_sr_client=client, wai_sr_therapist=therapist)
    assert measurement.agreement_convergence(tables) == pytest.approx(0.0, abs=1e-12)


def test_three_equal_subscales_are_perfectly_consistent_and_unrelated_ones_not_at_all(build):
    rng = np.random.default_rng(5)
    names = ("wai_sr_client_bond", "wai_sr_client_task", "wai_sr_client_goal")
    one = rng.normal(14, 2, (5000, 3))
    same = wide(build, **dict.fromkeys(names, one))
    assert measurement.subscale_alpha(same) == pytest.approx(1.0)
    parallel = wide(build, **{name: one + rng.normal(0, 2, one.shape) for name in names})
    assert measurement.subscale_alpha(parallel) == pytest.approx(0.75, abs=0.02)
    apart = wide(build, **{name: rng.normal(14, 2, (5000, 3)) for name in names})
    assert measurement.subscale_alpha(apart) == pytest.approx(0.0, abs=0.06)


def test_ceiling_level_spread_and_skew_of_known_scores(build):
    third = np.array([60.0, 58.0, 57.0, 48.0, 12.0])
    first = np.array([60.0, 40.0, 40.0, 40.0, 40.0])
    panel = np.column_stack([first, third, third])
    tables = wide(build, wai_sr_client=panel)
    assert measurement.ceiling_share(tables) == pytest.approx(2 / 5)
    assert measurement.level_fraction(tables) == pytest.approx((third.mean() - 12) / 48)
    assert measurement.score_sd(tables) == pytest.approx(third.std(ddof=1))
    from scipy.stats import skew

    assert measurement.skewness(tables) == pytest.approx(skew(third))
    assert measurement.ceiling_change(tables, sessions=3) == pytest.approx(1 / 5)


def test_empathy_has_its_own_range(build):
    tables = wide(build, blri_empathy=np.array([[0.0] * 3, [24.0] * 3]))
    assert measurement.level_fraction(tables, "blri_empathy") == pytest.approx(60 / 96)


def test_clients_who_flatter_report_more_than_they_feel(build):
    felt = np.full((10, 4), 0.5)
    tables = wide(build, wai_sr_client=12 + 48 * (felt + 0.1), alliance=felt)
    assert measurement.reported_minus_felt(tables) == pytest.approx(0.1)


def test_satisfaction_goes_with_what_it_was_made_from(build):
    rng = np.random.default_rng(6)
    n = 6000
    alliance, relief = rng.normal(size=(2, n))
    held = rng.integers(1, 6, n)
    csq = 27 + 0.6 * alliance + 0.35 * relief + np.sqrt(1 - 0.36 - 0.1225) * rng.normal(size=n)
    wai = np.repeat(alliance[:, None], 6, axis=1)
    wai[np.arange(n), held] = 99
    tables = build(
        held=held,
        clients={"csq_8_last": csq, "core_10_intake": 20.0, "core_10_last": 20 - relief},
        wai_sr_client=wai,
    )
    assert measurement.satisfaction_alliance_r(tables) == pytest.approx(0.6, abs=0.03)
    assert measurement.satisfaction_gain_r(tables) == pytest.approx(0.35, abs=0.04)
    assert measurement.satisfaction_sessions_r(tables) == pytest.approx(0.0, abs=0.04)
    assert measurement.satisfaction_mean(tables) == pytest.approx(27, abs=0.05)


def test_satisfaction_of_the_first_weeks_goes_with_the_sessions_of_those_weeks(build):
    """Of six clients some come every week, some every other and one seldom; four weeks are weeks 0 to 3."""
    week = np.arange(8) * np.array([1, 2, 1, 3, 2, 5])[:, None]
    satisfied = np.random.default_rng(7).normal(26, 3, (6, 8))
    tables = build(held=[8] * 6, week=week, csq_8=satisfied)
    sessions = np.array([4, 2, 4, 2, 2, 1])
    then = satisfied[np.arange(6), sessions - 1]
    expected = np.corrcoef(sessions, then)[0, 1]
    assert measurement.satisfaction_sessions_r(tables, weeks=4) == pytest.approx(expected)
