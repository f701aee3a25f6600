"""Calibration finds what can be found, says what cannot, and ends the same however often it was stopped."""

from __future__ import annotations

import errno
import sys
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.calibration import (
    Ensemble,
    Prior,
    Target,
    Targets,
    calibrate,
    priors_for,
    targets_for,
)
from experiments.calibration.base import base_of
from experiments.calibration.priors import prior_of
from experiments.calibration.settings import moving_in, recorded, write_values
from experiments.calibration.simulating import simulated_statistics, study_size
from experiments.cli.calibrate import _progress
from experiments.evidence import fact
from experiments.store.state import read_checked_json, with_checksum
from experiments.validation.seeds import FITTING_SEED
from simulation.dyads.catalogue import published_dyad
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from pathlib import Path

HEADLINES = {"F01", "F11", "F15", "F16", "F33"}

BASE = Parameters()
PRIORS = (
    Prior("severity", 0.2, 0.8),
    Prior("life_events", 0.0, 0.2),
    Prior("test_anxiety", 0.0, 3.0),
)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def straight_line(parameters: Parameters) -> np.ndarray:
    """A clinic so simple that the answer is known: two statistics, three parameters."""
    return np.array(
        [parameters.severity + parameters.life_events, parameters.severity - parameters.life_events]
    )


TARGETS = Targets((Target("sum", "", (), 0.58, 0.62), Target("difference", "", (), 0.38, 0.42)))


def fitted(**options: object) -> object:
    ensemble = Ensemble(members=200, steps=options.pop("steps", 6), seed=options.pop("seed", 1))  # type: ignore[arg-type]
    settings = {"simulator": straight_line, **options}
    return calibrate(BASE, PRIORS, TARGETS, ensemble, **settings)  # type: ignore[arg-type]


def test_what_the_targets_tell_is_found_and_what_they_do_not_tell_stays_open() -> None:
    found = fitted()
    assert found.values(found.best)["severity"] == pytest.approx(0.5, abs=0.02)
    assert found.values(found.best)["life_events"] == pytest.approx(0.1, abs=0.02)
    told = found.identifiability()
    assert told["severity"] > 0.8
    assert told["life_events"] > 0.8
    assert told["test_anxiety"] < 0.3


def test_a_set_far_from_one_target_is_ruled_out() -> None:
    sd = TARGETS.rows[0].sd
    near, far = 0.6 + 2.9 * sd, 0.6 - 3.1 * sd
    statistics = np.array([[0.6, 0.4], [near, 0.4], [far, 0.4]])
    found = replace(fitted(steps=1), statistics=statistics)
    assert found.not_ruled_out.tolist() == [True, True, False]
    assert found.implausibility == pytest.approx([0.0, 2.9, 3.1])


@pytest.mark.parametrize(
    ("low", "high", "sd"), [(2.0, 6.0, 1.0), (9.9, 10.1, 0.5), (0.0, 0.0, 1e-6)]
)
def test_a_range_is_two_standard_deviations_either_way_and_never_too_narrow(
    low: float, high: float, sd: float
) -> None:
    """A range far narrower than its number would rule all sets out for the noise of their studies."""
    assert Target("x", "", (), low, high).sd == pytest.approx(sd)


def test_an_interval_has_as_much_outside_on_either_side_among_what_is_not_ruled_out() -> None:
    places = np.tile(np.linspace(-2.0, 2.0, 41)[:, None], 3)
    statistics = np.tile(TARGETS.values, (41, 1))
    statistics[[0, -1]] += 1.0
    found = replace(fitted(steps=1), places=places, statistics=statistics)
    ends = np.quantile(places[1:-1, 0], [0.1, 0.9])
    assert found.intervals(0.8)["severity"] == pytest.approx(tuple(PRIORS[0].value(ends)))


def test_a_statistic_that_cannot_be_computed_rules_a_set_out() -> None:
    calls = iter(range(10_000))

    def sometimes_silent(parameters: Parameters) -> np.ndarray:
        row = straight_line(parameters)
        return np.full(2, np.nan) if next(calls) % 10 == 0 else row

    found = fitted(simulator=sometimes_silent, workers=1)
    silent = np.isnan(found.statistics).any(axis=1)
    assert silent.any()
    assert not found.not_ruled_out[silent].any()


def test_the_same_seed_gives_the_same_ensemble_with_any_number_of_workers() -> None:
    assert np.array_equal(fitted(workers=1).places, fitted(workers=2).places)
    assert not np.array_equal(fitted(seed=1).places, fitted(seed=2).places)


def test_a_calibration_that_was_stopped_resumes_to_the_same_ensemble(tmp_path: Path) -> None:
    left = 450

    def until_the_plug_is_pulled(parameters: Parameters) -> np.ndarray:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return straight_line(parameters)

    with pytest.raises(KeyboardInterrupt):
        fitted(directory=tmp_path, simulator=until_the_plug_is_pulled, workers=1)
    assert sorted(path.name for path in tmp_path.glob("step-*.npy")) == ["step-0.npy", "step-1.npy"]
    counted = 0

    def counting(parameters: Parameters) -> np.ndarray:
        nonlocal counted
        counted += 1
        return straight_line(parameters)

    resumed = fitted(directory=tmp_path, simulator=counting, workers=1)
    assert counted == 5 * 200 + 1
    assert np.array_equal(resumed.places, fitted().places)


def test_the_folder_of_another_calibration_is_refused_with_what_differs(tmp_path: Path) -> None:
    fitted(directory=tmp_path)
    with pytest.raises(
        AllianceError, match="belongs to another calibration: seed was 1 and is now 2"
    ):
        fitted(directory=tmp_path, seed=2)
    file = tmp_path / "calibration.json"
    before = {**read_checked_json(file), "model_sources": "of another version"}
    file.write_bytes(with_checksum(before))
    with pytest.raises(AllianceError, match="begun with another version of the model"):
        fitted(directory=tmp_path)


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    with pytest.raises(AllianceError, match="cannot be made a folder"):
        fitted(steps=2, directory=file / "below it")


def test_a_disk_that_becomes_full_leaves_no_half_written_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("simulation.files.os.fsync", full)
        with pytest.raises(AllianceError, match="disk is full"):
            fitted(steps=2, directory=tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    fitted(steps=2, directory=tmp_path / "kept")


def test_a_headline_number_is_never_a_target() -> None:
    for setting in ("default", "university_counselling", "youth"):
        chosen = {target.id for target in targets_for(setting).rows}
        assert not chosen & HEADLINES
        assert all(fact(name).role == "fit" for name in chosen)


def test_a_setting_is_held_to_its_own_facts_before_those_of_the_default_clinic() -> None:
    own = {target.id for target in targets_for("university_counselling").rows}
    assert {"F29", "F31"} <= own
    assert "F39" not in own
    stepped = {target.id for target in targets_for("stepped_care").rows}
    assert "F32f" in stepped
    assert "F23" not in stepped


def test_priors_stay_inside_the_bounds_of_the_table() -> None:
    moving = priors_for(BASE)
    assert {row.name for row in PARAMETERS.values() if row.status == "calibrated"} < {
        prior.name for prior in moving
    }
    for row in PARAMETERS.values():
        if row.kind == "number":
            prior = prior_of(row)
            assert row.low <= prior.low < prior.high <= row.high, row.name
            assert prior.basis, row.name
            assert prior.shape == "uniform" or prior.low > 0.0, row.name


def test_priors_do_not_depend_on_what_a_setting_has() -> None:
    other = BASE.replace(severity=0.2, dropout_first=-3.0, alliance_effect=0.5)
    assert priors_for(other) == priors_for(BASE)


def test_a_place_in_a_prior_is_normal_and_its_value_has_the_shape_that_is_declared() -> None:
    places = np.random.default_rng(1).standard_normal(20_000)
    for prior in (Prior("severity", 0.2, 0.6), Prior("life_fading", 0.1, 10.0, "log")):
        values = prior.value(places)
        shown = np.log(values) if prior.shape == "log" else values
        low, high = (shown.min(), shown.max())
        quarters = np.histogram(shown, bins=4, range=(low, high))[0] / len(shown)
        assert quarters == pytest.approx([0.25] * 4, abs=0.02)
        assert prior.place(float(prior.value(np.array(0.7)))) == pytest.approx(0.7, abs=1e-9)
        assert np.isfinite([prior.place(-1e9), prior.place(1e9)]).all()


def test_what_a_preset_sets_by_hand_does_not_move() -> None:
    assert "severity" in moving_in("default")
    assert "severity" not in moving_in("youth")
    assert "start_base" in moving_in("youth")
    assert set(published_dyad("good_enough_level").own) <= set(moving_in("good_enough_level"))


def test_a_parameter_that_cannot_be_fitted_is_named() -> None:
    with pytest.raises(AllianceError, match="Did you mean severity"):
        priors_for(BASE, ["severty"])
    with pytest.raises(AllianceError, match="telehealth cannot be calibrated"):
        priors_for(BASE, ["telehealth"])


def test_values_are_written_into_a_preset_without_touching_anything_else(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "Mine"\n\n[parameters]\nseverity = 0.4\nclients = 50\n', encoding="utf-8"
    )
    write_values(file, {"severity": 0.45, "start_base": -0.2})
    assert file.read_text(encoding="utf-8") == (
        'title = "Mine"\n\n[parameters]\nseverity = 0.45\nclients = 50\nstart_base = -0.2\n'
    )


@pytest.mark.parametrize("setting", sorted(recorded()))
def test_a_shipped_setting_has_the_values_its_calibration_chose(setting: str) -> None:
    shipped = base_of(setting)
    for name, value in recorded()[setting]["values"].items():
        assert getattr(shipped, name) == value, (
            f"{setting}: {name} was changed after its calibration"
        )


@pytest.mark.slow
@pytest.mark.parametrize("setting", sorted(recorded()))
def test_a_shipped_setting_still_gives_the_statistics_of_its_calibration(setting: str) -> None:
    targets = targets_for(setting)
    statistics = simulated_statistics(study_size(base_of(setting)), targets, seed=FITTING_SEED)
    kept = recorded()[setting]["statistics"]
    for target, value in zip(targets.rows, statistics, strict=True):
        assert value == pytest.approx(kept[target.id], rel=1e-3, abs=1e-4), target.id


@pytest.mark.slow
def test_known_parameters_are_recovered_from_the_data_they_simulate() -> None:
    """Data from a clinic whose parameters are known; the intervals must hold them, and the estimates must be near.

    The targets are as uncertain as the published ones: the statistics of a hundred studies are themselves noisy.
    """
    truth = {
        "severity": 0.46,
        "dropout_first": -1.3,
        "client_rating_base": 0.31,
        "life_events": 0.066,
    }
    clinic = study_size(Parameters().replace(**truth))
    published = targets_for("default")
    data = simulated_statistics(clinic, published, seed=777, studies=150)
    targets = Targets(
        tuple(
            Target(t.id, t.statistic_function, t.arguments, value - 2.0 * t.sd, value + 2.0 * t.sd)
            for t, value in zip(published.rows, data, strict=True)
        )
    )
    priors = priors_for(Parameters(), list(truth))
    found = calibrate(Parameters(), priors, targets, Ensemble(members=48, steps=4))
    for name, (low, high) in found.intervals(0.99).items():
        assert low <= truth[name] <= high, (
            f"{name} = {truth[name]} is not in {low:.3f} to {high:.3f}"
        )
    for prior in priors:
        error = abs(found.values(found.best)[prior.name] - truth[prior.name])
        assert error < 0.2 * (prior.high - prior.low), prior.name


def test_lines_of_progress_in_a_pipe_come_once_a_second_at_most(monkeypatch, capsys):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    report = _progress()
    for done in range(1, 401):
        now += 0.01
        report(done, 400)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4, "four seconds"
    assert lines[-1].startswith("400 of 400")


def test_the_line_of_progress_on_a_terminal_ends_before_the_tables(monkeypatch):
    said = Terminal()
    monkeypatch.setattr(sys, "stderr", said)
    report = _progress()
    report(1, 2)
    assert not said.getvalue().endswith("\n")
    report(2, 2)
    assert said.getvalue().endswith("\n")
