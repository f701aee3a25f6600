"""An audition measures what is known of an analysis, counts failures apart, and survives being stopped."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

from experiments.audition.audition import Audition
from experiments.audition.scripts import Script
from experiments.audition.studies import Arms
from experiments.audition.summary import TellsApart, summarise_audition
from experiments.audition.truths import truths_by_statistic
from experiments.catalogue import statistic
from experiments.execution.executors import Serial, Threads
from experiments.quantities.monte_carlo import Measured
from experiments.tables.run_tables import RunTables
from experiments.validation.null_clinics import closed_clinic
from experiments.validation.simulated_studies import simulated_tables
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

ANCOVA = """
import numpy as np

def analyse(table):
    table = table.drop_nulls(["core_10_last", "core_10_intake"])
    y = table["core_10_last"].to_numpy()
    x = np.column_stack([np.ones(len(y)), table["arm"], table["core_10_intake"]])
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    rest, df = y - x @ b, len(y) - 3
    return b[1], np.sqrt(rest @ rest / df * np.linalg.inv(x.T @ x)[1, 1]), df

def half(table):
    estimate, error, df = analyse(table)
    return estimate, error / 2, df

def shifted(table):
    estimate, error, df = analyse(table)
    return estimate + 2, error, df

def some(table):
    if int(table["core_10_last"].sum()) % 4 == 0:
        raise RuntimeError("no fit")
    return analyse(table)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scripts") / "ancova.py"
    path.write_text(ANCOVA, encoding="utf-8")
    return path


def trial(file: Path, name: str = "analyse", **changes: object) -> Audition:
    asked = Audition(
        Script.named(f"{file}:{name}"),
        Arms((("alliance_effect", 4.0),)),
        rows="client",
        studies=30,
        clients=60,
        rivals=("relief",),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(file: Path, tmp_path_factory: pytest.TempPathFactory):
    return (
        trial(file).run(tmp_path_factory.mktemp("auditions") / "ancova", executor=Serial()).folder
    )


def test_bias_coverage_power_and_type_one_error_are_those_of_the_stored_answers(folder) -> None:
    found = summarise_audition(folder)
    assert [one.world for one in found.worlds] == ["model", "relief", "null"]
    results = folder.results().filter(pl.col("world") == "relief")
    relief = found.worlds[1]
    estimate, effect = results["estimate"].to_numpy(), results["effect"].to_numpy()
    truth = effect.mean()
    assert relief.truth.value == pytest.approx(truth)
    assert relief.bias.value == pytest.approx(estimate.mean() - truth)
    assert relief.spread.value == pytest.approx(estimate.std(ddof=1))
    inside = (results["low"] <= truth) & (results["high"] >= truth)
    assert relief.coverage.value == pytest.approx(inside.mean())
    rejected = (results["p"] < 0.05).mean()
    assert relief.rejected.value == pytest.approx(rejected)
    assert relief.rejected.error == pytest.approx(math.sqrt(rejected * (1 - rejected) / 30))
    assert found.worlds[2].truth.value == 0.0


def test_an_honest_analysis_is_unbiased_and_covers(folder) -> None:
    for one in summarise_audition(folder).worlds:
        assert abs(one.bias.value) < 4 * one.bias.error
        # So few of thirty intervals hold the truth once in ten thousand times.
        assert one.coverage.value * 30 > stats.binom.ppf(1e-4, 30, 0.95)
        assert one.model_error == pytest.approx(one.spread.value, rel=0.5)


def test_an_analysis_that_is_wrong_is_found_out(file: Path, folder, tmp_path: Path) -> None:
    """Broken on purpose: standard errors of half the size, and estimates that are two points off."""
    half = summarise_audition(trial(file, "half").run(tmp_path / "half", executor=Serial()).folder)
    shifted = summarise_audition(
        trial(file, "shifted").run(tmp_path / "shifted", executor=Serial()).folder
    )
    assert half.worlds[2].coverage.value < 0.85
    assert half.worlds[2].rejected.value > 0.15
    for one in shifted.worlds:
        assert one.bias.value > 4 * one.bias.error


def test_rivals_are_told_apart_by_what_is_outside_the_other_ones_interval(folder) -> None:
    found = summarise_audition(folder)
    assert [(one.one, one.other) for one in found.pairs] == [("model", "relief")]
    results = folder.results()
    one, other = (results.filter(pl.col("world") == name) for name in ("model", "relief"))
    out = [
        ((a["low"] > b["estimate"].mean()) | (a["high"] < b["estimate"].mean())).mean()
        for a, b in ((one, other), (other, one))
    ]
    assert found.pairs[0].chance == pytest.approx(min(out))


def test_failures_are_counted_apart_with_the_first_error(file: Path, tmp_path: Path) -> None:
    report = trial(file, "some", rivals=()).run(tmp_path / "some", executor=Serial())
    found = summarise_audition(report.folder)
    assert sum(one.studies + one.failed for one in found.worlds) == 60
    assert report.failed == sum(one.failed for one in found.worlds) > 3
    assert found.first_error == "ScriptError: RuntimeError: no fit (ancova.py, line 22)"
    assert found.replay.endswith(
        "--data model:" + str(report.folder.failures()["first_replicate"][0])
    )
    for one in found.worlds:
        assert math.isnan(one.rejected.value)
        assert f"{one.failed} of 30 studies failed" in one.withheld
        assert math.isfinite(one.estimate.value)


def bytes_of(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted((path / "results").iterdir())}


@pytest.mark.slow
def test_what_was_lost_is_run_again_to_the_same_bytes(file: Path, tmp_path: Path, folder) -> None:
    asked = trial(file)
    path = asked.run(tmp_path / "again", executor=Serial()).folder.path
    whole = bytes_of(path)
    assert whole == bytes_of(folder.path)
    assert whole == bytes_of(asked.run(tmp_path / "threads", executor=Threads(2)).folder.path)
    for name in list(whole)[1::2]:
        (path / "results" / name).unlink()
    report = asked.run(path, executor=Serial())
    assert 0 < report.finished < 90
    assert bytes_of(path) == whole


def test_another_script_is_refused_by_name(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(ANCOVA, encoding="utf-8")
    asked = trial(path, rivals=(), studies=2)
    asked.run(tmp_path / "folder", executor=Serial())
    path.write_text(ANCOVA + "\n# another word\n", encoding="utf-8")
    with pytest.raises(AllianceError, match=r"changed since: script mine\.py"):
        asked.run(tmp_path / "folder", executor=Serial())


def test_a_study_has_two_arms_of_other_clients_and_the_same_luck(file: Path) -> None:
    asked = trial(file)
    table, effect = asked.evaluation.simulated.study(asked.settings("relief"), 1, 3)
    again, same = asked.evaluation.simulated.study(asked.settings("relief"), 1, 3)
    assert table.content == again.content
    assert effect == same != 0.0
    assert table.frame["client"].is_unique().all()
    assert table.frame["arm"].sum() == pytest.approx(table.frame.height / 2, abs=4)
    null, none = asked.evaluation.simulated.study(asked.settings("null"), 1, 3)
    assert none == 0.0
    model, _ = asked.evaluation.simulated.study(asked.settings("model"), 1, 3)
    usual = pl.col("arm") == 0
    assert null.frame.filter(usual).equals(model.frame.filter(usual))


def test_a_cohort_is_measured_against_a_statistic(file: Path) -> None:
    asked = replace(trial(file, rivals=()), arms=None, rows="session")
    truths = truths_by_statistic(asked, "pre_post_d")
    assert list(truths) == ["model", "null"]
    for world, truth in truths.items():
        parameters = asked.evaluation.simulated.parameters(asked.settings(world))
        tables = RunTables(*simulated_tables(parameters, 77, 400, None))
        each = [statistic("pre_post_d")(one) for one in tables.batches(400)]
        assert truth.error == pytest.approx(np.std(each) / 20, rel=0.5)
        fresh = statistic("pre_post_d")(tables)
        assert truth.value == pytest.approx(fresh, abs=4 * math.hypot(truth.error, truth.error))
        seen = RunTables(*simulated_tables(parameters, asked.seed, 400, None))
        assert truth.value != statistic("pre_post_d")(seen), "the truth is of studies of its own"
    table, effect = asked.evaluation.simulated.study(asked.settings("model"), 1, 0)
    assert math.isnan(effect)
    model, null = (
        asked.evaluation.simulated.parameters(asked.settings(world)) for world in ("model", "null")
    )
    assert null == closed_clinic(model) != model, "nothing comes of the alliance"
    assert {"client", "therapist", "session", "wai_sr_client", "core_10", "status"} <= set(
        table.frame.columns
    )


def test_bias_from_a_truth_that_is_simulated_is_as_unsure_as_both(folder) -> None:
    found = summarise_audition(folder, {"null": Measured(1.0, 3.0)}).worlds[2]
    assert found.bias.value == pytest.approx(found.estimate.value - 1.0)
    assert found.bias.error == pytest.approx(math.hypot(found.estimate.error, 3.0))


def test_four_studies_in_five_tell_two_worlds_apart() -> None:
    assert [TellsApart("model", "halo", chance).apart for chance in (0.79, 0.8)] == [False, True]


def test_without_a_truth_nothing_is_said_about_bias(folder) -> None:
    found = summarise_audition(folder, {"model": Measured(math.nan, math.nan)})
    assert math.isnan(found.worlds[0].bias.value)
    assert math.isnan(found.worlds[0].coverage.value)
    assert np.isfinite(found.worlds[0].rejected.value)


def test_what_does_not_exist_is_said(file: Path) -> None:
    with pytest.raises(AllianceError, match="is no world of this audition"):
        trial(file).settings("paradise")
    asked = trial(file, arms=Arms((), "mood"))
    with pytest.raises(AllianceError, match="--outcome is one of"):
        asked.evaluation.simulated.study(asked.settings("model"), 1, 0)
    with pytest.raises(AllianceError, match="named twice"):
        trial(file, rivals=("model",)).study  # noqa: B018
