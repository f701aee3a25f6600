"""Folders that hold something else than a study, and the commands that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["said_of_folder"]

TRIALS = "simulated trials, not a study: alliance trial {0}/trial.toml --out {0} --html FILE, with the same --trials"
SEARCH = (
    "a search for power, not a study: alliance power {0}/trial.toml --out {0} --html FILE, with the same --find and "
    "--power"
)
CHEAPEST = (
    "a search for the cheapest trial, not a study: alliance power TRIAL.toml --cost C --out {0} --html FILE, with "
    "the trial and the cost of before"
)
CALIBRATION = "a calibration, not a study: alliance calibrate, with the same options and --out {0}"

MARKS = (
    (("search.json",), SEARCH),
    (("cheapest/search.json",), CHEAPEST),
    (("trial.toml", "manifest.json"), TRIALS),
    (("calibration.json",), CALIBRATION),
)
"""Files that show what a folder is of, and what is said of it then."""


def said_of_folder(path: Path) -> str:
    """Say what a folder holds that is no study, and which command reads it; empty where it is nothing known."""
    import shlex

    for files, said in MARKS:
        if all((path / name).is_file() for name in files):
            return f"{path} holds {said.format(shlex.quote(str(path)))} reads it."
    return ""
