"""The folder of a calibration: what it is of, and the statistics of each finished step."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import AllianceError
from simulation.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["StoredSteps"]


class StoredSteps:
    """Statistics of finished steps in a folder; without a folder, nothing is stored and nothing found.

    Raises
    ------
    AllianceError
        If the folder holds another calibration, or cannot be written.
    """

    def __init__(self, directory: Path | None, identity: dict[str, Any]) -> None:
        self.directory = directory
        if directory is None:
            return
        path = directory / "calibration.json"
        text = json.dumps(identity, indent=1, sort_keys=True)
        if path.exists():
            there = json.loads(path.read_text(encoding="utf-8"))
            differs = [key for key in identity if there.get(key) != json.loads(text)[key]]
            if differs:
                raise AllianceError(
                    f"{directory} holds another calibration (it differs in {', '.join(differs)}). "
                    "Choose another folder, or remove this one."
                )
            return
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AllianceError(f"{directory} cannot be written: {error.strerror}.") from None
        write_whole(path, f"{text}\n".encode())

    def load(self, step: int) -> Array | None:
        if self.directory is None or not (self.directory / f"step-{step}.npy").exists():
            return None
        statistics: Array = np.load(self.directory / f"step-{step}.npy")
        return statistics

    def save(self, step: int, statistics: Array) -> None:
        """Store the statistics of a step; a half-written file is never taken for a whole one."""
        if self.directory is None:
            return
        content = io.BytesIO()
        np.save(content, statistics)
        write_whole(self.directory / f"step-{step}.npy", content.getvalue())
