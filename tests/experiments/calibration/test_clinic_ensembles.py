"""The joint ensemble: clinics drawn from what the findings leave, and how sure that makes a prediction."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from experiments.calibration import ClinicEnsemble, ensemble
from experiments.calibration.between_clinics import (
    ClinicTrait,
    clinic_traits,
    declared,
    recorded_uncertainties,
)
from experiments.calibration.clinic_ensembles import BESIDE, LEAST_SETS, ensembles_shipped
from experiments.calibration.discrepancy import discrepancy, spread_over
from experiments.calibration.leaving_out import discrepancy_of
from experiments.calibration.predictive import Interval, Prediction, predict
from experiments.calibration.scales import back_from, on_scale, scale_of
from experiments.calibration.settings import calibrated_settings, moving_in
from experiments.calibration.simulating import simulated_statistics, study_size
from experiments.calibration.study_differences import (
    expected_range,
    fitted_spreads,
    published_spreads,
)
from experiments.calibration.targets import targets_for
from experiments.catalogue import statistic
from experiments.evidence import fact
from experiments.reports.predictive_table import WANTED_SHARE, WANTED_WIDTH
from experiments.reports.validated_setting import ValidatedSetting
from experiments.reports.validation_table import validation_page
from experiments.validation.seeds import VALIDATION_SEED
from experiments.validation.validate import simulated_values, validate
from simulation import Parameters, preset, simulate
from simulation.errors import AllianceError
from tests.programs import alliance

SMALL = Parameters(clients=20, therapists=4)


def few(sets: int = 50, spread: float = 0.3) -> ClinicEnsemble:
    """An ensemble of which everything is known: empathy from .4 to .8, and clinics that differ in severity."""
    return ClinicEnsemble(
        preset="default",
        base=SMALL,
        names=("empathy",),
        values=np.linspace(0.4, 0.8, sets)[:, None],
        tried=100,
        traits=(ClinicTrait("case mix", "", ("severity",), "logit", spread),),
    )


def test_every_set_is_drawn_as_often_as_another_and_clinics_differ_as_declared() -> None:
    drawn = few().draw(1000, seed=3)
    found, counts = np.unique([one.empathy for one in drawn], return_counts=True)
    assert len(found) == 50
    assert set(counts) == {20}
    severity = np.array([one.severity for one in drawn])
    logits = np.log(severity / (1.0 - severity))
    assert logits.mean() == pytest.approx(0.0, abs=0.03)
    assert logits.std() == pytest.approx(0.3, rel=0.1)
    assert abs(np.corrcoef(logits, [one.empathy for one in drawn])[0, 1]) < 0.1


def test_a_longer_draw_begins_with_the_shorter_and_another_seed_is_another() -> None:
    assert few().draw(120, seed=2)[:30] == few().draw(30, seed=2)
    assert few().draw(30, seed=2) != few().draw(30, seed=3)


def test_a_change_is_made_in_all_clinics_alike_and_both_arms_share_their_draws() -> None:
    one, other = few().draw(40), few().replace(progress_feedback=True).draw(40)
    assert all(b == a.replace(progress_feedback=True) for a, b in zip(one, other, strict=True))
    fixed = few().replace(empathy=0.9)
    assert {clinic.empathy for clinic in fixed.draw(40)} == {0.9}


def test_too_few_sets_make_no_interval_and_say_so() -> None:
    left = few(LEAST_SETS - 1)
    assert len(left.sets()) == LEAST_SETS - 1
    with pytest.raises(AllianceError, match=r"leave 38 of 100 parameter sets of default, too few"):
        left.draw(10)
    assert len(few(LEAST_SETS).draw(10)) == 10


def test_the_least_and_the_most_of_so_many_hold_one_more_with_95_percent() -> None:
    draws = np.random.default_rng(1).standard_normal((20_000, LEAST_SETS + 1))
    rest, last = draws[:, :-1], draws[:, -1]
    held = (rest.min(axis=1) <= last) & (last <= rest.max(axis=1))
    assert held.mean() == pytest.approx(0.95, abs=0.005)


def test_a_run_of_an_ensemble_is_each_of_its_clinics_with_the_same_bits() -> None:
    clinics = few()
    together = simulate(clinics, seed=5, replicates=4, histories=True)
    settings = clinics.draw(4, seed=5)
    assert together.settings == settings
    assert together.parameters == SMALL
    for number, setting in enumerate(settings):
        alone = simulate(setting, seed=5, first_replicate=number, histories=True)
        mine = together.clients.filter(pl.col("replicate") == number)
        assert mine.equals(alone.clients)
        assert together.sessions.filter(pl.col("replicate") == number).equals(alone.sessions)
    later = simulate(clinics, seed=5, first_replicate=2, replicates=2, threads=1)
    assert later.clients.equals(together.clients.filter(pl.col("replicate") >= 2))
    assert together.clinic_settings.columns == ["replicate", "severity", "empathy"]


def test_what_is_neither_a_setting_nor_clinics_is_refused() -> None:
    with pytest.raises(AllianceError, match="not str"):
        simulate("youth")  # type: ignore[arg-type]


@pytest.mark.parametrize("setting", calibrated_settings())
def test_every_calibrated_setting_comes_with_its_ensemble(setting: str) -> None:
    found = ensemble(setting)
    assert setting in ensembles_shipped()
    assert found.names == moving_in(setting)
    assert len(found) >= LEAST_SETS
    assert found.base == (Parameters() if setting == "default" else preset(setting))
    assert len(set(found.draw(50, seed=1))) == 50
    again = found.sets()[0]
    targets = targets_for(setting)
    statistics = simulated_statistics(study_size(again), targets)
    off = np.abs(statistics - targets.values) / targets.sds
    assert np.nanmax(off) <= 3.0 + 1e-9, f"run python -m experiments.calibration.settings {setting}"


def test_what_has_no_ensemble_says_how_to_make_one() -> None:
    with pytest.raises(AllianceError, match="alliance calibrate --preset halo --out DIR"):
        ensemble("halo")
    with pytest.raises(AllianceError, match="Did you mean youth"):
        ensemble("yuth")


def test_no_predicted_finding_has_a_part_in_how_unsure_we_are() -> None:
    stored = recorded_uncertainties()
    named = {one["fact"] for one in declared()["published"]} | set(
        stored["discrepancy"]["left_out"]
    )
    assert {fact(name).role for name in named} == {"fit"}


def test_a_predicted_finding_is_refused_where_differences_between_studies_are_set(
    monkeypatch,
) -> None:
    wrong = {"published": [{"fact": "F01", "how": ""}]}
    monkeypatch.setattr("experiments.calibration.study_differences.declared", lambda: wrong)
    with pytest.raises(AllianceError, match="F01 is predicted"):
        published_spreads()


@pytest.mark.parametrize(
    ("studies", "deviations"), [({}, 4.0), ({"studies": 47}, expected_range(47))], ids=str
)
def test_a_published_range_is_that_of_its_studies_or_four_standard_deviations(
    studies: dict[str, int], deviations: float, monkeypatch
) -> None:
    published = [{"fact": "F23", "low": 0.1, "high": 0.4, "how": "", **studies}]
    monkeypatch.setattr(
        "experiments.calibration.study_differences.declared", lambda: {"published": published}
    )
    between = math.log(0.4 / 0.6) - math.log(0.1 / 0.9)
    (scale, spread) = published_spreads()["F23"]
    assert (scale, spread) == ("logit", pytest.approx(between / deviations))


def test_the_range_of_so_many_draws_is_that_of_draws() -> None:
    draws = np.random.default_rng(2).standard_normal((20_000, 9))
    assert expected_range(9) == pytest.approx(np.ptp(draws, axis=1).mean(), rel=0.01)


def test_spreads_give_back_the_differences_they_were_set_from() -> None:
    effects = np.array([[1.0, 0.2], [0.1, 2.0], [0.5, 0.5]])
    truth = np.array([0.6, 0.3])
    spreads = np.sqrt((effects**2) @ truth**2)
    assert fitted_spreads(effects, spreads) == pytest.approx(truth, rel=1e-6)


def test_the_models_error_is_what_is_left_over_what_is_known() -> None:
    rng = np.random.default_rng(4)
    known = np.full(4000, 0.5)
    assert discrepancy_of(rng.normal(0.0, math.hypot(0.5, 1.2), 4000), known) == pytest.approx(
        1.2, abs=0.06
    )
    assert discrepancy_of(rng.normal(0.0, 0.4, 4000), known) == pytest.approx(0.0, abs=0.05)


def test_the_error_is_added_on_the_scale_of_the_statistic() -> None:
    dropout = statistic("dropout_rate")
    assert scale_of(dropout) == "logit"
    spread = spread_over(np.full(10, 0.2), "logit", 0.3)
    logits = on_scale(spread, "logit")
    assert logits.std() == pytest.approx(0.3, rel=0.06)
    assert ((spread > 0.0) & (spread < 1.0)).all()
    for scale in ("logit", "z", "log", "plain"):
        assert back_from(on_scale(np.array([0.3]), scale), scale) == pytest.approx([0.3])


def test_a_prediction_holds_what_its_own_clinics_give_and_widens_with_them() -> None:
    facts = tuple(fact(name) for name in ("F23", "F46r", "F78"))
    narrow = predict(few(spread=0.0), draws=40, facts=facts)
    wide = predict(few(spread=1.5), draws=40, facts=facts)
    for one, other in zip(narrow.rows, wide.rows, strict=True):
        assert one.clinics.low < one.middle < one.clinics.high
        assert one.model_error == (0.0 if one.id == "F78" else discrepancy(one.scale))
        if one.id == "F23":
            assert length(other.clinics) > length(one.clinics)
    held = narrow.coverage("fit")
    assert held.of == 2
    assert held.clinics_width == pytest.approx(
        np.mean([length(row.clinics) / row.between_studies for row in narrow.rows[:2]])
    )
    assert sum(held.sources.values()) == 2
    assert "50 of 100 parameter sets" in narrow.holds


def test_intervals_hold_95_percent_of_what_clinics_with_their_errors_give() -> None:
    """Of a policy's effect only clinics are known; of a difference, the model's error and the paper's, too."""
    facts = (fact("F78"), fact("F33"))
    policy, difference = predict(few(), draws=40, facts=facts).rows
    values = np.array(
        [
            simulated_values(one, facts, seed=VALIDATION_SEED, studies=20)
            for one in few().draw(40, VALIDATION_SEED)
        ]
    )
    assert policy.clinics == pytest.approx(np.quantile(values[:, 0], [0.025, 0.975]))
    model, own = difference.model_error, difference.published_error.error
    assert min(model, own) > 0.05
    draws = np.random.default_rng(1).standard_normal((2, 9000, 1))
    spread = values[:, 1] + model * draws[0]
    assert difference.clinics == pytest.approx(np.quantile(spread, [0.025, 0.975]), abs=0.015)
    spread += own * draws[1]
    assert difference.estimates == pytest.approx(np.quantile(spread, [0.025, 0.975]), abs=0.015)


@pytest.mark.parametrize(("silent", "known"), [(8, True), (9, False)])
def test_what_a_fifth_of_clinics_cannot_say_has_no_interval(
    silent: int, known: bool, monkeypatch
) -> None:
    clinics = few().draw(40, VALIDATION_SEED)

    def said(clinic: Parameters, *_: object, **__: object) -> list[float]:
        place = clinics.index(clinic)
        return [math.nan if place < silent else 0.2 + place / 100]

    monkeypatch.setattr("experiments.calibration.predictive.simulated_values", said)
    (row,) = predict(few(), draws=40, facts=(fact("F23"),)).rows
    assert math.isfinite(row.clinics.low) == math.isfinite(row.estimates.high) == known


def length(ends: Interval) -> float:
    return ends.high - ends.low


def test_what_a_study_reports_is_predicted_with_the_studys_own_error() -> None:
    """F69 has an interval, F83 a number of clients, F79 neither."""
    facts = tuple(fact(name) for name in ("F69", "F83", "F79"))
    rows = predict(few(), draws=40, facts=facts).by_id
    assert [rows[one.id].published_error.source for one in facts] == ["interval", "clients", "none"]
    for row in rows.values():
        if row.published_error.source == "none":
            assert row.estimates == row.clinics
            assert row.published_error.error == 0.0
        else:
            assert row.estimates.low < row.clinics.low
            assert row.estimates.high > row.clinics.high
    assert rows["F69"].published_error.error == pytest.approx(
        (math.atanh(0.3) - math.atanh(-0.09)) / (2 * 1.959964)
    )
    assert rows["F83"].published_error.error == pytest.approx(1 / math.sqrt(45 * 0.22 * 0.78))
    whole = predict(few(), draws=40, facts=facts).coverage("predict", "informed")
    assert whole.of == 3
    assert whole.sources == {"interval": 1, "clients": 1, "none": 1}
    assert whole.estimates_width > whole.clinics_width


def test_a_number_is_counted_as_held_by_each_interval_for_itself() -> None:
    one = predict(few(), draws=40, facts=(fact("F83"),)).rows[0]
    beyond = replace(one, published=(one.clinics.high + one.estimates.high) / 2)
    found = Prediction((beyond,), "").coverage("predict")
    assert (found.clinics, found.estimates, found.of) == (0, 1, 1)
    far = Prediction((replace(one, published=one.estimates.high + 0.01),), "").coverage("predict")
    assert (far.clinics, far.estimates) == (0, 0)


def test_the_page_and_json_show_both_intervals_and_where_each_error_comes_from() -> None:
    chosen = tuple(fact(name) for name in ("F23", "F69", "F83"))
    whole = validate("default", studies=20, clients_per_study=10)
    rows = tuple(row for row in whole.rows if row.id in {one.id for one in chosen})
    shown = ValidatedSetting(
        replace(whole, rows=rows), None, predict(few(), draws=40, facts=chosen)
    )
    console = Console(width=200, record=True, file=io.StringIO())
    for part in validation_page(shown):
        console.print(part)
    text = console.export_text()
    assert "without the papers' own sampling error" in text
    assert "settled after the count without it had been seen" in " ".join(text.split())
    assert "its paper's interval" in text
    assert "its number of clients" in text
    entry = next(one for one in shown.to_dicts() if one["id"] == "F69")
    assert entry["ensemble_estimate_high"] > entry["ensemble_high"]
    assert entry["ensemble_sd_published_from"] == "interval"


def test_the_command_draws_clinics_and_says_what_their_range_holds(tmp_path) -> None:
    words = ("run", "--preset", "youth", "--ensemble", "--clients", 20, "--therapists", 2)
    done = alliance(*words, "--replicates", LEAST_SETS, "--out", tmp_path / "run")
    assert done.exit_code == 0, done.output
    page = " ".join(done.output.split())
    assert "How much clinics may differ" in page
    assert (
        "parameter sets that the findings leave, and how much clinics of one setting differ" in page
    )
    assert "--ensemble" in page
    settings = pl.read_parquet(tmp_path / "run" / "settings.parquet")
    assert settings.height == LEAST_SETS
    assert settings["alliance_effect"].n_unique() > 10


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--replicates", 10), "ask for at least 39"),
        (("--preset", "halo"), "No ensemble of halo"),
        (("--engine", "mesa"), "--engine mesa"),
        (("--preset", "youth", "--preset", "halo"), "two presets"),
    ],
)
def test_what_an_ensemble_does_not_go_with_is_said(
    words: tuple[object, ...], sentence: str
) -> None:
    done = alliance("run", "--ensemble", *words)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_a_calibration_of_ones_own_leaves_an_ensemble_that_runs(tmp_path) -> None:
    out = tmp_path / "fitted"
    fit = (
        "calibrate",
        "--preset",
        "good_enough_level",
        "--members",
        60,
        "--steps",
        1,
        "--out",
        out,
    )
    done = alliance(*fit, "--parameters", "steady_rate,severity_spread")
    assert done.exit_code == 0, done.output
    text = (out / "preset.toml").read_text("utf-8")
    assert 'dyad = "good_enough_level"' in text
    assert type(preset(str(out / "preset.toml"))).dyad is not None
    found = ensemble(out / "preset.toml")
    assert found.names == ("steady_rate", "severity_spread")
    assert found.traits == clinic_traits()
    assert found.tried == 61
    frame = pl.read_parquet(out / BESIDE)
    assert frame.height == 61
    everything = frame.with_columns(not_ruled_out=True)
    everything.write_parquet(
        out / BESIDE, metadata={"tried": "61", "between_clinics": "no", "seed": "1"}
    )
    done = alliance("run", "--preset", out / "preset.toml", "--ensemble", "--clients", 20)
    assert done.exit_code == 0, done.output
    assert "61 of 61 parameter sets" in " ".join(done.output.split())
    (out / BESIDE).write_bytes(b"no table")
    done = alliance("run", "--preset", out / "preset.toml", "--ensemble")
    assert done.exit_code == 2
    assert "is no ensemble of this version" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["default"])
def test_coverage_of_what_was_not_fitted_is_what_is_documented(setting: str) -> None:
    """Half a minute: the intervals of the documentation are those of today."""
    found = predict(ensemble(setting))
    for roles in (("predict", "informed"), ("predict",)):
        held = found.coverage(*roles)
        assert held.clinics >= 0.7 * held.of
        assert held.estimates >= WANTED_SHARE * held.of
        assert held.clinics_width < held.estimates_width <= WANTED_WIDTH
