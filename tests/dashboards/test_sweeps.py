"""A sweep ends at the very numbers of the study it writes."""

from __future__ import annotations

import io
import itertools
import re
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from dashboards.charts.figures import Bars, Heat, Lines, as_json, fixed
from dashboards.clinics.outcomes import value_text
from dashboards.computing.cores import Cores
from dashboards.sweeps.axis import SweepAxis
from dashboards.sweeps.exports import exported, points_table
from dashboards.sweeps.figures import sweep_figure
from dashboards.sweeps.inputs import fewer_values
from dashboards.sweeps.refinement import SweepRun, coarse_first, refine, rounds
from dashboards.sweeps.spec import Sweep, study_file, study_of
from experiments.analysis.estimates import summarise
from experiments.catalogue import OUTCOMES, outcome
from experiments.design.study import Study
from experiments.execution.plan import plan
from experiments.execution.run import run
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from pathlib import Path

    from dashboards.sweeps.refinement import SweepProgress

EMPATHY = SweepAxis("empathy", 0.2, 0.8, 4)
SWEEPS = {
    "two numbers": Sweep((EMPATHY, SweepAxis("boundary", 0.1, 0.9, 3)), clients=20, replicates=6),
    "words, presets and changes": Sweep(
        (SweepAxis("assignment"),),
        presets=("university_counselling", "relief"),
        changes={"therapists": 4, "weeks": 60},
        outcome="early_wai_sr_client",
        clients=25,
        replicates=5,
        seed=9,
    ),
    "a switch and whole numbers": Sweep(
        (SweepAxis("progress_feedback"), SweepAxis("session_limit", 3, 12, 4)),
        outcome="mean_fatigue",
        clients=15,
        replicates=3,
    ),
    "clients themselves": Sweep((SweepAxis("clients", 5, 30, 3),), replicates=9),
    "sparse": Sweep((EMPATHY,), outcome="alliance_dropout_d", clients=4, replicates=7),
}


def finish(sweep: Sweep, cores: int = 2) -> tuple[SweepRun, SweepProgress]:
    run = SweepRun(sweep, cores=Cores(cores))
    while not run.finished:
        run.step(0.02)
    return run, run.progress()


def runs_table(run: SweepRun) -> pl.DataFrame:
    """Return one row a finished run: ``point``, ``replicate``, the parameters, the outcome; as a study's results."""
    sweep, progress = run.sweep, run.progress()
    there = progress.number[:, None] > np.arange(sweep.replicates)
    there[list(progress.failed)] = False
    point, replicate = np.nonzero(there)
    columns = [
        pl.Series("point", point, dtype=pl.UInt32),
        pl.Series("replicate", replicate, dtype=pl.UInt32),
    ]
    columns += [
        pl.Series(name, values).gather(point) for name, values in sweep.axes_columns.items()
    ]
    columns.append(pl.Series(sweep.outcome, run.values[point, replicate]))
    return pl.DataFrame(columns)


@pytest.mark.parametrize("sweep", SWEEPS.values(), ids=SWEEPS.keys())
def test_the_end_is_bit_for_bit_what_the_study_file_gives(sweep: Sweep, tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(study_file(sweep), encoding="utf-8")
    folder = run(Study.load(file), tmp_path / "results")
    refined, progress = finish(sweep)
    assert progress.finished
    ours, theirs = runs_table(refined), folder.results()
    assert ours.columns == theirs.columns
    for name in theirs.columns:
        if name == sweep.outcome:
            assert ours[name].to_numpy().tobytes() == theirs[name].to_numpy().tobytes()
        else:
            assert ours[name].cast(pl.String).to_list() == theirs[name].cast(pl.String).to_list()
    summary = summarise(folder).points
    table = points_table(progress)
    assert (progress.found.value == summary[sweep.outcome].to_numpy())[
        ~np.isnan(progress.found.value)
    ].all()
    assert table["replicates"].to_list() == summary["replicates"].to_list()
    for end in ("", "_low", "_high"):
        mine = table[f"{sweep.outcome}{end}"].to_list()
        expected = summary[f"{sweep.outcome}{end}"].fill_nan(None).to_list()
        assert mine == expected


def test_the_study_is_the_one_described_and_reads_back() -> None:
    for sweep in SWEEPS.values():
        study = study_of(sweep)
        assert Study.from_toml(study_file(sweep)).fingerprint == study.fingerprint
        assert len(plan(study).points) == sweep.points
        for point, row in enumerate(plan(study).points.rows(0, sweep.points)):
            assert plan(study).settings(row) == sweep.settings_at(point)


def test_threads_do_not_change_a_result() -> None:
    sweep = SWEEPS["two numbers"]
    assert finish(sweep, 1)[0].values.tobytes() == finish(sweep, 2)[0].values.tobytes()


def test_every_point_is_seen_once_before_any_is_seen_again() -> None:
    sweep = SWEEPS["two numbers"]
    seen = [progress.number for progress in refine(sweep, seconds=0.0, cores=Cores(1))]
    for number in seen:
        if number.max() > 1:
            assert number.min() >= 1
    assert seen[-1].tolist() == [6] * 12
    assert all((after >= before).all() for before, after in itertools.pairwise(seen))


def test_a_coarse_grid_comes_first() -> None:
    order = coarse_first((40, 40))
    assert sorted(order) == list(range(1600))
    coarse = {40 * row + column for row in range(0, 40, 8) for column in range(0, 40, 8)}
    assert set(order[: len(coarse)]) == coarse


@pytest.mark.parametrize("replicates", [1, 2, 3, 5, 20, 1000])
def test_rounds_cover_every_replicate_once(replicates: int) -> None:
    covered = [r for first, size in rounds(replicates) for r in range(first, first + size)]
    assert covered == list(range(replicates))


def test_intervals_are_t_intervals_of_what_is_known_and_absent_below_two() -> None:
    from scipy import stats

    run = SweepRun(SWEEPS["two numbers"], cores=Cores(1))
    while run.progress().number.max() < 4:
        run.step(0.0)
    values, progress = run.values, run.progress()
    for point, number in enumerate(progress.number):
        known = values[point, :number]
        assert progress.found.value[point] == pytest.approx(known.mean())
        if number < 2:
            assert np.isnan(progress.found.low[point])
        elif known.std() > 0:
            low, high = stats.t.interval(0.95, number - 1, known.mean(), stats.sem(known))
            assert (progress.found.low[point], progress.found.high[point]) == pytest.approx(
                (low, high)
            )


def test_intervals_cover_the_mean_about_as_often_as_they_say() -> None:
    sweep = Sweep((SweepAxis("empathy", 0.3, 0.7, 2),), clients=30, replicates=600)
    values = finish(sweep)[0].values[0]
    truth, hits = values.mean(), 0
    for ten in values.reshape(60, 10):
        half = 2.262 * ten.std(ddof=1) / np.sqrt(10)
        hits += abs(ten.mean() - truth) <= half
    assert hits >= 51
    progress = finish(Sweep(sweep.axes, clients=30, replicates=10))[1]
    first = values[:10]
    half = 2.262157 * first.std(ddof=1) / np.sqrt(10)
    assert progress.found.high[0] - progress.found.value[0] == pytest.approx(half, rel=1e-5)


def test_a_cancelled_sweep_leaves_nothing_running() -> None:
    cores, before = Cores(2), threading.active_count()
    for progress in refine(Sweep((EMPATHY,), replicates=500), seconds=0.02, cores=cores):
        assert not progress.finished
        break
    assert threading.active_count() == before
    assert cores.free == 2
    run = SweepRun(Sweep((EMPATHY,), replicates=500), cores=cores)
    done = run.step(0.02).done
    time.sleep(0.03)
    assert run.progress().done == done > 0


def test_a_step_ends_in_time() -> None:
    run = SweepRun(Sweep((EMPATHY,), clients=2_000, replicates=100), cores=Cores(1))
    first = run.step(0.0).done
    assert run.step(0.0).done - first <= 10_000 // 2_000, "more than one task without time"
    assert not run.finished


def test_the_point_clicked_is_the_clinic_that_was_run() -> None:
    sweep = SWEEPS["two numbers"]
    heat = sweep_figure(finish(sweep)[1])
    assert isinstance(heat, Heat)
    clinic = sweep.parameters_at(sweep.point_of(2, 1))
    assert (clinic.empathy, clinic.boundary, clinic.clients) == (0.6, 0.5, 20)
    assert (heat.ys[2], heat.xs[1]) == ("0.6", "0.5")
    assert (heat.y.label, heat.x.label) == ("Empathy", "Boundary")
    mean = finish(sweep)[1].found.value[sweep.point_of(2, 1)]
    assert heat.values[2][1] == round(float(mean), 4)


@pytest.mark.parametrize(
    ("sweep", "kind"),
    [("two numbers", Heat), ("words, presets and changes", Bars), ("clients themselves", Lines)],
)
def test_figures_are_plain_from_the_first_moment_to_the_last(sweep: str, kind: type) -> None:
    run = SweepRun(SWEEPS[sweep], cores=Cores(1))
    first = sweep_figure(run.progress())
    assert "Nothing has been run yet" in first.summary
    while not run.finished:
        progress = run.step(0.0)
        figure = sweep_figure(progress)
        missing = int((progress.number == 0).sum())
        # Also true of a sweep that was stopped: nothing more of it is to come.
        assert (f"{missing} points not yet run." in figure.summary) == bool(missing)
        assert isinstance(figure, kind)
        assert "nan" not in repr(as_json(figure))
    assert "lowest" in figure.summary


def test_a_map_its_scale_and_its_sentence_are_made_of_the_same_numbers() -> None:
    progress = finish(SWEEPS["two numbers"])[1]
    heat = sweep_figure(progress)
    assert isinstance(heat, Heat)
    assert heat.value.percent
    known = [value for row in heat.values for value in row if value is not None]
    said = re.findall(r"(\d+\.\d) %", heat.summary)
    assert said == [fixed(100 * min(known), 1), fixed(100 * max(known), 1)]


@pytest.mark.parametrize("name", ["two numbers", "words, presets and changes"])
def test_the_places_of_the_lowest_and_the_highest_point_are_named(name: str) -> None:
    progress = finish(SWEEPS[name])[1]
    mean, sweep = progress.found.value, progress.sweep

    def where(point: int) -> str:
        settings = sweep.parameters_at(point)
        values = [(axis.parameter, getattr(settings, axis.parameter)) for axis in sweep.axes]
        return ", ".join(
            f"{name} {value.replace('_', ' ') if isinstance(value, str) else f'{value:.4g}'}"
            for name, value in values
        )

    unit = sweep.measure.unit
    assert sweep_figure(progress).summary.startswith(
        f"{sweep.measure.title} is lowest, {value_text(unit, float(mean.min()))}, at {where(int(mean.argmin()))} and "
        f"highest, {value_text(unit, float(mean.max()))}, at {where(int(mean.argmax()))}. "
    )


def test_points_of_a_sweep_stand_at_their_values() -> None:
    line = sweep_figure(finish(Sweep((EMPATHY,), clients=5, replicates=2))[1])
    assert isinstance(line, Lines)
    assert line.xs == pytest.approx((0.2, 0.4, 0.6, 0.8))
    assert (line.x.low, line.x.high) == (0.2, 0.8)
    switch = Sweep((SweepAxis("progress_feedback"),), outcome="mean_sessions", replicates=3)
    bars, progress = sweep_figure(finish(switch)[1]), finish(switch)[1]
    assert isinstance(bars, Bars)
    assert bars.names == ("off", "on")
    assert not switch.parameters_at(0).progress_feedback
    assert bars.series[0].values == pytest.approx(progress.found.value, abs=1e-4)


def test_a_sentence_rounds_once_and_a_half_upwards() -> None:
    unit = outcome("dropout_rate").unit
    assert value_text(unit, 0.3125) == "31.3 %"
    assert value_text(unit, 0.34999) == value_text(unit, 0.35) == "35.0 %"  # a chart is sent 0.35
    assert value_text(unit, 0.312549) == "31.3 %"  # a chart is sent 0.3125


def test_intervals_of_a_sweep_stay_within_what_is_possible() -> None:
    cut = set()
    for name in ("dropout_rate", "mean_csq_8", "core_10_last", "early_wai_sr_client"):
        sweep = Sweep(
            (SweepAxis("empathy", 0.1, 0.9, 6),), outcome=name, clients=3, replicates=2, seed=4
        )
        progress = finish(sweep)[1]
        low, high = sweep.measure.unit.range
        line = sweep_figure(progress)
        assert isinstance(line, Lines)
        one = line.series[0]
        assert all(v is None or low <= v <= high for v in (*one.low, *one.high))
        if np.nanmax(progress.found.high) > high or np.nanmin(progress.found.low) < low:
            cut.add(name)
    assert len(cut) > 1, "no intervals that had to be cut"


def test_a_point_that_cannot_be_run_is_told_and_does_not_stop_the_others(tmp_path: Path) -> None:
    correlation = SweepAxis("anxiety_with_trust", -0.9, 0.9, 5)
    sweep = Sweep((correlation,), changes={"anxiety_with_avoidance": 0.9}, clients=20, replicates=2)
    refined, progress = finish(sweep)
    assert 0 < len(progress.failed) < 5
    assert sorted(progress.failed) == np.flatnonzero(np.isnan(progress.found.value)).tolist()
    folder = run(study_of(sweep), tmp_path / "results")
    assert runs_table(refined)["point"].to_list() == folder.results()["point"].to_list()
    assert "cannot be run: No population" in sweep_figure(progress).summary


def test_exports_hold_the_same_numbers() -> None:
    run, progress = finish(SWEEPS["a switch and whole numbers"])
    for table in (points_table(progress), runs_table(run)):
        back = pl.read_parquet(io.BytesIO(exported(table, "parquet")))
        assert back.equals(table)
        text = pl.read_csv(io.BytesIO(exported(table, "csv")))
        assert text.columns == table.columns
        assert text["mean_fatigue"].to_list() == table["mean_fatigue"].to_list()
    assert runs_table(run).height == run.sweep.runs
    with pytest.raises(AllianceError, match="form of export"):
        exported(points_table(progress), "xlsx")  # type: ignore[arg-type]


def test_every_parameter_can_be_swept() -> None:
    for row in PARAMETERS.values():
        axis = SweepAxis(row.name, count=3)
        assert len(axis.levels) >= 2
        assert axis.label
        if row.name != "clients":
            Sweep((axis,), clients=10, replicates=1).parameters_at(0)


def test_every_outcome_can_be_swept() -> None:
    for name in OUTCOMES:
        sweep = Sweep((EMPATHY,), outcome=name, clients=12, replicates=1)
        assert sweep_figure(finish(sweep)[1]).summary


NONSENSE: dict[str, Any] = {
    "unknown parameter": lambda: SweepAxis("empaty"),
    "too high": lambda: SweepAxis("empathy", 0.2, 1.5),
    "wrong order": lambda: SweepAxis("empathy", 0.8, 0.2),
    "not a number": lambda: SweepAxis("empathy", float("nan"), 0.5),
    "infinite": lambda: SweepAxis("empathy", 0.2, float("inf")),
    "text": lambda: SweepAxis("empathy", "low", 0.5),  # type: ignore[arg-type]
    "one value": lambda: SweepAxis("empathy", 0.2, 0.8, 1),
    "too many values": lambda: SweepAxis("empathy", 0.2, 0.8, 61),
    "one whole number": lambda: SweepAxis("session_limit", values=(5,)),
    "no such word": lambda: SweepAxis("assignment", values=("random", "best")),
    "half a session": lambda: SweepAxis("session_limit", 2.5, 4, 3),
    "no axis": lambda: Sweep(()),
    "three axes": lambda: Sweep((EMPATHY, SweepAxis("boundary"), SweepAxis("acceptance"))),
    "twice the same": lambda: Sweep((EMPATHY, EMPATHY)),
    "unknown outcome": lambda: Sweep((EMPATHY,), outcome="dropout"),
    "unknown preset": lambda: Sweep((EMPATHY,), presets=("univercity",)),
    "unknown change": lambda: Sweep((EMPATHY,), changes={"empaty": 0.3}),
    "change out of bounds": lambda: Sweep((EMPATHY,), changes={"boundary": 3.0}),
    "no replicates": lambda: Sweep((EMPATHY,), replicates=0),
    "no clients": lambda: Sweep((EMPATHY,), clients=0),
    "negative seed": lambda: Sweep((EMPATHY,), seed=-1),
    "too much for a page": lambda: Sweep((EMPATHY,), clients=1_000_000, replicates=100),
    "too many clients along an axis": lambda: Sweep(
        (SweepAxis("clients", 1, 1_000_000, 5),), replicates=100
    ),
    "too large a clinic": lambda: Sweep((EMPATHY,), clients=60_000, replicates=1),
    "no such point": lambda: SWEEPS["sparse"].parameters_at(4),
    "no such place": lambda: SWEEPS["two numbers"].point_of(0, 3),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_refused_in_one_sentence(nonsense: Any) -> None:
    with pytest.raises(AllianceError) as told:
        nonsense()
    assert "\n" not in str(told.value)
    assert "Error" not in str(told.value)


@pytest.mark.parametrize("end", [-5.0, 7.0])
def test_of_a_range_that_is_too_wide_the_end_that_was_given_is_named(end: float) -> None:
    low, high = min(end, 0.5), max(end, 0.5)
    with pytest.raises(AllianceError, match=f"^empathy = {end} is not allowed"):
        SweepAxis("empathy", low, high)


def test_fewer_whole_numbers_than_asked_for_are_told() -> None:
    limits = SweepAxis("session_limit", 1, 5, 40)
    (said,) = fewer_values(Sweep((EMPATHY, limits)))
    assert said == (
        "Session limit takes whole numbers, so there are 5 values in this range, not 40."
    )
    assert len(limits.levels) == 5
    assert fewer_values(Sweep((EMPATHY, SweepAxis("session_limit", 1, 5, 5)))) == ()
    assert fewer_values(Sweep((SweepAxis("progress_feedback"),))) == ()
