"""Outcomes may be series over sessions: one outcome a session, with intervals and n like any other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from experiments.analysis.estimates import summarise
from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.design.value import StudyError
from experiments.execution.run import run
from experiments.reports.study import study_document
from simulation import Parameters, simulate
from simulation.errors import AllianceError

SMALL = {"clients": 12, "therapists": 3, "session_limit": 8}


def study(*outcomes, replicates=4):
    return Study(
        design=Grid(factors={"empathy": [0.3, 0.7]}),
        settings=SMALL,
        outcomes=outcomes,
        replication=Fixed(replicates=replicates),
    )


def test_a_range_of_sessions_is_one_outcome_each_and_reads_back():
    asked = study("dropout_rate", "trust@2:4")
    assert asked.outcomes == ("dropout_rate", "trust@2", "trust@3", "trust@4")
    assert Study.from_toml(asked.to_toml()) == asked


def test_each_is_the_mean_over_the_clients_who_came_to_that_session(tmp_path):
    runs = run(study("trust@1:8", "core_10@1:8"), tmp_path / "s").results()
    for point, empathy in enumerate((0.3, 0.7)):
        sessions = simulate(
            Parameters(**SMALL, empathy=empathy), seed=1, replicates=4, histories=True
        ).sessions
        for column in ("trust", "core_10"):
            for session in (1, 5, 8):
                rows = sessions.filter(pl.col("session") == session)
                means = dict(rows.group_by("replicate").agg(pl.col(column).mean()).iter_rows())
                found = runs.filter(pl.col("point") == point)[f"{column}@{session}"].to_list()
                for replicate, value in enumerate(found):
                    expected = means.get(replicate, np.nan)
                    assert value == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_a_session_that_few_reach_says_in_how_many_runs_it_is_defined(tmp_path):
    found = summarise(run(study("trust@1", "trust@9"), tmp_path / "s")).points
    assert found["trust@1_n"].to_list() == [4, 4]
    assert found["trust@9_n"].to_list() == [0, 0]


def test_the_report_draws_the_course(tmp_path):
    page = study_document(run(study("dropout_rate", "trust@1:4"), tmp_path / "s"))
    assert "<h2>Over the sessions</h2>" in page
    assert "Mean trust at session 3" in page


def test_a_custom_model_gives_a_series_as_an_array(tmp_path):
    def evaluate(settings, seed, first, count):
        numbers = np.arange(first, first + count)
        return {"mood": settings["empathy"] + numbers[:, None] + 10.0 * np.arange(1, 4)}

    runs = run(study("mood@1:4"), tmp_path / "s", evaluate=evaluate).results()
    assert runs["mood@2"].to_list()[:2] == [20.3, 21.3]
    assert runs["mood@4"].is_nan().all()


def test_a_series_without_a_session_is_said_to_be_one(tmp_path):
    folder = run(
        study("mood"), tmp_path / "s", evaluate=lambda s, seed, f, n: {"mood": np.zeros((n, 3))}
    )
    assert "has shape (4, 3)" in folder.failures()["message"][0]


@pytest.mark.parametrize("name", ["trust@5:2", "trust@0:3", "trust@1:9999"])
def test_ranges_without_sessions_are_refused(name):
    with pytest.raises(StudyError, match="names no sessions"):
        study(name)


def test_a_misspelt_series_gets_the_nearest_name(tmp_path):
    with pytest.raises(AllianceError, match="Did you mean trust@3"):
        run(study("trsut@3"), tmp_path / "s")
