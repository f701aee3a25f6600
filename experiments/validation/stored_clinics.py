"""Clinics that were compared with findings, stored on disk: a comparison that was stopped goes on where it was."""

from __future__ import annotations

import json
from threading import Lock
from typing import TYPE_CHECKING, Any

from experiments.store.state import checksum
from simulation.engine.cache import source_hash
from simulation.errors import AllianceError
from simulation.input_files import read_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["StoredClinics"]


class StoredClinics:
    """A file with one line a clinic: what it is of, and what came of it.

    A line that is not whole, as the last one of a stopped process may be, is left out; so is one of another version
    of the model or of the findings.

    Parameters
    ----------
    path
        The file; made when the first clinic is finished.
    findings
        What tells one version of the findings from another.

    Raises
    ------
    AllianceError
        If it cannot be read.
    """

    def __init__(self, path: Path, findings: str) -> None:
        self._path, self._lock = path, Lock()
        self._version = checksum(source_hash(), findings)
        self._found: dict[str, dict[str, Any]] = {}
        text = read_text(path) if path.exists() else ""
        # A line that was cut off must not swallow the next one.
        self._before = "" if text.endswith("\n") or not text else "\n"
        for line in text.splitlines():
            sum_, _, content = line.partition(" ")
            if sum_ == checksum(content):
                key, found = json.loads(content)
                self._found[key] = found

    def load(self, what: tuple[Any, ...]) -> dict[str, Any] | None:
        """Return what came of a clinic; None if it is not there."""
        return self._found.get(self._key(what))

    def save(self, what: tuple[Any, ...], found: dict[str, Any]) -> None:
        """Store what came of a clinic.

        Raises
        ------
        AllianceError
            If the file cannot be written.
        """
        content = json.dumps([self._key(what), found])
        try:
            with self._lock, self._path.open("a", encoding="utf-8") as file:
                file.write(f"{self._before}{checksum(content)} {content}\n")
                self._before = ""
        except OSError as error:
            raise AllianceError(f"{self._path} cannot be written: {error.strerror}.") from None

    def _key(self, what: tuple[Any, ...]) -> str:
        return checksum(self._version, json.dumps(what, sort_keys=True))
