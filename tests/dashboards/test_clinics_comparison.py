"""Two settings under the same random numbers differ by their parameters alone."""

from __future__ import annotations

import io
import math
import re
import threading
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from dashboards.addresses.address import PageState
from dashboards.charts.figures import as_json
from dashboards.clinics.course_axes import reach_of
from dashboards.comparisons.baseline import SAME, arms_of
from dashboards.comparisons.comparison import CURVES, Arm, Comparison, sentence
from dashboards.comparisons.exports import (
    comparison_file,
    differences_table,
    replicates_table,
    sessions_table,
)
from dashboards.comparisons.figures import curve_figure, difference_figure, many
from dashboards.comparisons.running import ComparisonRun, refine_comparison
from dashboards.computing.cores import Cores
from dashboards.sweeps.exports import exported
from experiments import results
from experiments.catalogue import OUTCOMES, outcome
from experiments.design.study import Study
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.run import run
from experiments.quantities.estimate import Estimate
from simulation import Parameters, preset, simulate
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Parameters(clients=60, therapists=4)
USUAL = Arm("As usual", SMALL)
FEEDBACK = Arm("Feedback", SMALL.replace(progress_feedback=True))


def compare(a: Arm, b: Arm, seed: int, replicates: int) -> Comparison:
    """Return the finished comparison."""
    *_, last = refine_comparison(a, b, seed, replicates)
    return last


def test_equal_settings_give_identical_clinics_in_both_arms() -> None:
    found = compare(USUAL, Arm("The same", SMALL.replace()), 3, 6)
    for name, one in found.outcomes.items():
        assert one.same or np.isnan(one.estimate.value), name
        assert not one.clear
        assert "the same in both" in one.sentence or "not defined" in one.sentence
        assert found.per_replicate_a[name].tobytes() == found.per_replicate_b[name].tobytes()
    for name in CURVES:
        assert found.curves_a[name].value.tobytes() == found.curves_b[name].value.tobytes()
    assert not np.isnan(found.outcomes["dropout_rate"].estimate.value)


def test_outcomes_are_those_a_study_keeps() -> None:
    found = compare(USUAL, FEEDBACK, 3, 5)
    settings = {"clients": 60, "therapists": 4, "progress_feedback": True}
    studied = ClinicEvaluation(tuple(OUTCOMES))(settings, 3, 0, 5)
    for name, values in studied.items():
        assert values.tobytes() == found.per_replicate_b[name].tobytes(), name


def test_another_model_of_the_dyad_is_compared_in_the_same_clinic(tmp_path: Path) -> None:
    page = PageState(changes={"clients": 20, "therapists": 3, "empathy": 0.4})
    own, theirs = arms_of(page, "good_enough_level")
    assert theirs.label == "Leaving by the good-enough level"
    assert theirs.parameters == preset("good_enough_level", **own.parameters.model_dump())
    found = compare(own, theirs, 3, 4)
    assert (found.per_replicate_b["dropout_rate"] == 0.0).all()
    assert (found.per_replicate_a["dropout_rate"] > 0.0).any()
    study = Study.from_toml(comparison_file(own, theirs, 3, 4))
    run(study, tmp_path / "study")
    again = pl.DataFrame(results(tmp_path / "study")).sort("point", "replicate")
    mine = replicates_table(found).sort("point", "replicate")
    assert again["dropout_rate"].to_list() == mine["dropout_rate"].to_list()


def test_the_interval_is_that_of_paired_differences() -> None:
    from scipy import stats

    found = compare(USUAL, FEEDBACK, 3, 9)
    for name in ("core_10_change", "mean_alliance", "dropout_rate"):
        away = found.per_replicate_b[name] - found.per_replicate_a[name]
        low, high = stats.t.interval(0.95, 8, away.mean(), stats.sem(away))
        one = found.outcomes[name]
        assert (one.estimate.value, one.estimate.low, one.estimate.high) == pytest.approx(
            (away.mean(), low, high)
        )


def test_common_random_numbers_save_variance() -> None:
    one = compare(USUAL, FEEDBACK, 3, 20).outcomes["core_10_change"]
    assert one.saved is not None
    assert 0.3 < one.saved < 1


def test_results_get_better_and_end_the_same_however_many_cores_there_are() -> None:
    sides = (Arm("a", SMALL.replace(clients=700)), Arm("b", SMALL.replace(clients=700)))
    one = list(refine_comparison(*sides, 1, 5, cores=Cores(1)))
    two = list(refine_comparison(*sides, 1, 5, cores=Cores(2)))
    assert [found.done for found in one] == [found.done for found in two] == [2, 4, 5]
    assert one[-1].finished
    assert not one[0].finished
    for name in OUTCOMES:
        assert one[-1].per_replicate_a[name].tobytes() == two[-1].per_replicate_a[name].tobytes()


def test_between_two_steps_nothing_runs() -> None:
    cores, before = Cores(2), threading.active_count()
    run = ComparisonRun(USUAL, FEEDBACK, 1, 200, cores=cores)
    run.step()
    assert threading.active_count() == before
    assert cores.free == 2
    assert 0 < run.done < 200


def test_curves_are_means_of_replicates() -> None:
    found = compare(USUAL, FEEDBACK, 2, 4)
    sessions = simulate(SMALL, seed=2, replicates=4, histories=True)
    held = sessions.sessions.filter(pl.col("session") == 3).group_by("replicate")
    means = held.agg(pl.col("alliance").mean())["alliance"]
    assert found.curves_a["alliance"].value[2] == pytest.approx(means.mean())
    starters = sessions.clients.filter(pl.col("sessions") > 0).group_by("replicate")
    there = starters.agg((pl.col("sessions") >= 3).mean())["sessions"]
    assert found.curves_a["staying"].value[2] == pytest.approx(there.mean())


def test_arms_with_different_numbers_of_sessions_can_be_compared() -> None:
    short = Arm("Short", SMALL.replace(session_limit=4))
    found = compare(USUAL, short, 1, 3)
    for name in CURVES:
        figure = curve_figure(found, name)  # type: ignore[arg-type]
        assert len({len(one.values) for one in figure.series} | {len(figure.xs)}) == 1
        assert "nan" not in repr(as_json(figure))


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            (-0.021, -0.036, -0.006),
            "Feedback lowers dropout by 2.1 percentage points (0.6 to 3.6).",
        ),
        ((0.02, 0.01, 0.03), "Feedback raises dropout by 2.0 percentage points (1.0 to 3.0)."),
        ((0.01, -0.01, 0.03), "Dropout: no clear difference (−1.0 to 3.0 percentage points)."),
        ((0.0, 0.0, 0.0), "Dropout: the same in both."),
        ((0.01, np.nan, np.nan), "Dropout: one replicate tells nothing about chance yet."),
        ((np.nan, np.nan, np.nan), "Dropout: not defined in one of the two."),
    ],
)
def test_a_difference_is_said_in_words(numbers: tuple[float, float, float], said: str) -> None:
    assert sentence(outcome("dropout_rate"), "Feedback", Estimate(*numbers)) == said


def test_differences_are_drawn_with_their_intervals() -> None:
    found = compare(USUAL, FEEDBACK, 3, 5)
    figure = difference_figure(found, ("dropout_rate", "recovery_rate"))
    assert figure.x.percent
    assert (figure.x.label, figure.x.points) == ("Difference (percentage points)", True)
    assert figure.reference == 0
    assert figure.series[0].values[0] == round(found.outcomes["dropout_rate"].estimate.value, 4)


def test_the_clearest_differences_are_told_and_the_unclear_ones_are_not() -> None:
    found = compare(USUAL, FEEDBACK, 4, 20)
    names = ("dropout_rate", "one_session_rate")
    assert found.outcomes["dropout_rate"].clear
    assert not found.outcomes["one_session_rate"].clear
    summary = difference_figure(found, names).summary
    assert summary == found.outcomes["dropout_rate"].sentence
    assert difference_figure(found, names[1:]).summary == "None of these differs clearly."
    clear = [name for name, one in found.outcomes.items() if one.clear]
    assert len(clear) > 3
    sizes = {name: found.outcomes[name].estimate for name in clear}
    surest = sorted(clear, key=lambda name: -abs(sizes[name].value) / sizes[name].width)
    said = [found.outcomes[name].sentence for name in surest[:3]]
    assert difference_figure(found, clear).summary == (
        f"{' '.join(said)} {len(clear) - 3} more differ clearly."
    )
    assert found.summary == (
        f"{len(clear)} of {len(OUTCOMES)} outcomes differ clearly after 20 replicates; if nothing differed, about "
        f"{round(len(OUTCOMES) / 20)} would seem to by chance."
    )
    same = compare(USUAL, Arm("Alike", SMALL), 4, 2)
    assert same.summary == "As usual and Alike are the same in everything."


def test_every_outcome_has_a_name_for_people() -> None:
    assert all(one.label for one in OUTCOMES.values())
    assert len({one.label for one in OUTCOMES.values()}) == len(OUTCOMES)


@pytest.mark.parametrize("replicates", [1, 0, -3, 2_001, "many"])
def test_nonsense_is_refused(replicates: int) -> None:
    with pytest.raises(AllianceError):
        ComparisonRun(USUAL, FEEDBACK, 1, replicates)
    with pytest.raises(AllianceError, match="too many to compare"):
        ComparisonRun(Arm("big", Parameters(clients=20_001)), FEEDBACK, 1, 2)
    with pytest.raises(AllianceError, match="too many to compare"):
        ComparisonRun(USUAL, Arm("big", Parameters(clients=20_001)), 1, 2)
    with pytest.raises(AllianceError, match="too many to compare"):
        ComparisonRun(Arm("many", Parameters(clients=10_000)), FEEDBACK, 1, 500)


PAGES = {
    "without changes against itself": (PageState(), SAME),
    "a policy over changes": (
        PageState(changes={"empathy": 0.4, "clients": 30}),
        "progress_feedback",
    ),
    "another setting": (PageState(preset="warm_but_porous", changes={"clients": 30}), "youth"),
    "a policy against itself": (PageState(preset="progress_feedback"), "progress_feedback"),
    "a rival mechanism": (PageState(changes={"clients": 30}), "relief"),
}


@pytest.mark.parametrize(("page", "other"), PAGES.values(), ids=PAGES.keys())
def test_the_study_file_of_a_comparison_runs_to_the_same_bits(
    page: PageState, other: str, tmp_path: Path
) -> None:
    a, b = arms_of(page, other)
    found = compare(a, b, 7, 4)
    file = tmp_path / "comparison.toml"
    file.write_text(comparison_file(a, b, 7, 4), encoding="utf-8")
    studied = run(Study.load(file), tmp_path / "results").results()
    ours = replicates_table(found)
    assert ours.columns == studied.columns
    assert len(ours) == len(studied) == 8
    for name in ours.columns:
        if name in OUTCOMES:
            assert ours[name].to_numpy().tobytes() == studied[name].to_numpy().tobytes(), name
        else:
            assert ours[name].cast(pl.String).to_list() == studied[name].cast(pl.String).to_list()


def test_the_tables_of_a_comparison_hold_what_is_shown() -> None:
    found = compare(USUAL, FEEDBACK, 3, 5)
    differences = differences_table(found)
    assert differences["outcome"].to_list() == list(OUTCOMES)
    row = differences.row(by_predicate=pl.col("outcome") == "dropout_rate", named=True)
    one = found.outcomes["dropout_rate"]
    assert (row["a"], row["b"]) == (one.a, one.b)
    assert (row["difference_low"], row["difference_high"]) == (one.estimate.low, one.estimate.high)
    assert row["variance_saved"] == one.saved is not None
    sessions = sessions_table(found).filter(pl.col("arm") == "Feedback")
    assert sessions["clients"].to_list() == found.number_b.tolist()
    assert sessions["alliance"][2] == found.curves_b["alliance"].value[2]
    for table in (differences, sessions, replicates_table(found)):
        again = pl.read_parquet(io.BytesIO(exported(table, "parquet")))
        assert again.equals(table)
        assert len(pl.read_csv(io.BytesIO(exported(table, "csv")))) == len(table)


def test_the_number_still_there_is_that_of_all_replicates() -> None:
    found = compare(USUAL, FEEDBACK, 2, 4)
    sessions = simulate(SMALL, seed=2, replicates=4, histories=True).sessions
    held = sessions.group_by("session").len().sort("session")
    assert found.number_a.tolist() == held["len"].to_list()
    figure = curve_figure(found, "alliance")
    assert figure.counted
    assert [int(n or 0) for n in figure.series[0].number[: len(held)]] == held["len"].to_list()


def test_arms_are_said_to_differ_only_where_enough_clients_are_left() -> None:
    long = SMALL.replace(session_limit=40)
    found = compare(Arm("a", long), Arm("b", long.replace(progress_feedback=True)), 3, 20)
    least, sessions = many(found)
    assert least == max(30, math.ceil(found.number_a[0] / 10))
    fewer = [min(pair) for pair in zip(found.number_a, found.number_b, strict=False)]
    assert fewer[sessions - 1] >= least > fewer[sessions]
    away = found.curves_a["alliance"].value.copy()
    away[sessions:] += 0.5  # where few are left the arms lie far apart
    apart = replace(found.curves_a["alliance"], value=away)
    moved = replace(found, curves_a=MappingProxyType({**found.curves_a, "alliance": apart}))
    said = curve_figure(moved, "alliance").summary
    at = int(re.findall(r"differ most at session (\d+)", said)[0])
    assert at <= sessions
    assert f"{found.number_a[at - 1]} clients there" in said
    assert f"Sessions after {sessions} are left out: fewer than {least} clients" in said
    few = compare(
        Arm("a", SMALL.replace(clients=10)),
        Arm("b", SMALL.replace(clients=9)),
        1,
        2,
    )
    assert curve_figure(few, "alliance").summary.startswith("No session was held by 30 clients")


def test_the_share_still_there_comes_down_in_steps_to_nobody() -> None:
    short = Arm("Short", SMALL.replace(session_limit=4))
    figure = curve_figure(compare(USUAL, short, 1, 6), "staying")
    assert figure.steps
    one, other = figure.series
    assert other.values[4:] == (0.0,) * (len(figure.xs) - 4)
    assert one.values[-1] == 0.0
    assert "differ most at session 5" in figure.summary


def test_intervals_stay_within_what_is_possible() -> None:
    tiny = SMALL.replace(clients=3, therapists=1)
    found = compare(Arm("a", tiny), Arm("b", tiny.replace(empathy=0.9)), 1, 2)
    assert any(
        one.estimate.low < -1 or one.estimate.high > 1
        for one in found.outcomes.values()
        if one.outcome.unit.percent
    )
    shares = [name for name, one in found.outcomes.items() if one.outcome.unit.percent]
    bars = difference_figure(found, shares).series[0]
    assert all(value is None or -1 <= value <= 1 for value in (*bars.low, *bars.high))
    for name in CURVES:
        low, high = (0.0, 1.0) if name == "staying" else reach_of(name)
        for one in curve_figure(found, name).series:  # type: ignore[arg-type]
            assert all(v is None or low <= v <= high for v in (*one.low, *one.high)), name
    assert sentence(outcome("dropout_rate"), "B", Estimate(0.1, -1.4, 1.6)) == (
        "Dropout: no clear difference (−100.0 to 100.0 percentage points)."
    )
