"""Nothing is overwritten silently: outputs go to new files, or replace what somebody said they may."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulation.files import StorageError, check_output, write_output, write_whole
from tests.programs import SMALL, alliance, contents, refused

STUDY = ("--vary", "empathy=0.3,0.7", "--replicates", "4", "--set", "clients=12")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "s"
    assert alliance("sweep", *STUDY, "--out", folder).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def therapy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("therapy") / "kept.toml"
    path.write_text("seed = 2\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("force", [(), ("--overwrite",)], ids=["", "overwrite"])
def test_a_run_never_replaces_a_study(force: tuple[str, ...], study: Path) -> None:
    before = contents(study)
    said = refused("run", *SMALL, "--out", study, *force)
    assert "holds a study" in said
    assert "another folder" in said
    assert contents(study) == before
    assert alliance("results", study).exit_code == 0


def test_a_run_replaces_an_earlier_run_only_when_told(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert alliance("run", *SMALL, "--out", out).exit_code == 0
    before = contents(out)
    said = refused("run", *SMALL, "--seed", "2", "--out", out)
    assert "--overwrite" in said
    assert contents(out) == before
    assert alliance("run", *SMALL, "--seed", "2", "--out", out, "--overwrite").exit_code == 0
    assert contents(out) != before


def test_a_run_leaves_the_manifest_of_anything_else_alone(tmp_path: Path) -> None:
    for text in ("[]", "null", '{"name": "a web page"}', "", "[" * 100_000):
        (tmp_path / "manifest.json").write_text(text)
        assert "not the manifest of a run" in refused(
            "run", *SMALL, "--out", tmp_path, "--overwrite"
        )
        assert contents(tmp_path) == {"manifest.json": text.encode()}


def writers(study: Path, therapy: Path) -> dict[str, tuple[object, ...]]:
    return {
        "csv": ("results", study, "--csv"),
        "parquet": ("results", study, "--parquet"),
        "report": ("report", study, "--html"),
        "validation": ("validate", "--studies", "20", "--html"),
        "therapy": ("play", therapy, "--out"),
    }


NAMES = ("csv", "parquet", "report", "validation", "therapy")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_replaced_only_when_told(
    name: str, study: Path, therapy: Path, tmp_path: Path
) -> None:
    words = writers(study, therapy)[name]
    target = tmp_path / "precious"
    target.write_text("a year of work")
    assert "--overwrite" in refused(*words, target)
    assert target.read_text() == "a year of work"
    assert alliance(*words, target, "--overwrite").exit_code == 0
    assert target.read_bytes() != b"a year of work"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of POSIX")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "place", [".", "", "/", "//", "..", "folder", "pipe", "link", "x" * 300, "file/inside"]
)
def test_what_is_no_file_is_no_place_for_an_output(
    name: str, place: str, study: Path, therapy: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").write_text("here")
    os.mkfifo("pipe")
    Path("link").symlink_to("file")
    before = contents(tmp_path)
    refused(*writers(study, therapy)[name], place, "--overwrite")
    assert contents(tmp_path) == before
    assert Path("link").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of POSIX")
@pytest.mark.parametrize("place", ["/", "//", "pipe", "file", "file/inside", "x" * 300])
def test_what_is_no_folder_is_no_place_for_a_run_or_a_study(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("here")
    os.mkfifo("pipe")
    root = sorted(Path("/").iterdir())
    refused("run", *SMALL, "--out", place)
    refused("sweep", *STUDY, "--out", place)
    assert contents(tmp_path) == {"file": b"here"}
    assert sorted(Path("/").iterdir()) == root


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="devices of POSIX")
def test_a_device_stays_a_device(study: Path) -> None:
    assert "a device" in refused("results", study, "--csv", "/dev/null", "--overwrite")
    assert Path("/dev/null").is_char_device()
    refused("run", *SMALL, "--out", "/dev/null")


def test_the_page_in_the_folder_of_a_study_is_brought_up_to_date(study: Path) -> None:
    assert alliance("report", study).exit_code == 0
    assert alliance("report", study).exit_code == 0
    assert (study / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 120 + ".csv")
    write_whole(target, b"1")
    write_output(target, b"2", overwrite=True)
    assert contents(tmp_path) == {target.name: b"2"}


def test_a_place_that_takes_no_file_is_refused_before_the_work(tmp_path: Path) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("this system has no folder that is writable and takes no files")
    with pytest.raises(StorageError, match="takes no files"):
        check_output(Path("/proc/page.html"))
    records = tmp_path / "records.csv"
    records.write_text("client,session,wai_sr,phq9\n1,1,40,9\n")
    place = "/proc/alliance"
    for words in (
        ("twin", records, "--out", f"{place}.csv"),
        ("calibrate", "--data", records, "--out", place),
        ("validate", "--nulls", "--out", place),
        ("validate", "--html", f"{place}.html"),
    ):
        found = alliance(*words)
        assert found.exit_code == 2
        assert "takes no files" in found.output
        assert "..." not in found.output


def test_a_mapping_that_is_there_is_found_before_the_records_are_read(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("no table")
    (tmp_path / "records.csv.map.toml").write_text("")
    found = alliance("describe", tmp_path / "records.csv", "--save-map")
    assert found.exit_code == 2
    assert "exists already" in found.output


def test_an_output_is_checked_before_the_work(tmp_path: Path) -> None:
    check_output(tmp_path / "new" / "folder" / "page.html")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    for place in ("file", "file/inside", "a\0b"):
        with pytest.raises(StorageError):
            check_output(tmp_path / place)
