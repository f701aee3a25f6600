"""Studies of the simulation itself: the same promises, and examples that run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.catalogue import OUTCOMES
from experiments.design.designs import Grid
from experiments.design.listed_designs import Presets
from experiments.design.replication import Fixed
from experiments.design.sampling import Saltelli
from experiments.design.study import Study
from experiments.execution.chunks import run_chunk
from experiments.execution.dask_executor import Dask
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Processes, Serial, Threads
from experiments.execution.plan import plan
from experiments.execution.run import run, run_and_report
from experiments.execution.verify import verify
from experiments.reports.study import study_document
from simulation.errors import AllianceError
from tests.experiments.studies.clinic_of_paper import result_bytes

EXAMPLES = sorted((Path(__file__).parents[3] / "experiments" / "examples").glob("*.toml"))

SMALL = Study(
    design=Grid(factors={"empathy": "0.2:0.9:3", "progress_feedback": [False, True]}),
    settings={"clients": 30, "therapists": 4},
    outcomes=("dropout_rate", "core_10_change", "mean_fatigue"),
    replication=Fixed(replicates=12),
    chunk_runs=10,
    seed=5,
)


def test_the_clinic_gives_the_same_bytes_in_threads_and_processes(tmp_path):
    for name, executor in {"a": Serial(), "b": Threads(2), "c": Processes(2)}.items():
        run(SMALL, tmp_path / name, executor=executor)
    assert result_bytes(tmp_path / "b") == result_bytes(tmp_path / "a")
    assert result_bytes(tmp_path / "c") == result_bytes(tmp_path / "a")


@pytest.mark.slow
def test_the_clinic_gives_the_same_bytes_on_two_dask_workers(tmp_path):
    pytest.importorskip("distributed")
    run(SMALL, tmp_path / "a", executor=Serial())
    run(SMALL, tmp_path / "d", executor=Dask("local", 2))
    assert result_bytes(tmp_path / "d") == result_bytes(tmp_path / "a")


def test_random_rows_come_out_the_same_to_the_bit(tmp_path):
    found = verify(run(SMALL, tmp_path / "s"), 15, seed=2)
    assert found.holds
    assert found.same_source
    assert len(found.rows) == 15


@pytest.mark.parametrize("settings", [{}, {"clients": 7, "therapists": 2}, {"clients": 6000}])
def test_a_replicate_does_not_depend_on_those_it_is_asked_for_with(settings):
    evaluate = ClinicEvaluation(tuple(OUTCOMES))
    together = evaluate(settings, 3, 4, 6)
    for replicate in (4, 7, 9):
        alone = evaluate(settings, 3, replicate, 1)
        for name in OUTCOMES:
            assert alone[name].tobytes() == together[name][[replicate - 4]].tobytes(), name


def test_more_empathy_keeps_more_clients(tmp_path):
    table = run(SMALL, tmp_path / "s").results()
    means = table.group_by("empathy").agg(pl.col("dropout_rate", "core_10_change").mean())
    means = means.sort("empathy")
    assert np.all(np.diff(means["dropout_rate"].to_numpy()) < 0)
    assert np.all(np.diff(means["core_10_change"].to_numpy()) > 0)


def test_shared_luck_makes_a_policy_visible_that_chance_would_hide(tmp_path):
    table = run(SMALL, tmp_path / "s").results().filter(pl.col("empathy") == 0.2)
    off, on = (
        table.filter(pl.col("progress_feedback") == which)["core_10_change"].to_numpy()
        for which in (False, True)
    )
    paired, apart = np.var(on - off, ddof=1), np.var(on, ddof=1) + np.var(off, ddof=1)
    assert paired < apart / 2


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (Grid(factors={"empaty": [0.5]}), "Did you mean empathy?"),
        (Grid(factors={"empathy": [1.5]}), "empathy takes a number"),
        (Grid(factors={"therapists": [0]}), "therapists takes a whole number"),
        (Saltelli(factors={"supervision_network": "0:1"}, base=2), "takes words"),
        (Presets(names=["universty_counselling"]), "not a preset"),
    ],
)
def test_what_the_model_cannot_take_is_refused_before_a_folder_is_made(design, said, tmp_path):
    with pytest.raises(AllianceError, match=said):
        run(Study(design=design), tmp_path / "s")
    with pytest.raises(AllianceError, match="Did you mean dropout_rate"):
        run(
            Study(design=Grid(factors={"empathy": [0.5]}), outcomes=["dropot_rate"]), tmp_path / "s"
        )
    assert not (tmp_path / "s").exists()


def test_there_are_at_least_five_examples():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_asks_a_question_and_its_small_form_runs_without_failures(path, tmp_path):
    study = Study.load(path)
    assert study.name.endswith("?")
    assert len(study.question.split()) > 50
    report = run_and_report(study.small(), tmp_path / "s")
    assert report.failed == 0
    assert 2 * report.finished < plan(study).runs
    assert "How to reproduce this" in study_document(report.folder)


class OneByOne(ClinicEvaluation):
    """Computes each point alone."""

    together = None


@pytest.mark.parametrize("contradicting", [False, True])
def test_points_computed_together_have_the_bits_they_have_alone(contradicting):
    # No population can have the last correlation: every point that stands beside such a one is computed alone.
    correlations = [-0.4, 0.0, 0.9] if contradicting else [-0.4, 0.0]
    study = Study(
        design=Grid(
            factors={
                "empathy": "0.2:0.9:3",
                "session_limit": [6, 20],
                "anxiety_with_trust": correlations,
                "clients": [20, 31],
            }
        ),
        settings={"therapists": 3},
        outcomes=tuple(OUTCOMES),
        replication=Fixed(replicates=2),
        seed=11,
    )
    (task,) = plan(study).tasks([0])
    alone = run_chunk(task, OneByOne(study.outcomes))
    together = run_chunk(task, ClinicEvaluation(study.outcomes))
    assert len(alone.failures) == (12 if contradicting else 0)
    assert replace(together, seconds=0, outcomes={}, point=None, replicate=None) == replace(
        alone, seconds=0, outcomes={}, point=None, replicate=None
    )
    np.testing.assert_array_equal(together.point, alone.point)
    np.testing.assert_array_equal(together.replicate, alone.replicate)
    for name, values in alone.outcomes.items():
        assert together.outcomes[name].tobytes() == values.tobytes(), name


def test_points_of_short_runs_are_computed_together_and_large_ones_alone():
    model = ClinicEvaluation(("dropout_rate",))
    small = [{"clients": 50, "empathy": empathy} for empathy in (0.3, 0.6)]
    found = model.together([*small, {"clients": 50, "empathy": 7}, {"clients": 4000}], 1, 0, 2)
    assert [one is None for one in found] == [False, False, True, True]
    assert not np.array_equal(found[0]["dropout_rate"], found[1]["dropout_rate"])
