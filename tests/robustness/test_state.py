"""A stored state is checked before it is believed: what is not this study's, whole and in its place, is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from experiments.execution.verify import verify
from experiments.store.files import parquet_bytes, scan_chunks
from experiments.store.state import checksum, with_checksum
from experiments.store.study_folder import FORMAT, StudyFolder
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from collections.abc import Callable

STUDY = (
    *("--vary", "empathy=0.2,0.5,0.8", "--replicates", "100", "--set", "clients=12"),
    *("--outcome", "dropout_rate", "--outcome", "mean_sessions"),
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "s"
    assert alliance("sweep", *STUDY, "--out", folder).exit_code == 0
    return folder


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "s"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other") / "s"
    assert alliance("sweep", *STUDY, "--seed", "2", "--out", folder).exit_code == 0
    return folder


def chunks(folder: Path) -> list[Path]:
    return sorted((folder / "results").iterdir())


def renumbered(path: Path, number: int) -> Path:
    return path.with_name(f"chunk-{number:06d}-{path.name.rsplit('-', 1)[1]}")


def under_another_number(study: Path, other: Path) -> None:
    first, second = chunks(study)[:2]
    second.unlink()
    shutil.copy(first, renumbered(first, 1))


def beyond_the_plan(study: Path, other: Path) -> None:
    first = chunks(study)[0]
    shutil.copy(first, renumbered(first, 99))


def beyond_the_plan_with_a_right_sum(study: Path, other: Path) -> None:
    first = chunks(study)[0]
    fingerprint = StudyFolder.open(study).fingerprint
    name = f"chunk-000099-{checksum('results', fingerprint, 99, first.read_bytes())}.parquet"
    shutil.copy(first, first.with_name(name))


def missing(study: Path, other: Path) -> None:
    chunks(study)[1].unlink()


def of_another_study(study: Path, other: Path) -> None:
    chunks(study)[0].unlink()
    shutil.copy(chunks(other)[0], study / "results")


def twice(study: Path, other: Path) -> None:
    shutil.copy(chunks(other)[0], study / "results")


def with_one_bit_flipped(study: Path, other: Path) -> None:
    path = chunks(study)[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


SPOILT: dict[str, Callable[[Path, Path], None]] = {
    one.__name__: one
    for one in (
        under_another_number,
        beyond_the_plan,
        beyond_the_plan_with_a_right_sum,
        missing,
        of_another_study,
        twice,
        with_one_bit_flipped,
    )
}


@pytest.mark.parametrize(
    "words", [("--seed", "-5"), ("--rows", "-1"), ("--rows", "0"), ("--rows", "9" * 30)], ids=repr
)
def test_a_number_that_cannot_be_is_refused(words: tuple[str, str], finished: Path) -> None:
    assert words[0] in refused("verify", finished, *words)


def test_no_run_is_repeated_twice(finished: Path) -> None:
    assert len(set(verify(finished, 290).rows)) == 290
    told = alliance("verify", finished, "--rows", 100_000)
    assert told.exit_code == 0
    assert "300 runs repeated" in told.output


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_not_in_its_place_in_its_study_is_refused_and_run_again(
    spoil: str, study: Path, other: Path, finished: Path, tmp_path: Path
) -> None:
    SPOILT[spoil](study, other)
    assert alliance("verify", study).exit_code == 1
    for words in (
        ("results", study),
        ("results", study, "--csv", tmp_path / "it.csv"),
        ("report", study),
        ("sensitivity", study, "--method", "pawn"),
    ):
        said = refused(*words)
        assert "again" in said
    assert not (tmp_path / "it.csv").exists()
    assert alliance("sweep", *STUDY, "--out", study).exit_code == 0
    assert {path.name: path.read_bytes() for path in chunks(study)} == {
        path.name: path.read_bytes() for path in chunks(finished)
    }
    assert alliance("verify", study).exit_code == 0


def test_the_finished_part_of_a_study_is_shown_when_asked(study: Path, tmp_path: Path) -> None:
    chunks(study)[0].unlink()
    whole = len(chunks(study)) + 1
    assert f"1 of {whole} chunks are missing (0)" in refused("results", study)
    target = tmp_path / "part.csv"
    assert alliance("results", study, "--csv", target, "--unfinished").exit_code == 0
    assert pl.read_csv(target).height < 300


def test_a_parquet_of_other_columns_under_a_correct_name_is_refused(study: Path) -> None:
    path = chunks(study)[0]
    content = parquet_bytes(pl.DataFrame({"point": [1], "replicate": [2], "weather": [0.5]}))
    fingerprint = StudyFolder.open(study).fingerprint
    path.unlink()
    name = f"chunk-000000-{checksum('results', fingerprint, 0, content)}.parquet"
    (study / "results" / name).write_bytes(content)
    assert alliance("verify", study).exit_code == 1
    for command in ("results", "report"):
        assert "other columns" in refused(command, study)


def test_rows_that_were_not_planned_for_a_chunk_are_found(study: Path) -> None:
    folder = StudyFolder.open(study)
    first = scan_chunks(folder.results_path, folder.fingerprint)[0][0]
    content = parquet_bytes(
        pl.read_parquet(first.path).with_columns(replicate=pl.lit(5, pl.UInt32))
    )
    first.path.unlink()
    name = f"chunk-000000-{checksum('results', folder.fingerprint, 0, content)}.parquet"
    (folder.results_path / name).write_bytes(content)
    assert verify(study, 1).damaged == (name,)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "1", "{}", '{"chunks": 3}', "{", "[" * 100_000, "\0", "\xff"]
)
def test_a_manifest_of_another_shape_is_refused_by_every_command(text: str, study: Path) -> None:
    (study / "manifest.json").write_text(text)
    for words in (("results",), ("report",), ("verify",), ("sensitivity",)):
        assert "manifest.json" in refused(*words, study)
    assert "manifest.json" in refused("sweep", *STUDY, "--out", study)


def test_a_changed_entry_of_the_manifest_is_noticed(study: Path) -> None:
    path = study / "manifest.json"
    content = json.loads(path.read_text())
    content["seed"] = 7
    path.write_text(json.dumps(content))
    assert "not as it was written" in refused("results", study)


def test_a_folder_of_another_format_is_refused_by_name(study: Path) -> None:
    path = study / "manifest.json"
    content = json.loads(path.read_text())
    del content["checksum"]
    path.write_bytes(with_checksum({**content, "format": 1}))
    said = refused("results", study)
    assert f"has format 1, and this version of the program reads {FORMAT}: " in said


def test_a_changed_study_file_is_noticed(study: Path) -> None:
    path = study / "study.toml"
    path.write_text(path.read_text().replace("0.8", "0.9"))
    for words in (("results", study), ("verify", study), ("sweep", *STUDY, "--out", study)):
        assert "not as it was" in refused(*words)


def test_a_checksum_depends_on_where_each_part_ends() -> None:
    assert checksum("ab", "c") != checksum("a", "bc")
    assert checksum("results", 1, b"x") != checksum("failures", 1, b"x")
    assert checksum(1, b"x") != checksum(2, b"x")


CALIBRATION = ("calibrate", "--members", "8", "--steps", "1", "--parameters", "rupture_base")


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibration with a simulator that takes no time."""
    folder = tmp_path_factory.mktemp("calibrated") / "c"
    calibrated_into(folder)
    return folder


def calibrated_into(folder: Path) -> dict[str, float]:
    import numpy as np

    from experiments.calibration import Ensemble, calibrate, priors_for, targets_for
    from simulation.parameters import Parameters

    targets = targets_for("default")
    base = Parameters()
    found = calibrate(
        base,
        priors_for(base, ("rupture_base", "empathy_spread")),
        targets,
        Ensemble(members=8, steps=2),
        directory=folder,
        simulator=lambda one: np.full(len(targets), one.empathy_spread),
        workers=1,
    )
    return found.values(found.best)


def test_a_flipped_bit_in_a_calibration_changes_no_preset(calibrated: Path, tmp_path: Path) -> None:
    wanted = calibrated_into(tmp_path / "whole")
    for name in ("step-0.npy", "step-1.npy", "step-2.npy"):
        folder = Path(shutil.copytree(calibrated, tmp_path / name))
        for place in (100, -20, -3):
            content = bytearray((calibrated / name).read_bytes())
            content[place] ^= 1
            (folder / name).write_bytes(content)
            assert calibrated_into(folder) == wanted
            assert (folder / name).read_bytes() == (calibrated / name).read_bytes()
    shutil.copy(calibrated / "step-0.npy", folder / "step-1.npy")
    assert calibrated_into(folder) == wanted


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"seed": 1}', "[" * 100_000])
def test_the_file_of_a_calibration_of_another_shape_is_refused(
    text: str, calibrated: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(calibrated, tmp_path / "c"))
    (folder / "calibration.json").write_text(text)
    assert "not as it was written" in refused(*CALIBRATION, "--out", folder)


def test_a_calibration_leaves_a_folder_with_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "preset.toml").write_text("mine")
    assert "preset.toml" in refused(*CALIBRATION, "--out", tmp_path)
    assert (tmp_path / "preset.toml").read_text() == "mine"


def test_a_saved_therapy_that_was_changed_is_noticed_and_one_by_hand_is_played(
    tmp_path: Path,
) -> None:
    from dashboards.therapies.play_file import read_play, write_play

    path = tmp_path / "kept.toml"
    text = write_play(read_play("seed = 3\n"))
    path.write_text(text)
    assert alliance("play", path).exit_code == 0
    path.write_text(text.replace("seed = 3", "seed = 2"))
    assert "not as it was saved" in refused("play", path)
    path.write_text("\n".join(line for line in text.splitlines() if "checksum" not in line))
    assert alliance("play", path).exit_code == 0
