"""What a command line that cannot be right is told: one sentence in the project's words, before anything is run."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, get_type_hints

import pytest

from experiments.cli.program import COMMANDS
from experiments.examples.counselling_records import FILE
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from pathlib import Path

DATA = str(FILE)
FORMULA = "core_10 ~ wai_sr + (1 | therapist)"
TRIAL = str(FILE.with_name("trials") / "supervision.toml")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").touch()
    (tmp_path / "a.py").write_text("analyse = 3\n\ndef other(table):\n    raise KeyError('no')\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["describe"], "alliance describe needs FILE (Session records"),
        (["fit", DATA], "alliance fit needs --formula FORMULA (As in R"),
        (["describe", DATA, "--symtom", "x"], "is not an option of alliance describe. Did you mean --symptom?"),
        (["trial", DATA, "--foo", "x"], "is not an option of alliance trial. See: alliance trial --help"),
        (["describe", DATA, "--pause", "x"], "--pause x is not allowed: give a whole number from 0."),
        (["describe", DATA, "--pause=-1"], "--pause -1 is not allowed: give a whole number from 0."),
        (["power", TRIAL, "--power", "x"], "--power x is not allowed: give a number."),
        (["audition", "a.py", "--studies", "1"], "--studies 1 is not allowed: give a whole number from 2 up"),
        (["fit", DATA, "--formula", "a", "--effect", "b", "--df", "n"], "--df n is not allowed: give kenward_roger"),
        (["describe", DATA, "more.csv"], "more.csv is left over: alliance describe takes FILE;"),
        (["describe", DATA, "--json=3"], "--json takes no value"),
        (["describe", DATA, "--studies"], "--studies is given nothing: write a value"),
        (["describe", DATA, "--client", ""], "--client is given nothing: write a value"),
        (["describe", DATA, "--client="], "--client is given nothing: write a value"),
        (["describe", ""], "A name is empty"),
        (["describe", DATA, "--studies", "3"], "--studies 3 is not allowed: give 0 for none, or at least 20"),
        (["twin", DATA, "--out", "."], ". is not written: a twin is a .csv"),
        (["twin", DATA, "--out", "afile/t.csv"], "afile/t.csv cannot be written: afile is no folder. Choose"),
        (["calibrate", "--data", DATA, "--out", "afile/x"], "afile/x cannot be made a folder: afile is a file"),
        (["calibrate", "--parameters", "nonsense"], "nonsense is not a parameter. See: alliance explain"),
        (["calibrate", "--parameters", "empathy,"], "--parameters empathy, has a comma too many"),
        (["calibrate", "--parameters", "empathy,empathy"], "names empathy twice"),
        (["calibrate", "--parameters", "clients"], "clients cannot be calibrated: it is a whole number"),
        (["audition", "a.py"], "a.py cannot be used: analyse is no function: write def analyse(table)."),
        (["audition", "a.py:other", "--arm", "empathy=.9", "--outcome", "age"], "age is not a number of a client"),
        (["audition", "a.py:other", "--truth", "nan"], "--truth nan is not allowed: give a number."),
        (["audition", "a.py:other", "--preset", "nonsense"], "nonsense is not a preset. See them all"),
        (["audition", "a.py:other", "--rival", "nonsense"], "nonsense is not a preset. See them all"),
        (["audition", "a.py:other", "--statistic", "nonsense"], "nonsense is not a statistic. There are: "),
    ],
)  # fmt: skip
def test_nonsense_is_told_what_to_do_in_our_words(words: list[str], said: str, here: Path) -> None:
    before = {one.name for one in here.iterdir()}
    assert said in refused(*words)
    assert {one.name for one in here.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["describe", DATA, "--studies", "0", "--seed", "3"], "--seed"),
        (["describe", DATA, "--table", "Sheet1"], "--table Sheet1"),
        (["fit", DATA, "--formula", FORMULA, "--effect", "wai_sr", "--table", "x"], "--table x"),
        (["trial", TRIAL, "--out", "o", "--format", "csv"], "--format"),
        (["trial", TRIAL, "--out", "o", "--overwrite"], "--overwrite"),
        (["trial", TRIAL, "--replay", "2", "--html", "x.html"], "--html"),
        (["trial", TRIAL, "--replay", "2", "--out", "o"], "--out"),
        (["power", TRIAL, "--out", "o", "--overwrite"], "--overwrite"),
        (["run", "--overwrite"], "--overwrite"),
        (["run", "--format", "csv"], "--format"),
        (["run", "--decimal", ","], "--decimal"),
        (["results", "study", "--overwrite"], "--overwrite"),
        (["results", "study", "--table"], "--table"),
        (["results", "study", "--decimal", ","], "--decimal"),
        (["validate", "--overwrite"], "--overwrite"),
        (["validate", "--out", "o"], "--out"),
        (["audition", "a.py:other", "--outcome", "sessions"], "--outcome"),
        (["audition", "a.py:other", "--overwrite"], "--overwrite"),
        (["audition", "a.py:other", "--like", DATA, "--clients", "50"], "--clients"),
        (["audition", "a.py:other", "--like", DATA, "--arm", "empathy=.9"], "--arm"),
    ],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(words: list[str], option: str) -> None:
    said = refused(*words)
    assert option in said
    assert "does nothing" in said or "leave" in said


def test_more_data_than_trials_are_refused() -> None:
    said = refused("trial", TRIAL, "--out", "o", "--trials", "20", "--data", "21")
    assert "give at most 20" in said


def test_an_audition_whose_every_study_fails_says_so_and_is_no_success() -> None:
    done = alliance(
        "audition", "a.py:other", "--studies", "2", "--clients", "10", "--rows", "client"
    )
    assert done.exit_code == 1
    (said,) = (line for line in done.stderr.splitlines() if line.startswith("Error: "))
    assert "No run of a-audition gave a result: 12 failed, the first with" in said
    assert "KeyError: 'no' (a.py, line 4). To replay it: alliance audition a.py:other" in said


def test_the_table_of_a_study_is_written_for_a_script_that_cannot_be_loaded(here: Path) -> None:
    done = alliance("audition", "a.py", "--clients", "10", "--data", "null:1")
    assert done.exit_code == 0, done.stderr
    assert (here / "study-null-1.csv").exists()


@pytest.mark.parametrize("formula", ["y ~ x + (1 | g)", "x ~ y + (1 | g)", "x ~ 1 + (1 + y | g)"])
@pytest.mark.parametrize("large", ["1e308", "1e155"])
def test_a_number_too_large_to_compute_with_is_named_and_nothing_else_printed(
    here: Path, formula: str, large: str
) -> None:
    rows = [f"{large if row == 3 else row % 5},{row % 7},{row % 4}" for row in range(40)]
    (here / "large.csv").write_text("y,x,g\n" + "\n".join(rows) + "\n", "utf-8")
    effect = "1" if "+ y" in formula else formula[4]
    said = refused("fit", "large.csv", "--formula", formula, "--effect", effect)
    assert said.startswith(f"Error: y is {float(large):g} in row 5, too far from 0")


@pytest.mark.parametrize("command", [one.name for one in COMMANDS])
def test_every_number_is_asked_for_in_our_words(command: str) -> None:
    module = next(one.module for one in COMMANDS if one.name == command)
    hints = get_type_hints(import_module(module).command, include_extras=True)
    loaded = next(one for one in COMMANDS if one.name == command).load()
    numbers = [
        max(one.opts, key=len)
        for one in loaded.params
        if one.param_type_name == "option"
        and re.search(r"\b(int|float)\b", str(hints[one.name]).partition("OptionInfo")[0])
    ]
    for option in numbers:
        said = refused(command, option, "x")
        assert said.startswith(f"Error: {option} x is not allowed: give a"), said
    assert numbers or command not in {"describe", "trial"}
