"""Replication: enough runs and no more, and luck that is shared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from experiments.analysis.estimates import summarise, variance_saved
from experiments.analysis.shared_luck import SharedLuck
from experiments.design.designs import Grid
from experiments.design.replication import Adaptive, Fixed, half_width
from experiments.execution.executors import Serial
from experiments.execution.run import run
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, small_study


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40))
def test_the_half_width_is_that_of_the_t_interval(values):
    data = np.array(values)
    expected = stats.t.ppf(0.975, len(data) - 1) * data.std(ddof=1) / np.sqrt(len(data))
    assert half_width(data, 0.95) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def adaptive(tmp_path, model, **rule):
    rule = {"within": {"dropout": 0.01}, "minimum": 10, "batch": 10, "ceiling": 400, **rule}
    study = small_study(
        design=Grid(factors={"empathy": [0.2, 0.8]}), replication=Adaptive(**rule), chunk_runs=None
    )
    return run(study, tmp_path, evaluate=model, space=SPACE, executor=Serial())


def test_a_point_stops_as_soon_as_its_interval_is_narrow_enough(tmp_path):
    folder = adaptive(tmp_path / "s", PaperClinic())
    for point, rows in folder.results().group_by("point"):
        values = rows.sort("replicate")["dropout"].to_numpy()
        assert half_width(values, 0.95) <= 0.01, point
        assert half_width(values[:-10], 0.95) > 0.01
        assert 10 < len(values) < 400


@pytest.mark.parametrize("wide", ["dropout", "alliance"])
def test_a_point_needs_more_runs_until_every_interval_is_narrow_enough(wide):
    rule = Adaptive(within={"dropout": 0.1, "alliance": 0.1}, minimum=10, batch=10, ceiling=400)
    narrow = np.linspace(0, 0.1, 20)
    both = {"dropout": narrow, "alliance": narrow}
    assert rule.settled(both, None)
    assert not rule.settled({**both, wide: 100 * narrow}, None)


def test_the_ceiling_holds_where_the_interval_stays_wide(tmp_path):
    folder = adaptive(tmp_path / "s", PaperClinic(), within={"dropout": 1e-6}, ceiling=45)
    assert summarise(folder).points["replicates"].to_list() == [45, 45]


def test_a_contrast_under_shared_luck_needs_fewer_runs(tmp_path):
    alone = adaptive(tmp_path / "a", PaperClinic(noise=0.1))
    against = adaptive(tmp_path / "b", PaperClinic(noise=0.1), contrast={"empathy": 0.5})
    needed = [int(summarise(f).points["replicates"].sum()) for f in (alone, against)]
    assert needed[1] < needed[0] / 2


def test_every_point_meets_the_same_luck(tmp_path):
    folder = run(small_study(), tmp_path / "s", evaluate=PaperClinic(), space=SPACE)
    table = (
        folder.results().pivot(on="point", index="replicate", values="dropout").drop("replicate")
    )
    differences = table.to_numpy() - table.to_numpy()[:, :1]
    assert np.ptp(differences, axis=0) == pytest.approx(0, abs=1e-12)
    assert variance_saved(folder)["dropout"] == pytest.approx(1.0)


@given(shared=st.floats(0, 2), own=st.floats(0.1, 2), seed=st.integers(0, 99))
@settings(max_examples=40)
def test_the_variance_saved_is_that_of_all_pairs_of_points(shared, own, seed):
    draw = np.random.default_rng(seed)
    values = shared * draw.normal(size=(1, 30)) + own * draw.normal(size=(6, 30))
    luck = SharedLuck(30)
    luck.add(values[:2])
    luck.add(values[2:])
    pairs = [(i, j) for i in range(6) for j in range(6) if i != j]
    together = np.mean([np.var(values[i] - values[j], ddof=1) for i, j in pairs])
    apart = np.mean([np.var(values[i], ddof=1) + np.var(values[j], ddof=1) for i, j in pairs])
    assert luck.saved == pytest.approx(1 - together / apart, rel=1e-6, abs=1e-9)


def test_without_anything_to_compare_nothing_is_claimed(tmp_path):
    study = small_study(design=Grid(factors={"empathy": [0.2]}), replication=Fixed(replicates=5))
    folder = run(study, tmp_path / "s", evaluate=PaperClinic(), space=SPACE)
    assert variance_saved(folder) == {"dropout": None, "change": None}


def test_the_summary_is_the_mean_and_interval_of_each_point(tmp_path):
    folder = run(small_study(), tmp_path / "s", evaluate=PaperClinic(), space=SPACE)
    summary = summarise(folder).points.row(7, named=True)
    values = folder.results().filter(point=7)["change"].to_numpy()
    low, high = stats.t.interval(0.95, 7, values.mean(), stats.sem(values))
    assert summary["change"] == pytest.approx(values.mean())
    assert (summary["change_low"], summary["change_high"]) == pytest.approx((low, high))
    assert summary["replicates"] == 8
