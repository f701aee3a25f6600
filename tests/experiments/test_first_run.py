"""The first run of all: a small one has its result in plain Python, before anything is compiled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from experiments.cli.output import announce_compiling
from experiments.cli.run_request import RunRequest
from simulation import Client, hold_session
from simulation.parameters import Parameters
from simulation.plain.running import is_quicker, most_work
from simulation.running import simulate
from tests.programs import alliance, environment

ROOT = Path(__file__).parents[2]

NOT_IMPORTED = (
    *("numba", "llvmlite", "mesa", "networkx", "scipy", "polars", "pandas"),
    *("matplotlib", "solara", "SALib", "statsmodels", "tqdm", "cachetools"),
)
"""Libraries that a run of a built-in network and its printed summary do not need."""

PROGRAM = """
import sys
from experiments.cli.program import app
try:
    app(prog_name="alliance")
finally:
    print(" ".join(sys.modules), file=sys.stderr)
"""


def as_ever(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    """Hold a session as the model does."""
    return hold_session(client, state, therapist, draws, p)


class Patient(Client):
    """A client who never drops out before the third session."""

    def ends(self, events: Any) -> Any:
        status = super().ends(events)
        return None if status == "dropped_out" and self.sessions < 3 else status


def imported_by(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own; its error stream names what it imported."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )


def told(*words: str) -> str:
    done = alliance(*words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_first_run_compiles_nothing_and_imports_what_it_needs(tmp_path: Path) -> None:
    done = imported_by("run", ALLIANCE_CACHE_DIR=str(tmp_path))
    imported = set(done.stderr.split())
    assert "simulation.plain.clinic" in imported
    assert imported.isdisjoint(NOT_IMPORTED)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert done.stdout == told("run", "--engine", "compiled").replace(" --engine compiled", "")


def test_a_compiled_run_imports_the_engine_and_no_more_than_it_needs() -> None:
    simulate(Parameters(clients=1, therapists=1))  # compiles, where nothing has
    done = imported_by("run", "--engine", "compiled")
    imported = set(done.stderr.split())
    assert "simulation.engine.weeks" in imported
    assert imported.isdisjoint(set(NOT_IMPORTED) - {"llvmlite"})


@pytest.mark.parametrize(
    "words",
    [
        ("--outcomes",),
        ("--json",),
        ("--no-histories", "--json"),
        ("--preset", "youth", "--seed", "7", "--replicates", "3"),
        ("--set", "supervision_network=small_world", "--json"),
    ],
    ids=" ".join,
)
def test_every_form_of_a_small_run_says_the_same_as_the_compiled_one(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    for quicker in (True, False):
        monkeypatch.setattr("simulation.plain.running.is_quicker", lambda *_, q=quicker, **__: q)
        taken.append(told("run", *words))
    assert taken[0] == taken[1]


def test_the_first_run_writes_the_tables_that_the_compiled_one_writes(tmp_path: Path) -> None:
    small = ("--clients", "20", "--therapists", "4")
    for engine in ("plain", "compiled"):
        out = ("--out", str(tmp_path / engine), "--format", "csv")
        told("run", *small, *out, "--engine", engine)
    for name in ("clients", "therapists", "sessions"):
        for form in ("parquet", "csv"):
            one, other = (tmp_path / engine / f"{name}.{form}" for engine in ("plain", "compiled"))
            assert one.read_bytes() == other.read_bytes()
    assert len(pl.read_parquet(tmp_path / "plain" / "clients.parquet")) == 20
    manifest = json.loads((tmp_path / "plain" / "manifest.json").read_text("utf-8"))
    assert "--engine plain" in manifest["command"]


@pytest.mark.parametrize(
    ("asked", "before", "first"),
    [
        ({}, "compiled", "plain"),
        ({"replicates": 10}, "compiled", "plain"),
        ({"replicates": 1000}, "compiled", "compiled"),
        ({"engine": "compiled"}, "compiled", "compiled"),
        ({"engine": "mesa"}, "mesa", "mesa"),
        ({"replicates": 1000, "engine": "plain"}, "plain", "plain"),
        ({"rules": (f"{__name__}:as_ever",)}, "compiled", "compiled"),
        ({"rules": (f"{__name__}:Patient",)}, "mesa", "mesa"),
        ({"rules": (f"{__name__}:Patient",), "engine": "compiled"}, "mesa", "mesa"),
    ],
    ids=str,
)
def test_a_run_is_compiled_where_that_is_quicker_or_asked_for(
    asked: dict[str, Any], before: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = RunRequest(**asked)
    for compiled, expected in ((True, before), (False, first)):
        monkeypatch.setattr(
            "simulation.engine.cache.is_compiled_before", lambda known=compiled: known
        )
        assert request.chosen_engine(Parameters()) == expected


def test_rules_and_models_of_ones_own_are_said_to_be_compiled_by_numba(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for ready, said in ((False, "another session or model of the dyad"), (True, "")):
        monkeypatch.setattr("simulation.engine.cache.is_compiled_before", lambda: True)
        monkeypatch.setattr(
            "simulation.engine.cache.is_in_numbas_cache", lambda _, known=ready: known
        )
        announce_compiling()
        assert capsys.readouterr().err == ""
        announce_compiling(own=True)
        found = capsys.readouterr().err
        assert said in found
        assert bool(said) == bool(found)


def test_mesa_compiles_nothing_and_announces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "experiments.cli.run.announce_compiling", lambda **_: pytest.fail("said to compile")
    )
    few = ("run", "--clients", "6", "--therapists", "2")
    assert "started" in told(*few, "--rule", f"{__name__}:Patient")


@pytest.mark.parametrize(
    "larger",
    [{"clients": 300}, {"session_limit": 60}, {"weeks": 500}, {"therapists": 500}],
    ids=str,
)
def test_more_people_sessions_and_weeks_are_more_work(larger: dict[str, int]) -> None:
    default = most_work(Parameters(), 1)
    assert most_work(Parameters(**larger), 1) > default
    assert most_work(Parameters(), 2) == 2 * default


def test_a_tiny_run_is_quicker_in_plain_python_even_beside_a_stored_engine() -> None:
    assert is_quicker(Parameters(clients=20, therapists=2), 1, compiled_before=True)


def test_a_large_run_is_not_quicker_in_plain_python() -> None:
    assert not is_quicker(Parameters(clients=1_000_000), 1, compiled_before=False)
    assert not is_quicker(Parameters(therapists=10_000), 1, compiled_before=True)
