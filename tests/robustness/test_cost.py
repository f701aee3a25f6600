"""Work that cannot end soon is said before it begins, with what it would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.cli.cost import announce_cost, time_span
from simulation.errors import AllianceError
from tests.programs import process, refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "words",
    [
        ("sweep", "--vary", "empathy=0:1:999999999", "--out", "out"),
        pytest.param(
            ("sweep", "--vary", "empathy=0:1:1000000", "--replicates", "10000000", "--out", "out"),
            marks=pytest.mark.slow,
        ),
        ("sweep", "--vary", "empathy=0:1", "--design", "sobol", "--size", "9" * 12, "--out", "o"),
        ("run", "--replicates", "3000000"),
        ("run", "--clients", "1", "--therapists", "1", "--replicates", "9" * 30),
        ("run", "--engine", "mesa", "--replicates", "3000000"),
        ("run", "--engine", "plain", "--replicates", "3000000"),
        ("validate", "--studies", "9" * 12),
        ("validate", "--clients", "9" * 400),
        ("rivals", "--studies", "9" * 12),
        ("calibrate", "--members", "9" * 30),
        ("calibrate", "--steps", "9" * 30),
    ],
    ids=lambda words: " ".join(words)[:50],
)
def test_what_would_never_end_is_refused_with_what_it_would_cost(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(*words)
    assert list(tmp_path.iterdir()) == []


def test_minutes_are_said_and_days_need_to_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    announce_cost("10 clinics", 10, 1.0, long=False, workers=1)
    assert capsys.readouterr().err == ""
    announce_cost("1,000 clinics", 1000, 1.0, long=False, workers=1)
    assert capsys.readouterr().err == "1,000 clinics will take about 17 min here.\n"
    with pytest.raises(AllianceError, match=r"about 12 days here.*--long"):
        announce_cost("1,000,000 clinics", 1_000_000, 1.0, long=False, workers=1)
    announce_cost("1,000,000 clinics", 1_000_000, 1.0, long=True, workers=1)
    assert "12 days" in capsys.readouterr().err
    assert time_span(1e12) == "31,710 years"


def test_without_compiling_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    running = process("run", "--clients", "12", "--therapists", "3", "--engine", "compiled")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2
    assert said.splitlines()[-1].startswith("Error: NUMBA_DISABLE_JIT is set")
