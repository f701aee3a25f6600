"""The program ``alliance`` as a user meets it."""

from __future__ import annotations

import json
import shlex
import signal
import time
from importlib.metadata import version
from typing import TYPE_CHECKING

import polars as pl
import pytest

from experiments.cli import run as run_command
from experiments.cli.program import app
from simulation import PARAMETERS, all_presets
from tests.lost import interrupted_in_a_library
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("--clients", "20", "--therapists", "4")


def told(*words: str) -> dict:
    done = alliance("run", *words, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_run_tells_what_happened_and_how_to_repeat_it() -> None:
    done = alliance("run", *SMALL, "--seed", "3")
    assert done.exit_code == 0
    assert "Who stayed" in done.stdout
    assert "alliance run --clients 20 --therapists 4 --seed 3" in " ".join(done.stdout.split())
    assert "\x1b" not in done.stdout, "no colours where there is no terminal"


def test_the_command_that_is_told_repeats_the_run() -> None:
    first = told(
        "--preset", "youth", "--preset", "relief", "--set", "empathy=0.7", *SMALL,
        "--seed", "9", "--replicates", "3",
    )  # fmt: skip
    words = shlex.split(first["command"])
    assert words[:2] == ["alliance", "run"]
    assert told(*words[2:]) == first


def test_another_seed_is_another_clinic() -> None:
    one, other = told(*SMALL, "--seed", "1"), told(*SMALL, "--seed", "2")
    assert one["all_starters"] != other["all_starters"]


def test_presets_and_settings_reach_the_model() -> None:
    summary = told(
        "--preset", "telehealth", "--set", "empathy=0.91", "--set", "role_induction=true", *SMALL
    )
    assert summary["changed"]["telehealth"] is True
    assert summary["changed"]["empathy"] == 0.91
    assert summary["changed"]["role_induction"] is True
    assert summary["changed"]["clients"] == 20
    assert summary["staying"]["asked"] == 20


def test_mesa_plain_python_and_the_engine_write_identical_tables(tmp_path: Path) -> None:
    for engine in ("mesa", "plain", "compiled"):
        done = alliance(
            "run", *SMALL, "--replicates", "2", "--engine", engine, "--out", str(tmp_path / engine)
        )
        assert done.exit_code == 0, done.output
    for table in ("clients", "sessions", "therapists"):
        one = (tmp_path / "mesa" / f"{table}.parquet").read_bytes()
        assert one == (tmp_path / "compiled" / f"{table}.parquet").read_bytes()
        assert one == (tmp_path / "plain" / f"{table}.parquet").read_bytes()


def test_out_writes_the_tables_and_a_manifest_that_repeats_the_run(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"
    done = alliance("run", *SMALL, "--out", str(out))
    assert done.exit_code == 0
    assert {file.name for file in out.iterdir()} == {
        "clients.parquet",
        "sessions.parquet",
        "therapists.parquet",
        "manifest.json",
    }
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["command"] == f"alliance run --clients 20 --therapists 4 --seed 1 --out {out}"
    assert manifest["parameters"]["clients"] == 20
    assert len(pl.read_parquet(out / "clients.parquet")) == 20


def test_without_histories_no_sessions_are_written_nor_old_ones_left(tmp_path: Path) -> None:
    out = tmp_path / "run"
    alliance("run", *SMALL, "--out", str(out))
    before = pl.read_parquet(out / "clients.parquet")
    done = alliance("run", *SMALL, "--no-histories", "--out", str(out), "--overwrite")
    assert done.exit_code == 0
    assert not (out / "sessions.parquet").exists()
    assert pl.read_parquet(out / "clients.parquet").equals(before)
    assert "Alliance over sessions" in done.stdout


def test_a_large_run_shows_curves_of_its_first_clinics_and_says_so(monkeypatch) -> None:
    whole = told(*SMALL, "--replicates", "6")
    monkeypatch.setattr(run_command, "MOST_HISTORIES", 40)
    some = told(*SMALL, "--replicates", "6")
    assert some["alliance_replicates"] == 2
    assert whole["alliance_replicates"] == 6
    assert some["all_starters"] == whole["all_starters"]
    assert some["alliance"][0]["in_treatment"] < whole["alliance"][0]["in_treatment"]
    page = " ".join(alliance("run", *SMALL, "--replicates", "6").stdout.split())
    assert "come from the first 2 clinics" in page


def test_a_supervision_network_is_read_from_a_file(tmp_path: Path) -> None:
    ties = tmp_path / "team.txt"
    ties.write_text("Ana Ben\nBen Cem\n", "utf-8")
    summary = told("--clients", "20", "--therapists", "3", "--network", str(ties))
    assert summary["changed"]["supervision_network"] == "file"
    assert f"--network {ties}" in summary["command"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--set", "empaty=0.7"], "empaty is not a parameter. Did you mean empathy?"),
        (["--set", "empathy=high"], "empathy takes a number from 0.02 to 0.98"),
        (["--set", "empathy=nan"], "empathy takes a number"),
        (["--set", "empathy=inf"], "empathy takes a number"),
        (["--set", "weeks=-inf"], "weeks takes a whole number"),
        (["--set", "empathy"], "write --set NAME=VALUE"),
        (["--set", "=3"], "write --set NAME=VALUE"),
        (["--set", "telehealth=maybe"], "telehealth takes true or false"),
        (["--set", "assignment=leest_loaded"], "assignment takes one of"),
        (["--clients", "-3"], "clients takes a whole number"),
        (["--clients", "many"], "clients takes a whole number"),
        (["--therapists", "0"], "therapists takes a whole number"),
        (["--seed", "-1"], "seed takes a whole number from 0"),
        (["--seed", "one"], "seed takes a whole number from 0"),
        (["--seed", "18446744073709551616"], "from 0 to 18,446,744,073,709,551,615"),
        (["--replicates", "0"], "replicates takes a whole number from 1"),
        (["--replicates", "nan"], "replicates takes a whole number from 1"),
        (["--replicates", "4294967295", "--clients", "1000000"], "ask for at most"),
        (["--engine", "steam"], "--engine steam is not allowed: give compiled, plain or mesa"),
        (["--preset", "stepped_car"], "Did you mean stepped_care?"),
        (["--preset", "nowhere.toml"], "cannot be read"),
        (["--network", "nowhere.txt"], "cannot be read"),
        (["--set", "supervision_network=file"], "no graph was given"),
        (
            ["--set", "anxiety_with_trust=0.9", "--set", "avoidance_with_trust=0.9"],
            "No population can have",
        ),
        (["--nonsense"], "--nonsense"),
        (["leftover"], "leftover"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nonsense_gets_one_sentence_and_exit_code_2(words, complaint, monkeypatch) -> None:
    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
    assert complaint in refused("run", *words)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["rnu"], "rnu is not a command. Did you mean run?"),
        (["xyzzy"], "See: alliance --help"),
        (["explain"], "NAME"),
        (["explain", "empthy"], "Did you mean empathy?"),
        (["explain", "wai_sr_cleint"], "Did you mean wai_sr_client?"),
        (["presets", "warm"], "is not a preset"),
        (["presets", "youht"], "Did you mean youth?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_misspelt_name_gets_the_nearest(words, complaint) -> None:
    assert complaint in refused(*words)


def test_a_page_without_the_measures_that_fill_it_is_refused_before_measuring(tmp_path) -> None:
    assert "give one of them" in refused("benchmark", "--page", str(tmp_path / "speed.md"))


@pytest.mark.parametrize("words", [("--job", "load"), ("--label", "old")])
def test_what_belongs_to_another_build_is_refused_without_it(words) -> None:
    assert "--beside" in refused("benchmark", *words)


def test_a_folder_that_cannot_be_written_is_told_before_the_run(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
    monkeypatch.setattr(run_command, "run_requested", lambda *_: pytest.fail("ran all the same"))
    file = tmp_path / "file"
    file.touch()
    assert "cannot be written" in refused("run", "--out", str(file))
    assert "cannot be written" in refused("run", "--out", str(file / "below"))
    assert file.read_bytes() == b""


def test_a_refused_run_leaves_no_folder_behind(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
    out = tmp_path / "out"
    refused("run", "--set", "empathy=2", "--out", str(out))
    refused("run", "--network", "nowhere", "--out", str(out))
    assert not out.exists()


def test_the_first_compiled_run_of_all_says_that_it_compiles(monkeypatch) -> None:
    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: False)
    done = alliance("run", *SMALL, "--engine", "compiled", "--json")
    assert "Compiling" in done.stderr
    json.loads(done.stdout)
    assert alliance("run", *SMALL, "--json").stderr == ""
    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
    assert alliance("run", *SMALL, "--engine", "compiled", "--json").stderr == ""


def test_an_interruption_is_a_sentence_and_exit_code_130(monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_command, "run_requested", interrupted)
    done = alliance("run", *SMALL)
    assert done.exit_code == 130
    assert done.stderr.strip().splitlines()[-1] == "Stopped."
    assert "Traceback" not in done.output


@pytest.mark.parametrize("fails_later", [True, False], ids=["then an error", "then nothing"])
def test_an_interruption_lost_in_a_library_still_ends_the_command(
    fails_later: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def compiling(*_: object) -> None:
        interrupted_in_a_library()
        if fails_later:
            raise RuntimeError("no compiled object yet")

    monkeypatch.setattr("experiments.cli.stopping.PATIENCE", 3600.0)  # it would end these tests
    monkeypatch.setattr(run_command, "run_requested", compiling)
    done = alliance("run", *SMALL)
    assert done.exit_code == 130
    assert done.stderr.strip().splitlines()[-1] == "Stopped."
    assert "Traceback" not in done.output + capfd.readouterr().err


def test_what_called_a_stopped_command_from_python_lives_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[int] = []
    monkeypatch.setattr("experiments.cli.stopping.PATIENCE", 0.05)
    monkeypatch.setattr("experiments.cli.stopping._leave", left.append)
    monkeypatch.setattr(run_command, "run_requested", lambda *_: signal.raise_signal(signal.SIGINT))
    assert app(["run", *SMALL], standalone_mode=False) == 130
    time.sleep(0.2)
    assert not left


def test_too_little_memory_is_a_sentence(monkeypatch) -> None:
    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
    monkeypatch.setattr(run_command, "run_requested", too_much)
    assert "not enough memory" in refused("run", *SMALL)


def test_every_preset_is_listed_by_kind() -> None:
    listed = alliance("presets").stdout
    for one in all_presets():
        assert f"{one.name} " in listed
    assert listed.index("Settings") < listed.index("youth") < listed.index("Scenarios")


def test_a_preset_is_shown_with_what_it_sets_and_what_it_rests_on() -> None:
    shown = " ".join(alliance("presets", "exhausted_team").stdout.split())
    assert "supervision_network = none" in shown
    assert "F100" in shown
    assert "Would you expect" in shown


def test_explain_tells_meaning_bounds_status_facts_and_equations() -> None:
    shown = " ".join(alliance("explain", "alliance_effect").stdout.split())
    row = PARAMETERS["alliance_effect"]
    assert row.meaning in shown
    assert f"from {row.low:g} to {row.high:g}" in shown
    assert row.status in shown
    assert "Falkenström" in shown
    assert "equations.change.session_gain" in shown


def test_help_names_every_command() -> None:
    shown = alliance("--help").stdout
    for command in ("run", "presets", "explain", "benchmark"):
        assert f"\n  {command} " in shown
    assert alliance().stdout == shown
    assert alliance("-h").stdout == shown


def test_the_version_is_told() -> None:
    assert alliance("--version").stdout == f"alliance {version('alliance-dynamics')}\n"


def test_one_of_many_clinics_can_be_run_alone(tmp_path: Path) -> None:
    for engine in ("compiled", "plain", "mesa"):
        whole, alone = tmp_path / engine / "whole", tmp_path / engine / "alone"
        for place, words in ((whole, ("--replicates", "4")), (alone, ("--first-replicate", "2"))):
            done = alliance("run", *SMALL, *words, "--engine", engine, "--out", str(place))
            assert done.exit_code == 0, done.output
        (third,) = pl.read_parquet(whole / "clients.parquet").partition_by("replicate")[2:3]
        assert pl.read_parquet(alone / "clients.parquet").equals(third)
        assert "--first-replicate 2" in (alone / "manifest.json").read_text("utf-8")
