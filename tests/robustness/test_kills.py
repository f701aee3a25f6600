"""Kill a command at any moment and give it again: the same bytes, nothing half-written, no process left."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.programs import alliance, contents, left, process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

KILLS = int(os.environ.get("KILLS", "2"))
"""Of each command; ``KILLS=10`` is the long form, fifty in all."""

SMALL = ("--set", "clients=12", "--set", "therapists=3")
SWEEP = ("sweep", "--vary", "empathy=0.2:0.8:40", "--replicates", "300", *SMALL, "--out", "out")
COMMANDS = {
    "sweep": SWEEP,
    "processes": (*SWEEP, "--processes", "2"),
    "calibrate": ("calibrate", "--members", "8", "--steps", "2", "--out", "out"),
    "validate": ("validate", "--studies", "20", "--html", "out.html", "--overwrite"),
    "describe": ("describe", "records.csv", "--studies", "20", "--json"),
    "audition": ("audition", "mine.py", "--studies", "20", "--rows", "client", "--out", "out"),
}
RECORDS = "client,session,alliance,symptom\n" + "".join(
    f"c{client},{session},{40 + client % 7 + session},{20 - session}\n"
    for client in range(30)
    for session in range(1, 6)
)
SCRIPT = """
def analyse(table):
    gain = (table["core_10_intake"] - table["core_10_last"]).drop_nulls()
    return gain.mean(), gain.std() / gain.len() ** 0.5, gain.len() - 1
"""
OF_ITS_TIME = {"out/manifest.json"}
"""Files that name the moment and the command."""


def finished(name: str, folder: Path) -> tuple[dict[str, bytes], str]:
    """Run a command to its end and return what it wrote and said."""
    running = process(*COMMANDS[name], cwd=folder, start_new_session=True)
    said, complaint = running.communicate(timeout=280)
    assert running.returncode == 0, complaint
    found = {key: value for key, value in contents(folder).items() if key not in OF_ITS_TIME}
    return found, said if name in {"describe", "audition"} else ""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory):
    """Return what each command gives undisturbed, and how long it takes."""
    known: dict[str, tuple[tuple[dict[str, bytes], str], float]] = {}

    def get(name: str):
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            prepare(folder)
            begun = time.monotonic()
            known[name] = finished(name, folder), time.monotonic() - begun
        return known[name]

    return get


def prepare(folder: Path) -> None:
    (folder / "records.csv").write_text(RECORDS)
    (folder / "mine.py").write_text(SCRIPT)


def kill_and_resume(name: str, undisturbed, folder: Path, seed: int) -> None:
    wanted, seconds = undisturbed(name)
    prepare(folder)
    running = process(*COMMANDS[name], cwd=folder, start_new_session=True)
    time.sleep(random.Random(seed).uniform(0.3, max(0.6, 0.95 * seconds)))
    running.send_signal(signal.SIGKILL)
    running.communicate()
    deadline = time.monotonic() + 20
    while left(running.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left(running.pid)
    assert finished(name, folder) == wanted


@pytest.mark.parametrize("name", ["sweep"])
def test_a_killed_command_gives_the_same_bytes_when_given_again(
    name: str, undisturbed, tmp_path: Path
) -> None:
    kill_and_resume(name, undisturbed, tmp_path, seed=1)
    assert alliance("verify", tmp_path / "out").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(KILLS))
@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_moment_it_gives_the_same_bytes(
    name: str, seed: int, undisturbed, tmp_path: Path
) -> None:
    kill_and_resume(name, undisturbed, tmp_path, seed)
