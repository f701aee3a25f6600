"""Shapes of courses, V-shapes beyond noise, ruptures by rater."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.statistics import ruptures, shapes, v_detector
from experiments.statistics.drops import repaired_in
from experiments.statistics.noise import noise_like


def wide(build, panel, **options):
    return build(held=np.full(panel.shape[0], panel.shape[1]), wai_sr_client=panel, **options)


def test_growth_is_measured_within_clients(build):
    rng = np.random.default_rng(1)
    level = rng.normal(45, 5, 2000)
    panel = np.repeat(level[:, None], 10, axis=1)
    held = np.where(level < 45, 2, 10)
    stayers_are_better = build(held=held, wai_sr_client=panel)
    assert shapes.alliance_growth(stayers_are_better) == pytest.approx(0.0, abs=1e-9)
    grown = wide(build, panel + 0.1 * np.arange(10))
    assert shapes.alliance_growth(grown) == pytest.approx(0.02, abs=0.001)
    assert shapes.alliance_change_d(grown) == pytest.approx(0.1, abs=0.01)


def test_features_of_a_parabola_are_its_coefficients():
    when = np.arange(4) - 1.5
    panel = np.array([10 + 2 * when + 3 * (when**2 - (when**2).mean())])
    np.testing.assert_allclose(shapes.course_features(panel), [[10.0, 2.0, 3.0]])


def test_three_kinds_of_course_are_found_with_their_shares_and_gains(build):
    rng = np.random.default_rng(2)
    kind = rng.choice(3, 3000, p=[0.5, 0.3, 0.2])
    curves = np.array([[0, 0, 0, 0], [-6, -2, 2, 6], [5, -5, -5, 5]], dtype=float)
    panel = 45 + curves[kind] + rng.normal(0, 0.8, (3000, 4))
    intake = rng.normal(20, 4, 3000)
    gain = np.array([0.0, 0.5, 2.0])[kind]
    tables = wide(
        build, panel, clients={"core_10_intake": intake, "core_10_last": intake - 3 * gain}
    )
    found = shapes.trajectory_shapes(tables)
    assert (found.stable.share, found.growth.share, found.quadratic.share) == pytest.approx(
        [(kind == i).mean() for i in range(3)], abs=0.01
    )
    assert found.growth.slope > 3
    assert found.quadratic.curvature > 3
    assert shapes.u_shape_benefit(tables) > 1.5
    assert shapes.u_shape_share(tables) == found.quadratic.share


def test_the_lead_of_u_shaped_courses_is_over_all_other_clients(build):
    """Residual gains are 0 on average, so the others' mean follows from that of the U-shaped."""
    rng = np.random.default_rng(8)
    kind = rng.choice(3, 600, p=[0.7, 0.1, 0.2])
    curves = np.array([[0, 0, 0, 0], [-6, -2, 2, 6], [5, -5, -5, 5]], dtype=float)
    intake = rng.normal(20, 4, 600)
    last = intake - np.array([0.0, 6.0, 3.0])[kind] + rng.normal(0, 1, 600)
    tables = wide(
        build,
        45 + curves[kind] + rng.normal(0, 0.5, (600, 4)),
        clients={"core_10_intake": intake, "core_10_last": last},
    )
    quadratic = shapes.trajectory_shapes(tables).quadratic
    expected = quadratic.gain / (1 - quadratic.share)
    assert shapes.u_shape_benefit(tables) == pytest.approx(expected)


def test_shapes_need_four_sessions(build):
    assert np.isnan(shapes.u_shape_benefit(wide(build, np.ones((30, 3)))))


def test_a_drop_is_repaired_only_within_three_sessions_and_back_up():
    residual = np.array(
        [
            [0.0, 0.0, -2.0, -2.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, -2.0, -2.0, -2.0, -2.0, 0.0],
            [0.0, 0.0, -2.0, -2.0, -0.3, -0.3, -0.3],
            [0.0, -0.9, -1.8, 0.0, 0.0, 0.0, 0.0],
            [0.0, np.nan, -2.0, 0.0, 0.0, 0.0, 0.0],
        ]
    )
    repaired, drops = repaired_in(list(residual.T), 1.0, 1.0)
    assert repaired.tolist() == [True, False, False, False, False]
    assert drops.tolist() == [1, 1, 1, 0, 0]
    assert repaired_in(list(residual.T), 1.0, 1.0, tolerance=0.35)[0].tolist()[2]


def noise(rng, n, width, persistence, state, occasion):
    course = np.empty((n, width))
    x = rng.normal(0, np.sqrt(state), n)
    for t in range(width):
        if t:
            x = persistence * x + np.sqrt(state * (1 - persistence**2)) * rng.normal(size=n)
        course[:, t] = x
    return course + rng.normal(0, np.sqrt(occasion), (n, width))


@pytest.mark.parametrize(("persistence", "state", "occasion"), [(0.0, 0.0, 4.0), (0.7, 4.0, 2.0)])
@pytest.mark.parametrize("rule", [1.0, 2.0])
def test_noise_alone_has_v_shapes_but_none_beyond_noise(build, persistence, state, occasion, rule):
    rng = np.random.default_rng(3)
    panel = 45 + noise(rng, 6000, 12, persistence, state, occasion)
    held = rng.integers(4, 13, 6000)
    found = v_detector.v_shapes(build(held=held, wai_sr_client=panel), rule=rule)
    assert found.share > 0.1
    assert abs(found.excess) < 0.03


def test_the_noise_is_recognised_through_the_detrending(build):
    from experiments.statistics.windows import without_trends

    rng = np.random.default_rng(4)
    residual = without_trends(noise(rng, 20_000, 14, 0.7, 4.0, 2.0))
    model = noise_like(residual)
    assert model.persistence == pytest.approx(0.7, abs=0.11)
    assert model.state + model.occasion == pytest.approx(6.0, rel=0.15)


def test_planted_ruptures_that_are_repaired_show_beyond_noise(build):
    rng = np.random.default_rng(5)
    panel = 45 + rng.normal(0, 0.3, (4000, 14))
    planted = rng.random(4000) < 0.5
    panel[planted, 6:8] -= 7
    intake = rng.normal(20, 4, 4000)
    tables = wide(
        build,
        panel,
        clients={"core_10_intake": intake, "core_10_last": intake - 2 * planted},
    )
    found = v_detector.v_shapes(tables, rule=2.0)
    assert found.share == pytest.approx(0.5, abs=0.05)
    assert found.excess > 0.1
    assert v_detector.v_shape_share(tables, rule=2.0) == found.excess
    assert v_detector.v_shape_gain_d(tables, rule=2.0) > 1.0


def test_half_as_deep_a_rule_counts_many_more_v_shapes(build):
    rng = np.random.default_rng(7)
    tables = wide(build, 45 + rng.normal(0, 1, (4000, 10)))
    ratio = (
        v_detector.v_shapes(tables, rule=1.0).share / v_detector.v_shapes(tables, rule=2.0).share
    )
    assert v_detector.v_shape_rule_ratio(tables) == pytest.approx(ratio)
    assert ratio > 1.5


def test_courses_too_short_have_no_v(build):
    assert np.isnan(v_detector.v_shape_share(wide(build, np.ones((50, 3)))))


EVENTS = {
    "held": np.full(4, 3),
    "rupture": np.array(
        [
            ["none", "withdrawal", "withdrawal"],
            ["none", "none", "confrontation"],
            ["withdrawal", "none", "none"],
            ["none", "none", "none"],
        ]
    ),
    "rupture_noticed": np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]], dtype=bool),
    "rupture_repaired": np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]], dtype=bool),
    "rupture_client": np.array([[1.0, 3, 1], [1, 1, 2], [1, 1, 1], [1, 1, 1]]),
    "rupture_therapist": np.array([[1.0, 2, 1], [1, 1, 4], [1, 2, 1], [1, 1, 1]]),
    "rupture_observer": np.array([[1.0, 4, 2], [1, 2, 5], [3, 1, np.nan], [1, 1, 1]]),
}


def test_the_same_ruptures_are_counted_differently_by_each_rater(build):
    tables = build(**EVENTS)
    # A rating of 2 or more is a report; a session that nobody observed counts for nobody.
    assert ruptures.rupture_share(tables, "observer") == pytest.approx(5 / 11)
    assert ruptures.rupture_share(tables, "therapist") == pytest.approx(3 / 12)
    assert ruptures.rupture_share(tables, "client") == pytest.approx(2 / 12)
    assert ruptures.rupture_rater_order(tables) == pytest.approx(1 / 12)
    assert ruptures.withdrawal_share(tables) == pytest.approx(3 / 4)


def test_the_window_of_sessions_is_kept(build):
    tables = build(**EVENTS)
    assert ruptures.rupture_share(tables, "observer", sessions=(1, 1)) == pytest.approx(1 / 4)


def test_repair_goes_with_outcome_among_those_who_had_a_rupture(build):
    rng = np.random.default_rng(6)
    n = 6000
    had = rng.random(n) < 0.7
    repaired = had & (rng.random(n) < 0.5)
    # Those without any rupture do worst: they must not enter.
    gain = 0.6 * repaired - 5.0 * ~had + rng.normal(size=n)
    rupture = np.where(had, "withdrawal", "none")[:, None]
    intake = rng.normal(20, 4, n)
    tables = build(
        held=np.ones(n, dtype=int),
        rupture=rupture,
        rupture_repaired=repaired[:, None],
        clients={"core_10_intake": intake, "core_10_last": intake - gain},
    )
    expected = 0.3 / np.sqrt(1 + 0.09)
    assert ruptures.repair_outcome_r(tables) == pytest.approx(expected, abs=0.04)
    assert ruptures.repair_outcome_r(tables, measure="share") == pytest.approx(expected, abs=0.04)


def test_half_of_the_ruptures_repaired_is_a_majority(build):
    rng = np.random.default_rng(9)
    repaired = np.tile([[0, 0], [1, 0], [1, 1]], (10, 1)).astype(bool)
    intake, last = rng.normal(20, 4, (2, 30))
    tables = build(
        held=[2] * 30,
        rupture=np.full((30, 2), "withdrawal"),
        rupture_repaired=repaired,
        clients={"core_10_intake": intake, "core_10_last": last},
    )
    slope, start = np.polyfit(intake, last, 1)
    gain = slope * intake + start - last
    expected = np.corrcoef(repaired.any(axis=1), gain)[0, 1]
    assert ruptures.repair_outcome_r(tables) == pytest.approx(expected)


def test_clients_seen_once_do_not_enter_the_scale_of_growth(build):
    panel = np.repeat(np.linspace(40, 50, 100)[:, None], 10, axis=1) + 0.1 * np.arange(10)
    held = np.full(100, 10)
    before = shapes.alliance_growth(build(held=held, wai_sr_client=panel))
    outliers = np.concatenate([panel, np.repeat([[12.0], [60.0]], 50, axis=0) + np.zeros(10)])
    after = shapes.alliance_growth(
        build(held=np.concatenate([held, np.ones(100, dtype=int)]), wai_sr_client=outliers)
    )
    assert after == pytest.approx(before)
