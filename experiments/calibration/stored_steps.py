"""The folder of a calibration: what it is of, and the statistics of each finished step."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.store.claims import begin_folder, refuse_another, refuse_another_version
from experiments.store.state import checksum, read_checked_json, with_checksum
from simulation.files import remove_abandoned, write_once, write_whole
from simulation.input_files import read_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["StoredSteps"]


NAME = "calibration.json"

DIGITS = 16
"""Of the checksum that follows the array in the file of a step; it is over calibration, step and array."""


class StoredSteps:
    """Statistics of finished steps in a folder; without a folder, nothing is stored and nothing found.

    Raises
    ------
    StorageError
        If the folder holds another calibration, one by another version of the model or anything else, or cannot be
        written.
    """

    def __init__(self, directory: Path | None, identity: dict[str, Any]) -> None:
        self.directory = directory
        self.identity = json.dumps(identity, sort_keys=True)
        if directory is None:
            return
        path = directory / NAME
        begin_folder(directory, mark=NAME, holds="calibration")
        remove_abandoned([directory])
        wanted = json.loads(self.identity)
        if write_once(path, with_checksum(wanted)):
            return
        there = read_checked_json(path)
        then, now = (one.pop("model_sources", None) for one in (there, wanted))
        refuse_another(directory, "calibration", there, wanted, again="give the same command")
        refuse_another_version(directory, then, now, what="simulations")

    def load(self, step: int) -> Array | None:
        """Return the statistics of a finished step; None if they are not there, or not as they were stored."""
        if self.directory is None or not self._path(step).exists():
            return None
        content = read_bytes(self._path(step))
        array, sum_ = content[:-DIGITS], content[-DIGITS:]
        if sum_ != checksum(self.identity, step, array).encode():
            return None
        statistics: Array = np.load(io.BytesIO(array), allow_pickle=False)
        return statistics

    def save(self, step: int, statistics: Array) -> None:
        """Store the statistics of a step; a half-written file is never taken for a whole one."""
        if self.directory is None:
            return
        content = io.BytesIO()
        np.save(content, statistics)
        array = content.getvalue()
        write_whole(self._path(step), array + checksum(self.identity, step, array).encode())

    def _path(self, step: int) -> Path:
        return (self.directory or Path()) / f"step-{step}.npy"
