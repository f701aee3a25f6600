"""The commands ``alliance audition`` and ``alliance twin`` as a user meets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
def analyse(table):
    table = table.drop_nulls(["core_10_last", "core_10_intake"])
    gain = table["core_10_intake"] - table["core_10_last"]
    return {"estimate": gain.mean(), "se": gain.std() / gain.len() ** 0.5, "df": gain.len() - 1}
"""
LIKE = """
def analyse(table):
    return {"estimate": table["core_10"].mean(), "se": 1.0, "df": table.height - 1}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gain.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "like.py").write_text(LIKE, encoding="utf-8")
    return tmp_path


def test_an_audition_names_its_folder_by_the_script_and_says_what_came_of_it(here: Path) -> None:
    words = (
        "audition",
        "gain.py",
        "--studies",
        "3",
        "--clients",
        "20",
        "--rival",
        "halo",
        "--rows",
        "client",
    )
    done = alliance(*words, "--truth", "8")
    assert done.exit_code == 0, done.stderr
    assert "nothing about any client" in " ".join(done.stdout.split())
    for world in ("model", "halo", "null"):
        assert world in done.stdout
    found = json.loads(alliance(*words, "--json").stdout)
    assert [one["world"] for one in found["worlds"]] == ["model", "halo", "null"]
    assert found["worlds"][0]["truth"]["value"] is None
    assert alliance("results", "gain-audition").exit_code == 0
    assert "holds an audition of gain.py, which verify does not run" in refused(
        "verify", "gain-audition"
    )
    assert alliance("report", "gain-audition").exit_code == 0
    page = (here / "gain-audition/report.html").read_text(encoding="utf-8")
    assert "with gain.py</h1>" in page
    assert "alliance sweep study.toml" not in page


def test_the_table_of_any_study_can_be_looked_at(here: Path) -> None:
    done = alliance("audition", "gain.py", "--arm", "progress_feedback", "--data", "causal:7")
    assert done.exit_code == 0, done.stderr
    assert "Mean effect on its clients" in done.stdout
    table = pl.read_csv(here / "study-causal-7.csv")
    assert set(table["arm"]) == {0, 1}


@pytest.mark.slow
def test_studies_can_look_like_records(here: Path) -> None:
    """Ten seconds."""
    frame = pl.read_csv(FILE)
    odd = pl.col("client").str.tail(1).is_in(list("13579"))
    frame = frame.with_columns(arm=pl.when(odd).then(pl.lit("feedback")).otherwise(pl.lit("usual")))
    frame.write_csv(here / "records.csv")
    words = ("audition", "like.py", "--like", "records.csv", "--studies", "2", "--rival", "halo")
    done = alliance(*words, "--json")
    assert done.exit_code == 0, done.stderr
    assert "arm: studies have it in the shares of the records, but no effect of it" in done.stderr
    assert alliance(*words, "--data", "halo:1").exit_code == 0
    study = pl.read_csv(here / "study-halo-1.csv")
    assert study.columns == frame.columns
    assert set(study["arm"]) == {"feedback", "usual"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.py",), "none.py does not exist"),
        (("gain.py", "--arm", "nothing"), "is not a preset"),
        (("gain.py", "--arm", "empathy=2"), "empathy takes a number"),
        (("gain.py", "--truth", "1", "--statistic", "pre_post_d"), "give one"),
        (("gain.py", "--statistic", "pre_post"), "is not a statistic"),
        (("gain.py", "--map", "m.toml"), "--like FILE"),
        (("gain.py", "--like", str(FILE), "--arm", "progress_feedback"), "have no arms"),
        (("gain.py", "--rows", "therapist"), "a client or a session"),
        (("gain.py", "--data", "causal"), "WORLD:N"),
        (("gain.py", "--data", "heaven:1"), "no world"),
        (("gain.py", "--rival", "nobody"), "is not a preset"),
        (("gain.py", "--timeout", "0"), "timeout = 0"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(words: tuple[str, ...], said: str) -> None:
    assert said in refused("audition", *words)


@pytest.mark.slow
def test_a_twin_is_written_with_all_that_belongs_to_it(here: Path) -> None:
    done = alliance("twin", str(FILE), "--out", "twin.csv")
    assert done.exit_code == 0, done.stderr
    assert "no guarantee of anonymity" in done.stdout
    assert "advises on none" in done.stdout
    assert {one.name for one in here.iterdir()} >= {
        "twin.csv",
        "twin.truth.csv",
        "twin.codebook.md",
        "twin.report.md",
        "twin.map.toml",
    }
    report = (here / "twin.report.md").read_text(encoding="utf-8")
    assert "not real people" in report
    assert "membership inference" in report
    assert "exists already" in refused("twin", str(FILE), "--out", "twin.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((str(FILE), "--out", str(FILE)), "give the twin another name"),
        ((str(FILE), "--out", "twin.rds"), "a twin is a .csv"),
        (("none.csv", "--out", "twin.csv"), "none.csv"),
    ],
)
def test_what_is_no_twin_is_said_in_one_sentence(words: tuple[str, ...], said: str) -> None:
    done = alliance("twin", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
