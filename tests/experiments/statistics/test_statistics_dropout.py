"""Who leaves and when: every definition of dropout on clients whose fate is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.statistics import attendance, dropout

FATES = {
    "held": [1, 2, 8, 8, 3, 6, 0, 5],
    "status": [
        "dropped_out", "dropped_out", "completed", "session_limit", "completed",
        "boundary_violation", "never_started", "in_treatment",
    ],
    "clients": {
        "core_10_intake": np.array([20.0, 20, 20, 20, 9, 20, 20, 20]),
        "core_10_last": np.array([20.0, 9, 5, 20, 8, 25, 20, 20]),
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("unilateral", [0, 1]),
        ("few_sessions", [0, 1, 4]),
        ("no_recovery", [0, 3, 4, 5]),
        ("unilateral_unimproved", [0]),
        ("no_planned_ending", [0, 1, 5]),
    ],
)
def test_the_same_clinic_has_a_dropout_for_every_definition(build, definition, expected):
    tables = build(**FATES)
    who = dropout.dropout_by_definition(tables, definition) & tables.ended
    assert np.flatnonzero(who).tolist() == expected
    assert dropout.dropout_rate(tables, definition) == pytest.approx(len(expected) / 6)


def test_wider_definitions_lie_above_unilateral_dropout(build):
    assert dropout.dropout_definition_gap(build(**FATES)) == pytest.approx(1 / 6)


def test_clients_still_in_treatment_are_in_no_rate(build):
    held, status = [1, 4], ["dropped_out", "in_treatment"]
    assert dropout.dropout_rate(build(held=held, status=status)) == 1.0


def test_survival_agrees_with_lifelines(build):
    lifelines = pytest.importorskip("lifelines")

    rng = np.random.default_rng(1)
    held = rng.integers(1, 15, 500)
    status = rng.choice(["dropped_out", "completed", "in_treatment"], 500)
    curve = dropout.survival(build(held=held, status=status))
    fitted = lifelines.KaplanMeierFitter().fit(
        held, status == "dropped_out", timeline=np.arange(1, 15)
    )
    np.testing.assert_allclose(curve.survival, fitted.survival_function_.to_numpy()[:, 0])
    assert curve.at_risk[0] == 500


@given(
    fates=st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from(["dropped_out", "completed"])),
        min_size=1,
        max_size=40,
    )
)
def test_survival_only_falls_and_counts_everybody_who_left(build, fates):
    held, status = zip(*fates, strict=True)
    curve = dropout.survival(build(held=list(held), status=list(status)))
    steps = np.concatenate([[1.0], curve.survival])
    assert (np.diff(steps) <= 0).all()
    assert curve.dropped.sum() == status.count("dropped_out")
    assert curve.at_risk.sum() == sum(held)


def test_without_planned_endings_survival_is_the_share_still_there(build):
    held = [1, 1, 2, 5]
    curve = dropout.survival(build(held=held, status="dropped_out"))
    np.testing.assert_allclose(curve.survival, [0.5, 0.25, 0.25, 0.25, 0.0])


def test_share_of_dropouts_after_one_or_two_sessions(build):
    tables = build(held=[1, 2, 5, 1], status=["dropped_out"] * 3 + ["completed"])
    assert dropout.early_dropout_share(tables) == pytest.approx(2 / 3)


def test_hazard_can_be_steep_at_first(build):
    rng = np.random.default_rng(2)
    hazard = np.array([0.2, 0.2] + [0.05] * 8)
    leaves = rng.random((20_000, 10)) < hazard
    held = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, 10)
    status = np.where(leaves.any(axis=1), "dropped_out", "completed")
    assert dropout.early_hazard_ratio(build(held=held, status=status)) == pytest.approx(4, rel=0.1)


def test_alliance_of_stayers_minus_leavers_in_standard_deviations(build):
    rng = np.random.default_rng(3)
    left = rng.random(6000) < 0.2
    alliance = rng.normal(45, 5, 6000) - 2.75 * left
    early = alliance[:, None] + np.zeros((6000, 4))
    held = np.where(left, 2, 4)
    status = np.where(left, "dropped_out", "completed")
    early[:, 3] += 100 * ~left * 0.025
    tables = build(held=held, status=status, wai_sr_client=early)
    assert dropout.alliance_dropout_d(tables, at=2) == pytest.approx(0.55, abs=0.05)
    assert dropout.alliance_dropout_d(tables) == pytest.approx(0.55 + 0.5, abs=0.06)
    assert np.isnan(dropout.alliance_dropout_d(tables, at=3))


def test_the_derived_slope_and_the_published_difference_belong_together(build):
    rng = np.random.default_rng(4)
    alliance = rng.normal(0, 1, 100_000)
    left = rng.random(100_000) < 1 / (1 + np.exp(1.52 + 0.565 * alliance))
    tables = build(
        held=np.ones(100_000, dtype=int),
        status=np.where(left, "dropped_out", "completed"),
        wai_sr_client=alliance[:, None],
    )
    assert dropout.dropout_rate(tables) == pytest.approx(0.197, abs=0.006)
    assert dropout.alliance_dropout_logit_slope(tables) == pytest.approx(-0.565, abs=0.03)
    assert dropout.alliance_dropout_d(tables) == pytest.approx(0.55, abs=0.02)


def test_confrontation_costs_clients_and_resolution_keeps_them(build):
    rng = np.random.default_rng(5)
    left = rng.random(2000) < 0.3
    chance = np.where(left, 0.5, 0.2)[:, None]
    conflict = rng.random((2000, 6)) < chance
    repaired = conflict & (rng.random((2000, 6)) < np.where(left, 0.2, 0.7)[:, None])
    tables = build(
        held=np.full(2000, 6),
        status=np.where(left, "dropped_out", "completed"),
        rupture=np.where(conflict, "confrontation", "none"),
        rupture_repaired=repaired,
    )
    assert dropout.event_dropout_d(tables, "confrontation") > 1.0
    assert dropout.event_dropout_d(tables, "resolution") > 1.0
    assert np.isnan(dropout.event_dropout_d(tables, "withdrawal"))


def test_early_events_are_counted_per_session_of_the_first_six(build):
    """Two leave after two sessions, two after ten: one of each pair quarrels in every other of the first six."""
    rupture = np.full((4, 10), "none", dtype="U13")
    rupture[0, 0] = "confrontation"
    rupture[2, [0, 2, 4]] = "confrontation"
    rupture[2:, 6:] = "confrontation"
    tables = build(
        held=[2, 2, 10, 10],
        status=["dropped_out", "dropped_out", "completed", "completed"],
        rupture=rupture,
    )
    assert dropout.event_dropout_d(tables, "confrontation") == pytest.approx(0.0, abs=1e-12)


def test_who_left_better_but_not_well_did_not_leave_unimproved(build):
    clients = {
        "core_10_intake": np.array([30.0, 30.0, 30.0]),
        "core_10_last": np.array([20.0, 25.0, 20.0]),
    }
    status = ["dropped_out", "dropped_out", "completed"]
    tables = build(held=[3, 3, 3], status=status, clients=clients)
    assert dropout.dropout_rate(tables, "unilateral_unimproved") == pytest.approx(1 / 3)


def test_sessions_are_averaged_over_the_group_that_is_asked_for(build):
    tables = build(**FATES)
    assert attendance.mean_sessions(tables) == pytest.approx(28 / 6)
    assert attendance.mean_sessions(tables, who="completers") == pytest.approx(19 / 3)
    assert attendance.mean_sessions(tables, who="recovered") == pytest.approx(5.0)
    assert attendance.mode_sessions(tables) == 8
    assert attendance.finished_share(tables) == pytest.approx(0.5)


def test_one_session_share_with_and_without_those_who_never_started(build):
    tables = build(**FATES)
    assert attendance.one_session_share(tables) == pytest.approx(1 / 6)
    assert attendance.one_session_share(tables, of="assigned") == pytest.approx(2 / 7)


def test_leavers_after_one_session_can_be_the_best_and_the_worst(build):
    first = np.concatenate([np.linspace(40, 50, 80), [20.0] * 10, [60.0] * 10])
    wai = np.repeat(first[:, None], 5, axis=1)
    ratio = attendance.first_session_extremity_ratio
    extremes_leave = np.array([5] * 80 + [1] * 20)
    extremes_leave[[0, 79]], extremes_leave[[80, 90]] = 1, 5
    assert ratio(build(held=extremes_leave, wai_sr_client=wai)) > 10
    anyone_leaves = np.array([5, 1] * 50)
    assert ratio(build(held=anyone_leaves, wai_sr_client=wai)) == pytest.approx(1.0)
    middle_leaves = np.array([1] * 80 + [5] * 20)
    assert ratio(build(held=middle_leaves, wai_sr_client=wai)) < 0.1
    assert np.isnan(ratio(build(held=[5] * 100, wai_sr_client=wai)))


def test_satisfied_clients_complete(build):
    rng = np.random.default_rng(6)
    completed = rng.random(2000) < 0.5
    tables = build(
        held=np.full(2000, 3),
        status=np.where(completed, "completed", "dropped_out"),
        clients={"csq_8_last": 26 + 2 * completed + rng.normal(0, 1, 2000)},
    )
    assert attendance.satisfaction_completion_r(tables) == pytest.approx(np.sqrt(0.5), abs=0.04)


def test_clients_still_in_treatment_are_neither_stayers_nor_leavers(build):
    status = ["dropped_out"] * 4 + ["completed"] * 4 + ["in_treatment"] * 4
    scores = np.array([40.0, 42, 40, 42, 44, 46, 44, 46, 12, 12, 60, 60])
    tables = build(held=np.ones(12, dtype=int), status=status, wai_sr_client=scores[:, None])
    assert dropout.alliance_dropout_d(tables) == pytest.approx(4 / np.sqrt(8 / 6))
