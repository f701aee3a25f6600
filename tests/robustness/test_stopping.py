"""Ctrl-C and SIGTERM end a command soon, with a sentence, without a traceback, and with no process left."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.programs import left, process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

MOMENTS = [float(after) for after in os.environ.get("STOP_AFTER", "4").split(",")]
"""Seconds after which a command is stopped; ``STOP_AFTER=1,3,7,12`` is the long form."""

SWEEP = ("sweep", "--vary", "empathy=0.2:0.8:7", "--replicates", "50000", "--out", "out")
COMMANDS = {
    "run": ("run", "--replicates", "400000"),
    "mesa": ("run", "--engine", "mesa", "--replicates", "100000"),
    "validate": ("validate", "--studies", "5000"),
    "calibrate": ("calibrate", "--members", "400", "--out", "out"),
    "threads": SWEEP,
    "processes": (*SWEEP, "--processes", "2"),
    "dask": (*SWEEP, "--dask", "local", "--threads", "2"),
}


def stopped(words: tuple[str, ...], number: int, after: float, folder: Path) -> tuple[int, str]:
    """Stop a command as a terminal does, or a cluster; return its exit code and what it said."""
    running = process(*words, cwd=folder, start_new_session=True)
    try:
        time.sleep(after)
        if number == signal.SIGINT:
            os.killpg(running.pid, number)
        else:
            running.send_signal(number)
        said, complaint = running.communicate(timeout=60)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    deadline = time.monotonic() + 10
    while left(running.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left(running.pid)
    return running.returncode, said + complaint


def check(name: str, number: int, after: float, folder: Path) -> None:
    code, said = stopped(COMMANDS[name], number, after, folder)
    assert code == 128 + number, said
    assert "Traceback" not in said
    assert "Stopped." in said
    assert not list(folder.rglob(".*.tmp-*"))


@pytest.mark.slow
def test_a_command_ends_when_asked(tmp_path: Path) -> None:
    check("threads", signal.SIGINT, 4.0, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("after", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_ends_at_any_moment(
    name: str, number: int, after: float, tmp_path: Path
) -> None:
    if name == "dask":
        pytest.importorskip("distributed")
    check(name, number, after, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_sweep_ends_soon_while_the_model_is_compiled(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_CACHE_DIR", str(tmp_path / "compiled"))
    monkeypatch.setenv("NUMBA_OPT", "3")  # as ever; but told so, Numba compiles
    words = ("sweep", "--vary", "empathy=0.3,0.7", "--replicates", "4", "--out", "out")
    code, said = stopped(words, number, 5.0, tmp_path)
    assert code == 128 + number
    assert "Compiling the model" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("after", [1.0, 1.5, 2.5])
def test_a_sweep_ends_soon_while_machine_code_is_made_of_what_is_shipped(
    after: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_CACHE_DIR", str(tmp_path / "compiled"))
    check("threads", signal.SIGINT, after, tmp_path)
