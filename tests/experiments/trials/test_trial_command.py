"""``alliance trial`` as a user meets it."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from experiments import inference
from experiments.reports import trial_methods
from experiments.reports.trial_methods import methods_of
from experiments.trials import Trial
from tests.experiments.trials.small_trials import design
from tests.programs import alliance, finished, refused

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.trials.table import TrialTable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trial.toml"
    path.write_text(design(name="A small trial").to_toml())
    return path


def test_a_trial_says_what_its_analyses_do_and_that_it_is_no_evidence(
    file: Path, tmp_path: Path
) -> None:
    words = ("trial", str(file), "--out", str(tmp_path / "out"), "--trials", "20", "--null")
    done = alliance(*words, "--data", "2", "--format", "csv")
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    for part in (
        "A small trial",
        "A sketch",
        "True effect of supervision",
        "type I",
        "t_of_therapist_means",
    ):
        assert part in said
    assert "no spill-over" in said
    assert "not evidence" in said
    names = {one.name for one in (tmp_path / "out/datasets/trial-002").iterdir()}
    assert names == {"data.csv", "data_long.csv", "codebook.md", "truth.csv"}
    assert "Wrote the data of 2 trials, with and without an effect, to" in said
    again = alliance(*words, "--json")
    found = json.loads(again.stdout)
    assert found["trials"] == 20
    assert found["sketch"] is True
    assert len(found["characteristics"]) == 2
    assert found["characteristics"][0]["type_1"]["error"] >= 0


def test_data_without_an_effect_stand_beside_those_with_it_and_say_so(
    file: Path, tmp_path: Path
) -> None:
    words = ("trial", str(file), "--out", str(tmp_path / "out"), "--trials", "2")
    assert "Wrote the data of 1 trial to" in alliance(*words, "--data", "1").stdout.replace(
        "\n", " "
    )
    assert alliance(*words, "--null", "--data", "1").exit_code == 0
    folder = tmp_path / "out/datasets"
    differs = {}
    for name in ("trial-001", "null-001"):
        effect = pl.read_csv(folder / name / "truth.csv")["effect_supervision"]
        said = "without an effect" in (folder / name / "codebook.md").read_text()
        differs[name] = (bool((effect != 0).any()), said)
    assert differs == {"trial-001": (True, False), "null-001": (False, True)}
    assert (
        json.loads(alliance("trial", str(file), "--replay", "1", "--null").stdout)["null"] is True
    )


def test_one_trial_can_be_looked_at(file: Path) -> None:
    found = json.loads(alliance("trial", str(file), "--replay", "3").stdout)
    assert found["trial"] == 3
    (fit,) = found["analyses"]["t"]
    assert fit["arm"] == "supervision"
    assert fit["df"] == 38
    assert fit["failed"] is None


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (None, (), "needs a folder"),
        (None, ("--out", "{}/out", "--data", "2", "--format", "doc"), "not a format of data"),
        ("[arms.a]\n[arms.b]\n[outcome]\nprimary = 5\n", (), "primary = 5 is not among weeks"),
        ("[arms.a]\n[arms.b]\n[[analysis]]\nkind = \"anova\"\n", (), "Did you mean ancova?"),
        ("[arms.a]\n[arms.b]\n[[analysis]]\nkind = \"lmm\"\ndf = \"wald\"\n", ("--replay", "1"), "wald"),
        ("[arms.a\n", (), "not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(
    file: Path, tmp_path: Path, text: str | None, words: tuple[str, ...], said: str
) -> None:
    if text is not None:
        file.write_text(text)
    assert said in refused("trial", file, *(word.format(tmp_path) for word in words))


def test_a_report_describes_the_analyses_that_are_made_where_the_file_names_none(
    file: Path, tmp_path: Path
) -> None:
    file.write_text(design(analysis=[]).to_toml())
    page = tmp_path / "page.html"
    done = alliance("trial", file, "--out", tmp_path / "out", "--trials", "4", "--html", page)
    assert done.exit_code == 0, done.output
    assert (
        "The primary analysis is a linear mixed model with the score at intake, fitted by restricted maximum "
        "likelihood with random effects of therapist, degrees of freedom after Kenward &amp; Roger (1997), "
        "two-sided at 5 %. "
        "It is compared with an analysis of covariance with the score at intake, which ignores therapists."
    ) in page.read_text()


def test_a_report_says_what_its_measures_are_and_how_to_repeat_it(
    file: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    words = ("trial", str(file), "--out", str(tmp_path / "out"), "--trials", "4")
    done = finished(*words, "--html", str(page))
    assert done.returncode == 0, done.stderr
    said = html.unescape(page.read_text())
    assert "bias: the mean estimate less the true effect, in points." in said
    assert "at boundary: the share of fits in which a variance was estimated as 0." in said
    assert f"<pre>alliance {' '.join(words)} --html {page}</pre>" in said
    assert "The trial:" in said
    assert design(name="A small trial").to_toml().strip() in said


def test_a_report_describes_analyses_that_are_given_instead_of_those_of_the_file(
    tmp_path: Path,
) -> None:
    def difference(table: TrialTable) -> tuple[float, float, float]:
        return 1.0, 1.0, 30.0

    given = [difference, {"kind": "cox"}]
    result = Trial(design()).run(tmp_path / "out", 2, analyses=given)
    said = " ".join(methods_of(result))
    assert "The primary analysis is difference, a function of one's own, two-sided" in said
    assert "It is compared with Cox's proportional hazards model" in said
    assert "t test" not in said


@pytest.mark.parametrize("command", ["report", "results", "verify"])
def test_commands_for_studies_say_which_command_reads_a_trial(
    file: Path, tmp_path: Path, command: str
) -> None:
    out = tmp_path / "out"
    assert alliance("trial", file, "--out", out, "--trials", "2").exit_code == 0
    said = refused(command, out)
    assert f"{out} holds simulated trials, not a study: alliance trial {out}/trial.toml" in said
    words = said.partition("alliance ")[2].partition(",")[0].replace("FILE", str(tmp_path / "p"))
    assert alliance(*words.split(), "--trials", "2").exit_code == 0
    assert (tmp_path / "p").is_file()


def test_every_kind_of_analysis_has_words_for_a_protocol() -> None:
    assert trial_methods.KINDS.keys() == inference.KINDS.keys()
