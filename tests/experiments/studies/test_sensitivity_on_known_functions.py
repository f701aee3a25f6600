"""Sensitivity methods find what is known of functions whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.scenario_discovery import discover
from experiments.analysis.sensitivity import morris, pawn, sobol
from experiments.design.sampling import LatinHypercube, Morris, Saltelli
from experiments.design.value import StudyError

THREE = {"x1": "0:1", "x2": "0:1", "x3": "0:1"}


def ishigami(unit):
    x1, x2, x3 = ((2 * unit - 1) * math.pi).T
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


ISHIGAMI_FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
ISHIGAMI_TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def sobol_g(unit):
    return np.prod((np.abs(4 * unit - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)


def g_indices():
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    variance = np.prod(1 + parts) - 1
    total = [parts[i] * np.prod(np.delete(1 + parts, i)) for i in range(len(parts))]
    return parts / variance, np.array(total) / variance


def test_sobol_indices_of_ishigami_are_the_analytic_ones():
    design = Saltelli(factors=THREE, base=4096, second_order=True)
    found = sobol(design, ishigami(design.unit()))
    for measure, known in (("first", ISHIGAMI_FIRST), ("total", ISHIGAMI_TOTAL)):
        for factor, value in found.main(measure).items():
            assert value == pytest.approx(known[factor], abs=0.02)
    together = found.main("second")
    assert together["x1 × x3"] == pytest.approx(0.2437, abs=0.03)
    assert together["x1 × x2"] == pytest.approx(0.0, abs=0.03)
    assert found.converged


def test_sobol_indices_of_sobol_g_are_the_analytic_ones():
    design = Saltelli(factors={f"x{i}": "0:1" for i in range(5)}, base=4096)
    found = sobol(design, sobol_g(design.unit()))
    first, total = g_indices()
    for i in range(5):
        assert found.main("first")[f"x{i}"] == pytest.approx(first[i], abs=0.02)
        assert found.main("total")[f"x{i}"] == pytest.approx(total[i], abs=0.02)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    found = []
    for seed in range(30):
        design = Saltelli(factors=THREE, base=256, seed=seed)
        effects = sobol(design, ishigami(design.unit())).effects
        found += [effect for effect in effects if effect.measure == "total"]
    covered = [one.low <= ISHIGAMI_TOTAL[one.factor] <= one.high for one in found]
    assert np.mean(covered) > 0.85


def test_intervals_are_those_that_salib_has_by_resampling():
    """Wider than estimates vary: points of a Sobol sequence are more even than chance, what is resampled is not."""
    from SALib.analyze import sobol as salib

    design = Saltelli(factors=THREE, base=256)
    values = ishigami(design.unit())
    theirs = salib.analyze(
        design.problem(), values, calc_second_order=False, num_resamples=1000, seed=7
    )
    for effect in sobol(design, values).effects:
        key = {"first": "S1", "total": "ST"}[effect.measure]
        half = theirs[f"{key}_conf"][list(THREE).index(effect.factor)]
        assert effect.high - effect.value == pytest.approx(half, rel=0.25)
        assert effect.value - effect.low == pytest.approx(half, rel=0.25)


def test_a_sample_that_is_too_small_is_called_too_small():
    design = Saltelli(factors=THREE, base=16)
    found = sobol(design, ishigami(design.unit()))
    assert not found.converged
    assert "double the base" in found.note


def test_a_sample_whose_halves_disagree_is_not_converged_however_narrow_its_intervals():
    design = Saltelli(factors=THREE, base=4096)
    unit = design.unit()
    first = np.arange(len(unit)) < len(unit) // 2
    found = sobol(design, np.where(first, unit[:, 0], unit[:, 1]))
    widths = [one.high - one.value for one in found.effects if one.measure == "total"]
    assert max(widths) <= 0.1
    assert not found.converged


def test_morris_ranks_the_factors_of_sobol_g_and_finds_the_idle_one():
    design = Morris(factors={f"x{i}": "0:1" for i in range(5)}, trajectories=100)
    found = morris(design, sobol_g(design.unit()))
    assert list(found.main()) == ["x0", "x1", "x2", "x3", "x4"]
    assert found.main()["x4"] < 0.05 * found.main()["x0"]


def test_morris_effects_of_a_straight_line_are_its_slopes():
    design = Morris(factors=THREE, trajectories=20)
    found = morris(design, design.unit() @ np.array([3.0, -2.0, 0.0]))
    assert found.main("mu") == pytest.approx({"x1": 3.0, "x2": -2.0, "x3": 0.0}, abs=1e-9)
    assert found.main("sigma") == pytest.approx({"x1": 0.0, "x2": 0.0, "x3": 0.0}, abs=1e-9)


def test_pawn_ranks_a_skewed_outcome_and_leaves_idle_factors_with_the_dummy():
    unit = LatinHypercube(factors=THREE, size=2000).unit()
    found = pawn(("x1", "x2", "x3"), unit, np.exp(4 * unit[:, 0] + unit[:, 1]))
    values = found.main()
    assert list(values)[:2] == ["x1", "x2"]
    assert values["x3"] == pytest.approx(values["dummy"], abs=0.05)
    assert values["x1"] > 5 * values["dummy"]


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_pawn_is_the_same_however_yes_and_no_are_coded(share):
    unit = LatinHypercube(factors=THREE, size=1000).unit()
    crisis = unit[:, 0] < share
    outcome = 5 * crisis + unit[:, 1]
    coded = [np.column_stack([yes, unit[:, 1:]]).astype(float) for yes in (crisis, ~crisis)]
    one, other = (pawn(("x1", "x2", "x3"), points, outcome) for points in coded)
    assert one == other
    assert one.main()["x1"] == pytest.approx(0.5, abs=0.01)


def test_pawn_looks_at_the_highest_level_of_a_factor():
    unit = LatinHypercube(factors=THREE, size=900).unit()
    level = np.floor(3 * unit[:, 0])
    low, high = (
        pawn(("x1",), level[:, None], outcome + unit[:, 1]) for outcome in (level == 0, level == 2)
    )
    assert low.main()["x1"] == pytest.approx(high.main()["x1"], abs=0.02)


def test_discovery_finds_the_region_that_was_planted():
    unit = LatinHypercube(factors=THREE, size=3000).unit()
    network = ["hub" if x > 0.5 else "ring" for x in unit[:, 2]]
    inside = (unit[:, 0] < 0.4) & (unit[:, 1] > 0.7) & (unit[:, 2] > 0.5)
    columns = {
        "empathy": list(unit[:, 0]),
        "strain": list(unit[:, 1]),
        "network": network,
        "idle": list(unit[::-1, 0]),
    }
    box = discover(columns, inside)
    limits = {limit.factor: limit for limit in box.limits}
    assert set(limits) == {"empathy", "strain", "network"}
    assert limits["empathy"].high == pytest.approx(0.4, abs=0.03)
    assert limits["empathy"].low is None
    assert limits["strain"].low == pytest.approx(0.7, abs=0.03)
    assert limits["network"].among == ("hub",)
    assert box.coverage > 0.9
    assert box.density > 0.8
    assert box.base == pytest.approx(inside.mean())
    assert all(limit.p_value < 1e-6 for limit in box.limits)


def test_the_largest_box_of_the_wanted_density_is_found():
    """What is interesting is rarer the larger x is: a denser box holds less of it."""
    draw = np.random.default_rng(1)
    x = draw.random(3000)
    interesting = draw.random(3000) < 1 - x
    boxes = [discover({"x": [*x]}, interesting, density=wanted) for wanted in (0.6, 0.75, 0.9)]
    for box, wanted in zip(boxes, (0.6, 0.75, 0.9), strict=True):
        # A box up to x = c has a density of 1 - c / 2, and holds c (2 - c) of what is interesting.
        edge = 2 * (1 - wanted)
        assert wanted <= box.density < wanted + 0.06
        assert box.limits[0].high == pytest.approx(edge, abs=0.09)
        assert box.coverage == pytest.approx(edge * (2 - edge), abs=0.09)


def test_the_p_value_of_a_limit_is_that_of_as_many_hits_without_it():
    x = np.arange(40.0)
    interesting = (x < 12) | (x > 36)
    box = discover({"x": [*x]}, interesting, density=0.99)
    (limit,) = box.limits
    inside = round(box.mass * 40)
    hits = round(box.density * inside)
    assert 2 <= hits < interesting.sum()
    expected = stats.binom.sf(hits - 1, inside, interesting.mean())
    assert limit.p_value == pytest.approx(expected)


def test_discovery_says_when_there_is_nothing_to_find():
    with pytest.raises(StudyError, match="no point crosses"):
        discover({"x": [1.0, 2.0]}, np.array([False, False]))


@pytest.mark.parametrize("values", [np.full(80, 0.3), np.r_[np.nan, np.arange(79.0)]])
def test_missing_or_constant_outcomes_are_refused(values):
    with pytest.raises(StudyError):
        sobol(Saltelli(factors=THREE, base=16), values)
