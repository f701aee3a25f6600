"""Effects of a policy, on two arms whose difference was chosen."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.catalogue import CONTRASTS
from experiments.statistics import contrasts


def arm(
    build, rng, n=4000, *, relief=0.0, dropout=0.2, alliance=0.0, sessions=0, csq=0.0, skill=0.0
):
    intake = rng.normal(20, 5, n)
    last = intake - relief + rng.normal(0, 3, n)
    left = np.arange(n) < dropout * n
    held = rng.integers(5, 11, n) + sessions
    core = np.repeat(last[:, None], held.max(), axis=1)
    core[:, :4] = intake[:, None] + rng.normal(0, 2, (n, 4))
    return build(
        held=held,
        status=np.where(left, "dropped_out", "completed"),
        clients={
            "core_10_intake": intake,
            "core_10_last": last,
            "csq_8_last": 26 + csq + rng.normal(0, 2, n),
        },
        therapists={"skill_gain": np.array([skill])},
        core_10=core,
        wai_sr_client=45 + alliance + rng.normal(0, 5, (n, 1)) + np.zeros((1, held.max())),
    )


@pytest.fixture
def control(build):
    return arm(build, np.random.default_rng(1))


def test_a_policy_that_helps_has_a_positive_difference(build, control):
    treated = arm(build, np.random.default_rng(2), relief=1.0)
    expected = 1.0 / np.sqrt(25 + 9)
    assert contrasts.contrast_outcome_d(treated, control) == pytest.approx(expected, abs=0.04)
    r = contrasts.contrast_outcome_r(treated, control)
    assert r == pytest.approx(expected / np.sqrt(expected**2 + 4), abs=0.02)


def test_a_difference_at_intake_is_no_effect(build, control):
    rng = np.random.default_rng(1)
    shifted = arm(build, rng)
    columns = {
        c: np.asarray(shifted.clients[c]) + (5 if c.startswith("core") else 0)
        for c in ("core_10_intake", "core_10_last")
    }
    import polars as pl

    moved = type(shifted)(
        shifted.clients.with_columns(**{k: pl.Series(v) for k, v in columns.items()}),
        shifted.sessions,
    )
    assert contrasts.contrast_outcome_d(moved, control) == pytest.approx(0.0, abs=1e-9)


def test_help_for_those_off_track_only_shows_among_them(build):
    def off_track_arm(help_given):
        rng = np.random.default_rng(3)
        behind = np.arange(2000) % 2 == 0
        intake = rng.normal(20, 5, 2000)
        fourth = intake + np.where(behind, 2.0, -2.0)
        last = intake - 3 - help_given * behind
        panel = np.repeat(intake[:, None], 6, axis=1)
        panel[:, 3], panel[:, 5] = fourth, last
        return build(
            held=np.full(2000, 6),
            clients={"core_10_intake": intake, "core_10_last": last},
            core_10=panel,
        )

    treated, control = off_track_arm(2.0), off_track_arm(0.0)
    every = contrasts.contrast_outcome_d(treated, control)
    behind = contrasts.contrast_outcome_d(treated, control, off_track_at=4)
    assert every == pytest.approx(1 / 5, abs=0.02)
    assert behind == pytest.approx(2 / 5, abs=0.03)


def test_off_track_is_who_is_still_there_and_no_better_than_at_intake(build):
    """Of four clients one is where she began in session 4, one worse, one better, and one has left, worse."""

    def four(*last):
        panel = np.full((4, 6), 20.0)
        panel[:, 3] = [20.0, 22.0, 18.0, 25.0]
        clients = {"core_10_intake": np.full(4, 20.0), "core_10_last": np.array(last)}
        return build(held=[6, 6, 6, 2], clients=clients, core_10=panel)

    treated, control = four(10.0, 14.0, 0.0, 25.0), four(16.0, 18.0, 1.0, 29.0)
    # Relief of the first two is 8 and 3 on average; variances of their last scores are 8 and 2.
    found = contrasts.contrast_outcome_d(treated, control, off_track_at=4)
    assert found == pytest.approx((8 - 3) / np.sqrt((8 + 2) / 2))


def test_a_therapists_gain_in_skill_counts_as_often_as_he_has_clients(build):
    gain = {"skill_gain": np.array([0.0, 0.4])}
    treated = build(held=[2] * 4, therapist=[0, 0, 0, 1], therapists=gain)
    control = build(held=[2] * 4, therapist=[0, 0, 1, 1], therapists=gain)
    assert contrasts.contrast_skill_gain(treated, control) == pytest.approx(0.1 - 0.2)


def test_keeping_clients_is_an_odds_ratio_above_one(build, control):
    treated = arm(build, np.random.default_rng(4), dropout=0.1)
    assert contrasts.contrast_dropout_odds_ratio(treated, control) == pytest.approx(2.25)
    assert contrasts.contrast_completion_risk_ratio(treated, control) == pytest.approx(0.9 / 0.8)
    assert contrasts.contrast_dropout_odds_ratio(control, treated) == pytest.approx(1 / 2.25)


def test_other_differences_are_in_their_own_standard_deviations(build, control):
    treated = arm(build, np.random.default_rng(5), alliance=2.5, sessions=1, csq=1.0, skill=0.03)
    assert contrasts.contrast_alliance_d(treated, control) == pytest.approx(0.5, abs=0.06)
    assert contrasts.contrast_alliance_d(treated, control, sessions=(1, 1)) == pytest.approx(
        0.5, abs=0.06
    )
    assert contrasts.contrast_sessions_d(treated, control) == pytest.approx(
        1 / np.sqrt(35 / 12), abs=0.06
    )
    assert contrasts.contrast_satisfaction_d(treated, control) == pytest.approx(0.5, abs=0.06)
    assert contrasts.contrast_skill_gain(treated, control) == pytest.approx(0.03)


def test_a_policy_that_changes_nothing_has_no_effect(synthetic):
    for name, contrast in CONTRASTS.items():
        neutral = 1.0 if "ratio" in name else 0.0
        assert contrast(synthetic, synthetic) == pytest.approx(neutral), name
