"""Runs that failed, outcomes that are not defined, numbers that are none: each is counted and said."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.analysis.estimates import summarise
from experiments.analysis.sensitivity import morris, pawn, sobol
from experiments.analysis.study_sensitivity import sensitivity
from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.sampling import LatinHypercube, Morris, Saltelli
from experiments.design.study import Study
from experiments.design.value import StudyError
from experiments.execution.run import run
from experiments.reports.study import study_document
from experiments.store.study_folder import NoRunsError
from tests.programs import alliance

FACTORS = {"empathy": "0.2:0.8", "boundary": "0.1:0.9"}


def numbers(settings, first, count):
    return float(settings["empathy"]) + 0.01 * np.arange(first, first + count)


def with_gaps(settings, seed, first, count):
    """Give two outcomes: one always defined, one not in every fourth replicate."""
    gain = numbers(settings, first, count)
    return {
        "gain": gain,
        "rare": np.where(np.arange(first, first + count) % 4 == 0, np.nan, gain),
    }


def with_a_constant(settings, seed, first, count):
    return {"same": np.full(count, 0.5), "gain": numbers(settings, first, count)}


def always_fails(settings, seed, first, count):
    raise ValueError("always [so]")


def study(design=None, outcomes=("gain", "rare"), replicates=20):
    return Study(
        design=design or Grid(factors={"empathy": [0.3, 0.7]}),
        outcomes=outcomes,
        replication=Fixed(replicates=replicates),
    )


def test_every_outcome_says_in_how_many_runs_it_is_defined(tmp_path):
    folder = run(study(), tmp_path / "s", evaluate=with_gaps)
    found = summarise(folder)
    assert found.points["replicates"].to_list() == [20, 20]
    assert found.points["gain_n"].to_list() == [20, 20]
    assert found.points["rare_n"].to_list() == [15, 15]
    assert (found.defined("gain"), found.defined("rare"), found.runs) == (40, 30, 40)
    page = alliance("results", tmp_path / "s").output
    assert page.count("(n 15)") == 2
    assert "(n 20)" not in page
    report = study_document(folder)
    assert "30 of 40 runs" in report
    assert report.count("(n 15)") == 2


def test_sensitivity_says_how_many_runs_and_points_it_is_not_of(tmp_path):
    def rarer(settings, seed, first, count):
        given = with_gaps(settings, seed, first, count)
        if settings["empathy"] > 0.7:
            given["rare"] = np.full(count, np.nan)
        return given

    wide = study(LatinHypercube(factors=FACTORS, size=60), replicates=4)
    folder = run(wide, tmp_path / "s", evaluate=rarer)
    found = sensitivity(folder, "rare")
    assert found.points == 50
    assert "defined in 150 of 240 runs" in found.note
    assert "10 points without any are left out" in found.note
    assert "defined in" not in sensitivity(folder, "gain").note
    said = alliance("sensitivity", tmp_path / "s", "--outcome", "rare", "--above", 0.5).output
    assert "50 points where it is a number" in " ".join(said.split())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 17, -1])
def test_one_number_that_is_none_is_refused_by_every_method(bad, place):
    for method, design in (
        (sobol, Saltelli(factors=FACTORS, base=32)),
        (morris, Morris(factors=FACTORS, trajectories=8)),
    ):
        values = design.unit().sum(axis=1)
        values[place] = bad
        with pytest.raises(StudyError, match=r"infinite at 1|missing at 1"):
            method(design, values)
    unit = LatinHypercube(factors=FACTORS, size=64).unit()
    values = unit.sum(axis=1)
    values[place] = bad
    with pytest.raises(StudyError, match=r"infinite at 1|missing at 1"):
        pawn(tuple(FACTORS), unit, values)


@pytest.mark.parametrize("size", range(20, 121, 7))
def test_samples_of_any_size_can_be_analysed(size):
    unit = LatinHypercube(factors=FACTORS, size=size).unit()
    assert np.isfinite(list(pawn(tuple(FACTORS), unit, unit.sum(axis=1)).main().values())).all()


def test_an_infinite_run_of_a_study_does_not_become_an_index_of_zero(tmp_path):
    def once_infinite(settings, seed, first, count):
        gain = numbers(settings, first, count)
        return {"gain": np.where((settings["empathy"] > 0.79) & (gain > 0), np.inf, gain)}

    sampled = study(Saltelli(factors=FACTORS, base=32), ("gain",), replicates=2)
    folder = run(sampled, tmp_path / "s", evaluate=once_infinite)
    with pytest.raises(StudyError, match="infinite at"):
        sensitivity(folder, "gain")


def test_a_constant_outcome_does_not_end_the_others(tmp_path):
    sampled = study(Morris(factors=FACTORS, trajectories=6), ("same", "gain"), replicates=2)
    run(sampled, tmp_path / "s", evaluate=with_a_constant)
    said = alliance("sensitivity", tmp_path / "s")
    assert said.exit_code == 0
    assert "same is the same at every point" in said.output
    assert "gain: morris" in said.output
    refused, found = json.loads(alliance("sensitivity", tmp_path / "s", "--json").output)
    assert refused["outcome"] == "same"
    assert "same at every point" in refused["refused"]
    assert found["outcome"] == "gain"
    assert len(found["effects"]) == 6


def test_only_constant_outcomes_are_an_error(tmp_path):
    sampled = study(Morris(factors=FACTORS, trajectories=6), ("same",), replicates=2)
    run(sampled, tmp_path / "s", evaluate=with_a_constant)
    assert alliance("sensitivity", tmp_path / "s").exit_code == 2


@pytest.fixture
def in_vain(tmp_path):
    folder = run(study(), tmp_path / "s", evaluate=always_fails)
    assert folder.results().shape == (0, 5)
    return tmp_path / "s"


@pytest.mark.parametrize("command", ["results", "report", "sensitivity"])
def test_a_study_whose_points_all_failed_says_so_and_shows_why(in_vain, command):
    said = alliance(command, in_vain)
    assert said.exit_code == 1
    assert "point 1, replicates 0 to 19: ValueError: always [so]" in said.output
    assert "gave a result: 40 failed" in said.output
    assert not (in_vain / "report.html").exists()


def test_the_csv_of_a_study_without_results_is_not_written(in_vain, tmp_path):
    said = alliance("results", in_vain, "--csv", tmp_path / "runs.csv")
    assert said.exit_code == 1
    assert "gave a result" in said.output
    assert not (tmp_path / "runs.csv").exists()


def test_in_python_a_summary_of_nothing_says_why(in_vain):
    with pytest.raises(NoRunsError, match="40 failed, the first with ValueError: always"):
        summarise(in_vain)


def test_a_sweep_whose_runs_all_fail_ends_with_1_each_time(tmp_path, monkeypatch):
    name = "experiments.execution.run.ClinicEvaluation"
    monkeypatch.setattr(name, lambda _: always_fails)
    words = ("sweep", "--vary", "empathy=0.3,0.7", "--replicates", 3, "--out", tmp_path / "s")
    for _ in range(2):
        said = alliance(*words)
        assert said.exit_code == 1
        assert "gave a result: 6 failed" in said.output
