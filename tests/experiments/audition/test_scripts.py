"""A script is run apart: it may fail, hang, crash or talk, and takes nothing with it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from experiments.audition.audition import Audition
from experiments.audition.protocol import AnswerError
from experiments.audition.scripts import Script, ScriptError
from experiments.audition.studies import StudyTable
from simulation.errors import AllianceError

TABLE = StudyTable.of(pl.DataFrame({"client": [1, 2, 3], "x": [1.0, 2.0, 6.0]}))

PYTHON = """
import os, random, sys, time
import numpy as np

def analyse(table):
    print("talking")
    return table["x"].mean(), 0.5, 20

def seeded(table):
    return np.random.normal() + random.random(), 1.0, 20

def raises(table):
    raise ZeroDivisionError("a singular fit")

def hangs(table):
    time.sleep(60)

def crashes(table):
    os._exit(9)

def leaves(table):
    sys.exit("enough")

def silent(table):
    return None
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scripts") / "mine.py"
    path.write_text(PYTHON, encoding="utf-8")
    return path


def test_a_function_answers_on_a_table_and_may_print(file: Path) -> None:
    answer = Script.named(str(file)).answer(TABLE, 1)
    assert (answer.estimate, answer.error, answer.df) == (3.0, 0.5, 20)


def test_what_a_script_draws_is_seeded_by_the_study(file: Path) -> None:
    script = Script.named(f"{file}:seeded")
    first, other, again = (script.answer(TABLE, seed).estimate for seed in (1, 2, 1))
    assert first == again != other


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", r"ZeroDivisionError: a singular fit \(mine.py, line \d+\)"),
        ("hangs", "took longer than 0.5 s"),
        ("crashes", "ended with code 9"),
        ("leaves", "ended with code 1"),
    ],
)
def test_a_function_that_fails_says_how_and_the_next_study_is_analysed(
    name: str, said: str, file: Path
) -> None:
    script = Script.named(f"{file}:{name}", timeout=0.5 if name == "hangs" else 30)
    for _ in range(2 if name == "raises" else 1):
        with pytest.raises(ScriptError, match=said):
            script.answer(TABLE, 1)
    assert Script.named(str(file)).answer(TABLE, 1).estimate == 3.0


def test_an_answer_that_is_none_is_told_from_a_failure(file: Path) -> None:
    with pytest.raises(AnswerError, match="gave no"):
        Script.named(f"{file}:silent").answer(TABLE, 1)


def shell(tmp_path: Path, text: str) -> str:
    path = tmp_path / "script.sh"
    path.write_text(text, encoding="utf-8")
    return f"sh {path}"


def test_a_command_gets_the_names_of_the_table_and_of_its_answer(tmp_path: Path) -> None:
    text = 'head -1 "$1" | grep -q "^client,x$" && echo \'{"estimate": 2, "se": 1, "p": 0.5}\' > "$2"\n'
    assert Script.named(shell(tmp_path, text)).answer(TABLE, 1).p == 0.5


def test_a_command_may_name_the_table_itself_and_print_its_answer(tmp_path: Path) -> None:
    text = 'test -f "$3" && echo estimate,se,p && echo 2,1,0.$ALLIANCE_SEED\n'
    script = Script.named(shell(tmp_path, text) + " --data 1 {data}")
    assert script.answer(TABLE, 25).p == 0.25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo nothing to fit >&2\nexit 3\n", "ended with code 3: nothing to fit"),
        ("sleep 60\n", "took longer than 0.3 s"),
    ],
)
def test_a_command_that_fails_says_how(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=said):
        Script.named(shell(tmp_path, text), timeout=0.3).answer(TABLE, 1)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_reads_the_table_and_answers_as_broom_does(tmp_path: Path) -> None:
    path = tmp_path / "mine.R"
    path.write_text(
        "a <- commandArgs(TRUE); d <- read.csv(a[1]); m <- summary(lm(x ~ client, d))$coefficients[2, ]\n"
        "write.csv(data.frame(estimate = m[1], std.error = m[2], p.value = m[4]), a[2])\n",
        encoding="utf-8",
    )
    answer = Script.named(str(path)).answer(TABLE, 1)
    assert answer.estimate == pytest.approx(2.5)
    assert answer.p == pytest.approx(0.2122956)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("none.py", "none.py does not exist"),
        ("none.R", "none.R does not exist|Rscript is no program"),
        ("no_such_program --fast", "no_such_program is no program"),
        ("", "Name a script"),
        ("echo 'open", "is no command"),
    ],
)
def test_what_is_no_script_is_said(text: str, said: str) -> None:
    with pytest.raises(AllianceError, match=said):
        Script.named(text)


def test_a_function_that_is_not_there_and_a_file_that_is_no_python_are_said(
    file: Path, tmp_path: Path
) -> None:
    with pytest.raises(AllianceError, match="has no function analyze"):
        Script.named(f"{file}:analyze")
    broken = tmp_path / "broken.py"
    broken.write_text("def analyse(:\n", encoding="utf-8")
    with pytest.raises(AllianceError, match="cannot be read as Python"):
        Script.named(str(broken))
    with pytest.raises(AllianceError, match="timeout = 0"):
        Script.named(str(file), timeout=0)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_r_script_of_the_page_runs_as_shown(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "twin.md").read_text("utf-8")
    shown = re.findall(r"^```r\n(# (\S+)\n.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert shown
    for text, name in shown:
        (tmp_path / name).write_text(text, encoding="utf-8")
        script = Script.named(str(tmp_path / name))
        audition = Audition(script, clients=60, therapists=6)
        table, _ = audition.evaluation.simulated.study(audition.settings("model"), 1, 0)
        answer = script.answer(table, 1)
        assert answer.error > 0
        assert 0 <= answer.p <= 1
