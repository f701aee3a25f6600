"""The benchmark of trials says what it measured, and on what."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.benchmarks import trial_curves, trials
from experiments.benchmarks.trial_curves import CurveCost, measure_curve, peak_megabytes
from experiments.benchmarks.trials import TrialSpeed
from simulation.errors import AllianceError
from tests.programs import alliance, refused

SPEED = TrialSpeed(200, 10, 3e-6, 4e-6, 7.5e-3, 2500.0, 1e-12)
CURVE = CurveCost(
    12, 1000, 200, 8.0, 0.4, 0.05, 10, 0.05, 72.4, 30, 1e-3, {200: 250.0, 2000: 255.0}
)
WITHOUT = CurveCost(12, 1000, 200, 8.0, 0.4, 0.05, 10, None, None, None, None, {200: 250.0})


def run(*words: str) -> tuple[int, str, str]:
    said = alliance("benchmark", *words)
    return said.exit_code, said.stdout, said.stderr


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    pythons: list[str | None] = []

    def curve(python: str | None) -> CurveCost:
        pythons.append(python)
        return CURVE if python else WITHOUT

    monkeypatch.setattr(trials, "measure_trials", lambda: SPEED)
    monkeypatch.setattr(trial_curves, "measure_curve", curve)
    monkeypatch.setattr(trial_curves, "python_with_statsmodels", lambda: None)
    return pythons


def test_a_curve_is_measured_and_its_share_is_a_share_of_what_was_measured() -> None:
    found = measure_curve(points=2, trials=6, memory_trials=())
    assert found.simulating > found.analysing > 0
    assert found.analysis_share == found.analysing / found.simulating
    assert (found.ratio, found.statsmodels_trial, found.without) == (None, None, None)


def test_a_python_without_statsmodels_is_refused() -> None:
    for python in (str(Path(sys.executable).with_name("no-such-python")), "false"):
        with pytest.raises(
            AllianceError, match=r"give a Python that has statsmodels|cannot be run"
        ):
            measure_curve(python, points=1, trials=2, sample=1, memory_trials=())


def test_the_ratio_counts_the_simulation_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = np.array([0.0, np.nan])
    monkeypatch.setattr(trial_curves, "_measure_statsmodels", lambda *given: (0.05, answers))
    found = measure_curve("python", points=2, trials=4, sample=1, memory_trials=())
    assert found.ratio is not None
    assert found.ratio == pytest.approx(
        (found.simulating + 8 * 0.05) / (found.simulating + found.analysing)
    )
    assert found.without == 1
    assert found.farthest is not None
    assert found.farthest >= 0.0


def test_the_command_prints_lines_json_and_a_page(
    measured: list[str | None], tmp_path: Path
) -> None:
    code, text, _ = run("--trials", "--statsmodels", "other/python")
    assert code == 0
    for words in (
        "2,500 times as fast",
        "5.0% of simulating",
        "extrapolated",
        "72 times as fast",
        "255 MB",
    ):
        assert words in text
    code, text, _ = run("--trials")
    assert "--statsmodels PYTHON" in text
    assert measured == ["other/python", None]
    _, text, _ = run("--trials", "--statsmodels", "other/python", "--json")
    found = json.loads(text)
    assert found["ratio"] == 2500.0
    assert found["with_gaps"] == 4e-6
    assert found["curve"]["peak_megabytes"] == {"200": 250.0, "2000": 255.0}
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{trials.BEGIN}\n\nold\n\n{trials.END}\n\nafter\n", encoding="utf-8")
    assert run("--trials", "--page", str(page))[0] == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert WITHOUT.text() in text
    assert "old" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--statsmodels", "python"), "--statsmodels is for --trials"),
        (("--trials", "--scaling"), "--trials is measured by itself"),
        (("--peers", "--trials"), "is measured by itself"),
        (("--peers", "--scaling"), "--peers is measured by itself"),
        (("--peers", "--page", "x.md"), "--peers is measured by itself"),
    ],
)
def test_options_of_other_benchmarks_are_refused(words: tuple[str, ...], said: str) -> None:
    assert said in refused("benchmark", *words)


def test_memory_of_a_process_is_its_own_and_not_that_of_the_one_that_started_it() -> None:
    code = "from experiments.benchmarks.memory import own_peak_megabytes as p; print(p())"
    parent = (
        "import subprocess, sys; much = bytearray(400 * 2**20);"
        f"print(subprocess.run([sys.executable, '-c', {code!r}], capture_output=True, text=True).stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", parent], capture_output=True, text=True, check=True
    )
    assert 1 < float(done.stdout) < 300


@pytest.mark.slow  # 40 s: two processes that simulate 2,200 trials
def test_memory_does_not_grow_with_trials() -> None:
    peak_megabytes(2)  # compiles
    few, many = peak_megabytes(200), peak_megabytes(2_000)
    assert many < 500
    assert many < few * 1.15
