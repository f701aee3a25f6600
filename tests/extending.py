"""Doing what docs/extending.md says, in a copy of the packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from website.running import FENCE

ROOT = Path(__file__).resolve().parents[1]

__all__ = ["Copy", "changed", "copy_of", "shown"]

PAGE = ROOT / "docs" / "extending.md"
FILE = re.compile(r"`((?:simulation|experiments|dashboards)/[\w/]+\.(?:py|toml))`, complete")


def shown(heading: str) -> tuple[str, str]:
    """Return the one file that a section adds: where it belongs, and what is in it."""
    section = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    path = FILE.search(section)
    assert path, f"the section '{heading}' does not say: this is `path/file.py`, complete"
    block = FENCE.search(section, path.end())
    assert block, f"the section '{heading}' shows no file"
    return path[1], block["text"]


def changed(root: Path, example: str) -> str:
    """Change the one file that an example in the form of a diff names, and return its name."""
    head, *hunks = example.split("@@\n")
    name = head.removeprefix("--- ").strip()
    text = (root / name).read_text("utf-8")
    for hunk in hunks:
        lines = [(line[:1], line[1:]) for line in hunk.splitlines(keepends=True)]
        before = "".join(line for mark, line in lines if mark != "+")
        after = "".join(line for mark, line in lines if mark != "-")
        assert text.count(before) == 1, f"{name} has other lines than the example:\n{before}"
        text = text.replace(before, after)
    (root / name).write_text(text, "utf-8")
    return name


@dataclass(frozen=True, slots=True)
class Copy:
    """A folder with copies of some packages, which are imported before the real ones."""

    folder: Path

    def add(self, heading: str) -> str:
        """Add the file that a section shows, and nothing else; return what is in it."""
        path, text = shown(heading)
        file = self.folder / path
        assert not file.exists(), f"{path} exists already"
        file.write_text(text, "utf-8")
        return text

    def run(self, code: str, *arguments: str) -> str:
        """Run Python with the copies, and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env={**os.environ, "PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT}", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def alliance(self, *arguments: str) -> str:
        """Run the program, and return what it prints."""
        return self.run("from experiments.cli.program import main; main()", *arguments)

    def alliance_json(self, *arguments: str) -> Any:
        """Run the program with ``--json``, and return what it prints."""
        return json.loads(self.alliance(*arguments, "--json"))


def copy_of(folder: Path, *packages: str) -> Copy:
    """Copy some of the packages into a folder."""
    for package in packages:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return Copy(folder)
