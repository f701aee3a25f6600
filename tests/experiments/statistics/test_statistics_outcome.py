"""How much better clients got, on scores whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.statistics import alliance_outcome, outcome
from experiments.statistics.attendance import noncompletion_cost, session_gain_slope


def scores(build, intake, panel, held, **options):
    panel, held = np.asarray(panel, dtype=float), np.asarray(held)
    last = panel[np.arange(held.size), np.maximum(held - 1, 0)]
    return build(
        held=held,
        clients={"core_10_intake": intake, "core_10_last": last, **options.pop("clients", {})},
        core_10=panel,
        **options,
    )


def test_residual_gain_is_the_turned_standardised_residual(build):
    rng = np.random.default_rng(1)
    intake, noise = rng.normal(20, 5, 80), rng.normal(0, 3, 80)
    last = 0.5 * intake + noise
    tables = scores(build, intake, last[:, None], np.ones(80, dtype=int))
    slope, start = np.polyfit(intake, last, 1)
    residual = last - slope * intake - start
    expected = -residual / np.sqrt((residual**2).sum() / 78)
    np.testing.assert_allclose(outcome.residual_gain(tables), expected, atol=1e-9)


def test_residual_gain_is_taken_within_each_study(build):
    rng = np.random.default_rng(2)
    replicate = np.repeat([0, 1], 60)
    intake = rng.normal(20, 5, 120)
    last = intake + rng.normal(0, 3, 120) - 10 * replicate
    gain = outcome.residual_gain(
        scores(build, intake, last[:, None], np.ones(120, dtype=int), replicate=replicate)
    )
    assert abs(gain[:60].mean()) < 1e-9
    assert abs(gain[60:].mean()) < 1e-9


def test_less_distress_at_the_end_is_a_positive_gain(build):
    tables = scores(build, [20.0] * 4, [[10.0], [30.0], [19.0], [22.0]], [1, 1, 1, 1])
    gain = outcome.residual_gain(tables)
    assert gain[0] > 0 > gain[1]


def test_pre_post_effect_size_of_everybody_who_started(build):
    intake = np.array([10.0, 20.0, 30.0, 99.0])
    last = intake - 5
    tables = scores(
        build,
        intake,
        last[:, None],
        [1, 1, 1, 0],
        status=["completed", "dropped_out", "completed", "never_started"],
    )
    assert outcome.pre_post_d(tables) == pytest.approx(0.5)


def test_differences_between_studies_are_no_spread_at_intake(build):
    intake = np.array([10.0, 20.0, 30.0, 50.0, 60.0, 70.0])
    tables = scores(build, intake, (intake - 5)[:, None], [1] * 6, replicate=np.repeat([0, 1], 3))
    # Squares around the means of the studies are 200 each, with 6 - 2 degrees of freedom.
    assert outcome.pre_post_d(tables) == pytest.approx(5 / np.sqrt(400 / 4))


def test_kinds_of_change_are_those_of_jacobson_and_truax(build):
    intake = np.array([20.0, 20.0, 20.0, 20.0, 8.0])
    last = np.array([10.0, 14.0, 16.0, 26.0, 2.0])
    tables = scores(build, intake, last[:, None], [1] * 5)
    rates = outcome.change_rates(tables)
    assert rates.recovered == pytest.approx(1 / 4)
    assert rates.improved == pytest.approx(3 / 5)
    assert rates.unchanged == pytest.approx(1 / 5)
    assert rates.deteriorated == pytest.approx(1 / 5)


def test_the_english_service_counts_every_crossing_of_the_cut_off(build):
    tables = scores(build, [12.0, 20.0], [[10.0], [19.0]], [1, 1])
    assert outcome.recovery_rate(tables) == 0.0
    assert outcome.recovery_rate(tables, reliable=False) == 0.5


def test_completers_can_look_better_than_all_starters(build):
    tables = scores(
        build, [20.0, 20.0], [[10.0], [20.0]], [1, 1], status=["completed", "dropped_out"]
    )
    assert outcome.improvement_rate(tables) == 0.5
    assert outcome.improvement_rate(tables, who="completers") == 1.0


def test_dose_response_carries_the_last_score_of_leavers_forward(build):
    panel = [[14, 9, 30], [19, 12, 12], [20, 20, 10]]
    tables = scores(build, [20.0] * 3, panel, [1, 2, 3])
    np.testing.assert_allclose(outcome.dose_response_curve(tables), [0, 1 / 3, 2 / 3, 1.0])
    assert outcome.reliably_improved_by_session(tables, session=2) == pytest.approx(2 / 3)


def test_improvement_that_comes_early_is_concave_and_evenly_is_not(build):
    even = 20.0 - np.tile([0.0] * 8, (8, 1))
    for i in range(8):
        even[i, i:] = 10.0
    early = even.copy()
    early[:6, 1:] = 10.0
    held = [8] * 8
    assert outcome.dose_response_concavity(scores(build, [20.0] * 8, even, held)) == 0.0
    assert outcome.dose_response_concavity(scores(build, [20.0] * 8, early, held)) > 0.2


def test_median_sessions_to_recovery_agrees_with_lifelines(build):
    lifelines = pytest.importorskip("lifelines")

    rng = np.random.default_rng(3)
    held = rng.integers(1, 16, 400)
    when = rng.integers(1, 20, 400)
    panel = np.where(np.arange(1, 16) >= when[:, None], 5.0, 20.0)
    tables = scores(build, [22.0] * 400, panel, held)
    recovered = when <= held
    fitted = lifelines.KaplanMeierFitter().fit(np.where(recovered, when, held), recovered)
    assert outcome.median_sessions_to_recovery(tables) == fitted.median_survival_time_


def test_a_recovery_nobody_reaches_takes_for_ever(build):
    tables = scores(build, [22.0] * 5, np.full((5, 4), 22.0), [4] * 5)
    assert outcome.median_sessions_to_recovery(tables) == np.inf


def test_strict_recovery_must_last(build):
    panel = [[5, 5, 5], [5, 20, 20], [20, 20, 5]]
    tables = scores(build, [22.0] * 3, panel, [3, 3, 3])
    assert outcome.recovered_by_session(tables, session=2) == pytest.approx(1 / 3)
    assert outcome.recovered_by_session(tables, session=2, lasting=False) == pytest.approx(2 / 3)


def test_who_left_recovered_counts_as_lastingly_recovered(build):
    panel = [[20, 5, 0, 0], [20, 20, 20, 20], [20, 5, 20, 0]]
    tables = scores(build, [22.0] * 3, panel, [2, 4, 3])
    assert outcome.recovered_by_session(tables, session=2) == pytest.approx(1 / 3)


def test_without_an_intake_column_the_first_session_counts(build):
    tables = build(held=[2, 2], core_10=np.array([[20.0, 10.0], [30.0, 31.0]]))
    np.testing.assert_array_equal(outcome.intake_score(tables), [20.0, 30.0])
    np.testing.assert_array_equal(outcome.last_score(tables), [10.0, 31.0])


def test_alliance_outcome_finds_the_correlation_that_was_put_in(build):
    rng = np.random.default_rng(4)
    n = 20_000
    alliance, rest = rng.normal(size=(2, n))
    gain = 0.28 * alliance + np.sqrt(1 - 0.28**2) * rest
    intake = rng.normal(20, 5, n)
    panel = np.repeat((0.6 * intake - 4 * gain)[:, None], 5, axis=1)
    wai = np.repeat((45 + 5 * alliance)[:, None], 5, axis=1)
    tables = scores(
        build, intake, panel, [5] * n, replicate=np.repeat(np.arange(200), 100), wai_sr_client=wai
    )
    assert alliance_outcome.process_outcome_r(tables) == pytest.approx(0.28, abs=0.02)


def test_only_sessions_three_to_five_count_as_early_alliance(build):
    panel = np.array([[1.0, 1, 10, 20, 30, 99], [5, 6, 0, 0, 0, 0]])
    tables = build(held=[6, 2], wai_sr_client=panel)
    np.testing.assert_array_equal(
        alliance_outcome.early_mean(tables, "wai_sr_client"), [20.0, np.nan]
    )
    np.testing.assert_array_equal(
        alliance_outcome.early_mean(tables, "wai_sr_client", otherwise="last"), [20.0, 6.0]
    )


def test_task_and_goal_can_lead_later_change_where_the_bond_does_not(build):
    rng = np.random.default_rng(5)
    n = 4000
    task, goal, bond = rng.normal(12, 2, (3, n))
    third = rng.normal(20, 4, n)
    panel = np.repeat(third[:, None], 6, axis=1)
    panel[:, 5] = third - (task + goal - 24) + rng.normal(0, 2, n)
    wide = lambda x: np.repeat(x[:, None], 6, axis=1)  # noqa: E731
    options = {
        "wai_sr_client_task": wide(task),
        "wai_sr_client_goal": wide(goal),
        "wai_sr_client_bond": wide(bond),
    }
    ahead = alliance_outcome.task_goal_minus_bond(scores(build, third, panel, [6] * n, **options))
    options["wai_sr_client_task"], options["wai_sr_client_bond"] = wide(bond), wide(task + goal)
    behind = alliance_outcome.task_goal_minus_bond(scores(build, third, panel, [6] * n, **options))
    assert ahead > 0.4
    assert behind < 0


def test_task_goal_and_bond_are_standardised_slopes_given_the_score_of_that_session(build):
    import statsmodels.api as sm

    rng = np.random.default_rng(11)
    n = 60
    task, goal, bond = rng.normal(12, 2, (3, n))
    third = 20 - 0.8 * task + rng.normal(0, 2, n)
    panel = np.repeat(third[:, None], 6, axis=1)
    panel[:, 5] = third - 0.3 * third - 0.2 * (task + goal) - 0.1 * bond + rng.normal(0, 1, n)
    wide = {"task": task, "goal": goal, "bond": bond}
    tables = scores(
        build,
        third,
        panel,
        [6] * n,
        **{f"wai_sr_client_{name}": np.repeat(x[:, None], 6, 1) for name, x in wide.items()},
    )
    columns = np.column_stack([third - panel[:, 5], task + goal, bond, third])
    z = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    theirs = sm.OLS(z[:, 0], z[:, 1:]).fit().params
    found = alliance_outcome.task_goal_minus_bond(tables)
    assert found == pytest.approx(theirs[0] - theirs[1])


def test_two_ratings_of_the_relationship_are_compared_in_session_three_alone(build):
    rng = np.random.default_rng(12)
    wai, empathy = rng.normal(0, 1, (2, 30, 5))
    empathy[:, 2] = wai[:, 2]
    tables = build(held=[5] * 30, wai_sr_client=wai, blri_empathy=empathy)
    assert alliance_outcome.relationship_measures_r(tables) > 0.999


def test_security_is_low_anxiety_and_low_avoidance(build):
    rng = np.random.default_rng(6)
    anxiety, avoidance = rng.normal(size=(2, 3000))
    wai = 45 - anxiety - avoidance + rng.normal(0, 3, 3000)
    tables = build(
        held=[3] * 3000,
        clients={"attachment_anxiety": anxiety, "attachment_avoidance": avoidance},
        wai_sr_client=np.repeat(wai[:, None], 3, axis=1),
    )
    part = alliance_outcome.trait_alliance_r(tables, "attachment_anxiety")
    whole = alliance_outcome.trait_alliance_r(tables, "attachment_security")
    assert part == pytest.approx(-1 / np.sqrt(11), abs=0.04)
    assert whole == pytest.approx(np.sqrt(2 / 11), abs=0.04)


def test_perceived_empathy_can_predict_better_than_true_attunement(build):
    rng = np.random.default_rng(7)
    n = 3000
    perceived, true = rng.normal(size=(2, n))
    intake = rng.normal(20, 4, n)
    panel = np.repeat((intake - 4 * perceived + rng.normal(0, 4, n))[:, None], 5, axis=1)
    tables = scores(
        build,
        intake,
        panel,
        [5] * n,
        blri_empathy=np.repeat(perceived[:, None], 5, axis=1),
        attunement=np.repeat(true[:, None], 5, axis=1),
    )
    assert alliance_outcome.empathy_accuracy_gap(tables) == pytest.approx(1 / np.sqrt(2), abs=0.06)


def test_leaving_before_the_end_and_fewer_sessions_cost_change(build):
    rng = np.random.default_rng(8)
    n = 5000
    held = rng.integers(2, 12, n)
    completed = rng.random(n) < 0.6
    intake = rng.normal(20, 5, n)
    change = 2.0 + 5.0 * completed + 0.4 * held + rng.normal(0, 2, n)
    tables = build(
        held=held,
        status=np.where(completed, "completed", "dropped_out"),
        clients={"core_10_intake": intake, "core_10_last": intake - change},
    )
    assert noncompletion_cost(tables) == pytest.approx(5.0 / 5.0, abs=0.06)
    assert session_gain_slope(tables) == pytest.approx(0.4 / 5.0, abs=0.01)


def test_what_an_unplanned_ending_costs_is_given_intake_and_the_number_of_sessions(build):
    """Those who are worse at intake stay longer, and change more because they are worse."""
    rng = np.random.default_rng(9)
    n = 200
    intake = rng.normal(20, 5, n)
    completed = intake + rng.normal(0, 5, n) > 20
    held = 3 + 4 * completed + rng.integers(0, 4, n)
    change = 2.0 + 5.0 * completed + 0.4 * held + 0.5 * intake
    tables = build(
        held=held,
        status=np.where(completed, "completed", "dropped_out"),
        clients={"core_10_intake": intake, "core_10_last": intake - change},
    )
    assert noncompletion_cost(tables) == pytest.approx(5.0 / intake.std())
    assert session_gain_slope(tables) == pytest.approx(0.4 / intake.std())
