"""A folder of trials: gone on with at any moment, analysed again without being simulated again, nobody else's."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm

from experiments.trials import Trial, folder, running
from experiments.trials.trial_design import TrialDesign
from simulation.errors import AllianceError
from tests.experiments.trials.small_trials import design
from tests.programs import environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "ROWS_IN_A_CHUNK", 400)


def files(path: Path) -> dict[str, bytes]:
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in sorted(path.rglob("*"))
        if one.is_file()
    }


def test_more_trials_and_fewer_threads_end_with_the_same_bytes(tmp_path: Path) -> None:
    trial = Trial(design())
    first = trial.run(tmp_path / "once", 35, null=True, threads=2)
    trial.run(tmp_path / "twice", 12, threads=1)
    again = trial.run(tmp_path / "twice", 35, null=True, threads=1)
    assert files(tmp_path / "once") == files(tmp_path / "twice")
    assert again.to_dict() == first.to_dict()
    assert first.sketch
    assert first.trials == 35


def test_a_finished_folder_is_analysed_again_without_being_simulated_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial(design())
    before = trial.run(tmp_path, 25)

    def never(*_given: Any, **_named: Any) -> None:
        pytest.fail("simulated again")

    monkeypatch.setattr(running, "simulate_trials", never)
    assert trial.run(tmp_path, 25).to_dict() == before.to_dict()
    welch = Trial(design(analysis=[{"kind": "welch"}])).run(tmp_path, 25)
    assert welch.analyses == ("welch",)
    own = trial.run(tmp_path, 25, analyses=[difference])
    by_name = trial.run(tmp_path, 25, analyses={"mine": difference})
    for one in (own, by_name):
        assert one.characteristics[0].bias == pytest.approx(welch.characteristics[0].bias)
    assert by_name.analyses == ("mine",)


def difference(table: Any) -> tuple[float, float, float]:
    """Analyse as somebody might who has the table alone."""
    assert len(table.client) == 40
    known = np.isfinite(table.score)
    one, other = (table.score[known & (table.arm == arm)] for arm in (1, 0))
    error = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return one.mean() - other.mean(), error, np.inf


@pytest.mark.parametrize(
    "own", [{"stratify": ["therapist"]}, {"randomise": "clinic", "clinics": 4}], ids=str
)
def test_the_design_effect_is_that_of_clusters_of_one_size(own: dict, tmp_path: Path) -> None:
    """Ten clients each of four therapists, or of four clinics of one, nested in arms: 1 + 9 times the correlation."""
    (found,) = Trial(design(design=own)).run(tmp_path, 20).clustering
    assert found.icc != 0.0
    assert found.clinic_icc == (found.icc if "clinics" in own else 0.0)
    assert found.design_effect == pytest.approx(1 + 9 * found.icc)
    beyond = norm.sf(norm.isf(0.025) / np.sqrt(found.design_effect))
    assert found.naive_type_1 == pytest.approx(2 * beyond)


def test_data_come_back_as_they_were_simulated(tmp_path: Path) -> None:
    trial = Trial(design(missing={"after_dropout": 0.5}))
    trial.run(tmp_path, 25)
    stored = folder.TrialFolder.open(tmp_path)
    from experiments.trials.frames import from_data_frame

    back = from_data_frame(trial.design, stored.read("data", 1))
    fresh = trial.simulate(10, first=10)
    assert back.trials == fresh.trials
    for name in ("why", "status", "truth"):
        assert np.array_equal(getattr(back, name), getattr(fresh, name))
    for one, other in zip(back.table, fresh.table, strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    (first, *_) = trial.datasets(3)
    assert np.array_equal(first.base, trial.simulate(1).table.base)
    for number in (-1, 1.5):
        with pytest.raises(AllianceError, match=f"first = {number} is not allowed"):
            trial.simulate(1, first=number)


def test_a_damaged_chunk_is_simulated_again(tmp_path: Path) -> None:
    trial = Trial(design())
    trial.run(tmp_path, 25)
    before = files(tmp_path)
    damaged = next((tmp_path / "data").glob("chunk-000001-*"))
    damaged.write_bytes(damaged.read_bytes()[:-7] + b"nothing")
    trial.run(tmp_path, 25)
    assert files(tmp_path) == before


def test_a_folder_of_anything_else_is_refused_in_one_sentence(tmp_path: Path) -> None:
    trial = Trial(design())
    trial.run(tmp_path / "mine", 25)
    for other, said in (
        (Trial(design(seed=2)), "seed was 1 and is now 2"),
        (trial.changed(clients=44), "design.clients was 40 and is now 44"),
    ):
        with pytest.raises(AllianceError, match=said):
            other.run(tmp_path / "mine", 25)
    with pytest.raises(AllianceError, match="holds 25 trials already"):
        trial.run(tmp_path / "mine", 20)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/thesis.txt").write_text("mine")
    with pytest.raises(AllianceError, match="not empty and holds no trial"):
        trial.run(tmp_path / "notes", 20)
    (tmp_path / "mine/trial.toml").write_text("seed = 3")
    with pytest.raises(AllianceError, match="not as it was"):
        _ = folder.TrialFolder.open(tmp_path / "mine").design


def test_data_of_another_version_of_the_model_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial(design())
    trial.run(tmp_path, 5)
    monkeypatch.setattr(folder, "_source_hash", lambda _: "another")
    with pytest.raises(AllianceError, match="another version of the model"):
        trial.run(tmp_path, 10)


def test_fits_that_fail_are_counted_apart_and_above_one_in_a_hundred_withhold_power(
    tmp_path: Path,
) -> None:
    def sometimes(table: Any) -> tuple[float, float, float]:
        if table.base[0] > 25:
            raise ZeroDivisionError
        return difference(table)

    sometimes.source_hash = "1"  # type: ignore[attr-defined]
    result = Trial(design()).run(tmp_path, 60, analyses={"often": sometimes, "fine": difference})
    often, fine = result.characteristics
    expected = sum(table.base[0] > 25 for table in Trial(design()).datasets(60))
    assert 0 < expected == often.failed
    assert often.withheld
    assert np.isnan(often.power.value)
    assert often.why
    assert Trial(design()).simulate(1, first=often.first_failed or 0).table.base[0] > 25
    assert not fine.withheld
    assert 0 <= fine.power.value <= 1


SCRIPT = """
from experiments.trials import Trial, folder
from tests.experiments.trials.small_trials import design
folder.ROWS_IN_A_CHUNK = 400
Trial(design()).run({path!r}, 120, null=True)
"""


@pytest.mark.slow  # 60 to 100 s
def test_twenty_kills_at_random_moments_change_no_byte(tmp_path: Path) -> None:
    def begin(path: Path) -> subprocess.Popen[bytes]:
        script = SCRIPT.format(path=str(path))
        return subprocess.Popen([sys.executable, "-c", script], env=environment())

    begun = time.monotonic()
    assert begin(tmp_path / "whole").wait() == 0
    longest = time.monotonic() - begun
    draw = random.Random(1)
    kills = 0
    while kills < 20:
        victim = begin(tmp_path / "killed")
        time.sleep(draw.uniform(0.2, 1.0) * longest)
        if victim.poll() is None:
            victim.kill()
            kills += 1
        elif kills < 20:
            # It ended before it was killed: begin anew, so that the kills that are left hit something.
            victim.wait()
            assert files(tmp_path / "killed") == files(tmp_path / "whole")
            (tmp_path / "killed").rename(tmp_path / f"ended-{kills}-{time.monotonic_ns()}")
        victim.wait()
    assert begin(tmp_path / "killed").wait() == 0
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_a_design_written_to_a_folder_is_the_one_that_was_run(tmp_path: Path) -> None:
    trial = Trial(design(name='a "quoted" name', design={"stratify": ["therapist"]}))
    trial.run(tmp_path, 5)
    assert TrialDesign.read(tmp_path / "trial.toml") == trial.design
    renamed = Trial(trial.design.model_copy(update={"name": "another"}))
    renamed.run(tmp_path, 5)
    assert folder.TrialFolder.open(tmp_path).design.name == "another"
