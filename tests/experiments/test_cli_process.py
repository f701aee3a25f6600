"""What only a process of its own can show: start-up time, signals, pipes, full disks."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.programs import PROGRAM, environment, finished

SMALL = ("run", "--clients", "20", "--therapists", "4")
HEAVY = {
    "numpy",
    "numba",
    "mesa",
    "polars",
    "scipy",
    "networkx",
    "pydantic",
    "simulation.parameters",
}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom experiments.cli.program import main\nsys.argv = ['alliance', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert "Commands:" in done.stdout
    assert not HEAVY & set(done.stderr.split())


def test_help_answers_about_as_soon_as_its_library_is_loaded() -> None:
    times: dict[str, list[float]] = {"help": [], "library": []}
    for _ in range(5):
        for name, words in (
            ("help", (*PROGRAM, "--help")),
            ("library", (sys.executable, "-c", "import typer")),
        ):
            begun = time.perf_counter()
            subprocess.run(words, capture_output=True, env=environment(), check=True)
            times[name].append(time.perf_counter() - begun)
    assert min(times["help"]) < 2 * min(times["library"])


def test_an_error_is_one_line_on_stderr_and_exit_code_2() -> None:
    done = finished("run", "--set", "empaty=0.7")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "Error: empaty is not a parameter. Did you mean empathy?\n"


def test_a_run_succeeds_and_needs_no_terminal() -> None:
    done = finished(*SMALL)
    assert done.returncode == 0
    assert "Who got better" in done.stdout
    assert "\x1b" not in done.stdout


def test_output_that_cannot_show_blocks_is_plain() -> None:
    done = subprocess.run(
        [*PROGRAM, *SMALL],
        capture_output=True,
        env=environment(PYTHONIOENCODING="ascii"),
        check=True,
    )
    assert b"####" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_reader_who_leaves_is_no_error() -> None:
    running = subprocess.Popen(
        [*PROGRAM, "presets"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    complaint = running.stderr.read()
    running.wait(60)
    running.stderr.close()
    assert b"Traceback" not in complaint
    assert b"Broken" not in complaint


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_ends_with_a_sentence_and_exit_code_130(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import sys\nfrom simulation.agents.model import AllianceModel\nstep = AllianceModel.step\n"
        "def announced(model):\n    print('running', file=sys.stderr, flush=True)\n    step(model)\n"
        "AllianceModel.step = announced\n"
        "from experiments.cli.program import main\nmain()"
    )
    words = ["run", "--engine", "mesa", "--replicates", "100000", "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as running:
        # Until the program runs, Python itself would answer the signal.
        assert running.stderr is not None
        assert running.stderr.readline() == "100,000 clinics will take about 8 hours here.\n"
        assert running.stderr.readline() == "running\n"
        running.send_signal(signal.SIGINT)
        said, complaint = running.communicate(timeout=60)
    assert running.returncode == 130
    assert complaint.strip().endswith("Stopped.")
    assert "Traceback" not in complaint
    assert said == ""
    assert not out.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("presets",), SMALL, (*SMALL, "--json")], ids=" ".join)
def test_output_that_no_longer_fits_gets_one_sentence(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Error: The output cannot be written: No space left on device."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_gets_one_sentence_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import resource, signal\n"
        "from simulation import simulate\nsimulate(histories=True)\n"  # compiled code is kept on disk, too
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "from experiments.cli.program import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "--clients", "300", "--out", str(out)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"Error: {out} cannot be written")
    assert "Traceback" not in done.stderr
    assert not out.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_leaves_the_tables_of_an_earlier_run_as_they_were(tmp_path: Path) -> None:
    assert finished(*SMALL, "--out", str(tmp_path)).returncode == 0
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    code = (
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "from experiments.cli.program import main\nmain()"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "run",
            "--clients",
            "300",
            "--overwrite",
            "--out",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
