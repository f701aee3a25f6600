"""How tests run the program ``alliance``: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from typer.testing import CliRunner

from experiments.cli.program import app

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-c", "from experiments.cli.program import main; main()")
SMALL = ("--clients", "12", "--therapists", "3")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process that uses this clone and writes UTF-8."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


def alliance(*words: object) -> Result:
    """Run a command in this process as the program does: nothing but an exit code comes out of it."""
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="alliance")


def refused(*words: object) -> str:
    """Run a command that must be refused in one sentence and nothing else, and return the sentence."""
    done = alliance(*words)
    assert done.exit_code == 2, (done.exit_code, done.output, done.exception)
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.stdout == ""
    said = done.stderr.strip()
    assert said.startswith("Error: "), said
    assert "\n" not in said, said
    return said


def process(*words: object, **options: object) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        **options,
    )


def finished(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own to its end."""
    given = {"capture_output": True, "env": environment(), "timeout": 300, **options}
    return subprocess.run([*PROGRAM, *map(str, words)], text=True, check=False, **given)


def left(group: int) -> str:
    """Return the processes of a group that are alive."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if os.getpgid(one.pid) == group and one.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{one.pid} {one.name()}")
    return "\n".join(found)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what every file of a folder holds, by its path in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
