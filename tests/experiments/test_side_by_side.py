"""Two builds in turns: what is run, what is taken off, what is said when one of them fails."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from experiments.benchmarks import side_by_side as benchmark
from experiments.benchmarks.side_by_side import (
    BEGIN,
    END,
    JOBS,
    Job,
    side_by_side,
    side_table,
)
from simulation.errors import AllianceError
from tests.programs import alliance

if TYPE_CHECKING:
    from pathlib import Path

SEES_BYTECODE = (
    "import importlib.util, pathlib, simulation\n"
    "raise SystemExit(not pathlib.Path(importlib.util.cache_from_source(simulation.__file__)).exists())"
)
BUSY = "import time\nwhile time.process_time() < {}: pass"


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = (
        Job("load", "loading", script=BUSY.format(0.2)),
        Job("work", "loading and working", script=BUSY.format(0.5), minus="load"),
        Job("broken", "what fails", script="raise SystemExit('no such thing')"),
    )
    monkeypatch.setattr(benchmark, "JOBS", made)


@pytest.mark.usefixtures("jobs")
def test_a_build_beside_itself_has_a_ratio_of_one_and_loading_is_taken_off() -> None:
    (work,) = side_by_side(sys.executable, ["work"], turns=3)
    assert work.job == "work"
    assert 0.2 < work.this < 0.45
    assert 0.5 < work.ratio < 2.0
    assert work.low <= work.ratio <= work.high


@pytest.mark.usefixtures("jobs")
def test_what_fails_and_what_is_no_job_is_said() -> None:
    with pytest.raises(AllianceError, match=r"broken failed in .*: no such thing"):
        side_by_side(sys.executable, ["broken"], turns=1)
    with pytest.raises(AllianceError, match="wrok is not a job"):
        side_by_side(sys.executable, ["wrok"], turns=1)


@pytest.mark.usefixtures("jobs")
def test_the_command_prints_the_table_and_writes_it_into_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}\n\n{END}\n\nafter\n", encoding="utf-8")
    words = ["benchmark", "--beside", sys.executable, "--job", "load", "--turns", "1"]
    said = alliance(*words, "--page", page, "--label", "itself")
    assert said.exit_code == 0, said.output
    assert "| loading |" in said.stdout
    text = page.read_text(encoding="utf-8")
    assert "The other build: itself." in text
    assert said.stdout.strip() in text
    assert text.endswith(f"{END}\n\nafter\n")
    found = json.loads(alliance(*words, "--json").stdout)["jobs"]
    assert [one["job"] for one in found] == ["load"]


def test_both_builds_have_their_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for house in ("experiments", "simulation"):
        (tmp_path / house).mkdir()
        (tmp_path / house / "__init__.py").write_text("")
    monkeypatch.setattr(benchmark, "JOBS", (Job("see", "what is there", script=SEES_BYTECODE),))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert [one.job for one in side_by_side(sys.executable, ["see"], turns=1)] == ["see"]


def test_every_job_takes_another_off_that_is_there() -> None:
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert all(job.minus in {"", *names} for job in JOBS)
    assert all(bool(job.script) != bool(job.arguments) for job in JOBS)
    assert side_table([]).count("\n") == 1
