"""Tests of means, held against R."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.inference import analysis
from tests.experiments.inference import reference_data as data

SETS = {"a": data.data_a, "b": data.data_b, "d": data.data_d}


@pytest.mark.parametrize(
    ("name", "kind", "t", "df", "p"),
    [
        ("a", "t", 1.292569, 118, 0.1986854),
        ("a", "welch", 1.292569, 117.127778, 0.1987042),
        ("a", "t_of_therapist_means", 0.9205844, 8, 0.3841871),
        ("b", "t", 2.003802, 103, 0.0477170),
        ("b", "welch", None, 97.960140, 0.0492279),
        ("b", "t_of_therapist_means", 0.5124722, 8, 0.6221662),
        ("d", "t", 1.506545, 118, 0.1345998),
        ("d", "welch", 1.506545, 117.285003, 0.1346161),
        ("d", "t_of_therapist_means", 2.0815903, 8, 0.0709396),
    ],
)
def test_against_r(name: str, kind: str, t: float | None, df: float, p: float) -> None:
    fitted = analysis(kind)(SETS[name]())
    assert fitted.failed is None
    assert fitted.df == pytest.approx(df, rel=1e-6)
    assert fitted.p == pytest.approx(p, abs=1e-6)
    if t is not None:
        assert abs(fitted.estimate / fitted.se) == pytest.approx(t, rel=1e-6)


def test_crossed_therapists_are_compared_with_themselves() -> None:
    """Scipy's paired t, of the two means of each therapist."""
    table = data.data_c()
    means = [
        [table["score"][(table["therapist"] == j) & (table["arm"] == arm)].mean() for j in range(8)]
        for arm in (0, 1)
    ]
    theirs = stats.ttest_rel(means[1], means[0])
    fitted = analysis("t_of_therapist_means")(table)
    assert fitted.estimate == pytest.approx(np.mean(means[1]) - np.mean(means[0]))
    assert fitted.estimate / fitted.se == pytest.approx(theirs.statistic)
    assert (fitted.df, fitted.p) == (7, pytest.approx(theirs.pvalue))


@pytest.mark.parametrize("kind", ["t", "welch"])
def test_an_arm_of_three_is_compared_as_if_there_were_but_two(kind: str) -> None:
    table = data.data_h()
    found = analysis(kind).contrasts(table)
    assert len(found) == 2
    for arm, fitted in enumerate(found, 1):
        there = np.isin(table["arm"], (0, arm))
        two = {name: values[there] for name, values in table.items()}
        two["arm"] = (two["arm"] == arm).astype(np.int64)
        alone = analysis(kind)(two)
        assert (fitted.estimate, fitted.se, fitted.df) == pytest.approx(
            (alone.estimate, alone.se, alone.df)
        )


def test_trials_one_after_the_other_are_those_alone() -> None:
    tables = [data.data_a(), data.data_b(), data.data_d(), data.data_c()]
    rows = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    offsets = np.cumsum([0, *(len(table["arm"]) for table in tables)])
    for kind in ("t", "welch", "t_of_therapist_means"):
        many = analysis(kind).many(rows, offsets)
        for trial, table in enumerate(tables):
            assert repr(many.contrasts(trial)[0]) == repr(analysis(kind)(table)), (kind, trial)
