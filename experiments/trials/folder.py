"""The folder of a simulated trial: what was asked, every trial's data, and what analyses gave.

::

    trial.toml                                the design
    manifest.json                             versions, source of the model, strengths found, platform
    data/chunk-000012-<hash>.parquet          trials with the effect, one row a client
    summaries/chunk-000012-<hash>.parquet     one row a trial: its own true effect, clusters, missing scores
    null/, null-summaries/                    the same trials without an effect, if they were asked for
    fits-<hash>/, null-fits-<hash>/           what the analyses gave: one row a trial, analysis and contrast
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.execution.model_source import model_source_hash
from experiments.store.claims import begin_folder, refuse_another, refuse_another_version
from experiments.store.files import ChunkFile, read_chunk, scan_chunks, write_chunk
from experiments.store.state import checksum, read_checked_json, with_checksum
from experiments.trials.clinics import clinics_hash
from experiments.trials.sources import sources_hash
from experiments.trials.trial_design import TrialDesign
from simulation.files import StorageError, remove_abandoned, write_once, write_whole
from simulation.input_files import read_bytes
from simulation.results.manifest import library_versions

if TYPE_CHECKING:
    import polars as pl

    from experiments.trials.worlds import Strengths

__all__ = ["ROWS_IN_A_CHUNK", "TrialFolder"]

FORMAT = 1
LIBRARIES = ("alliance-dynamics", "numpy", "scipy", "numba", "polars", "pydantic")
DESIGN, MANIFEST = "trial.toml", "manifest.json"
ROWS_IN_A_CHUNK = 20_000
"""Clients whose data are in one file, roughly: what is simulated at once."""


@dataclass(frozen=True)
class TrialFolder:
    """A folder that holds simulated trials of one design."""

    path: Path

    @classmethod
    def open(cls, path: str | Path) -> TrialFolder:
        """Open a folder that has trials.

        Raises
        ------
        StorageError
            If it has none.
        """
        folder = cls(Path(path))
        if not (folder.path / DESIGN).is_file():
            raise StorageError(
                f"{path} holds no trial; run one into it with: alliance trial TRIAL.toml --out {path}."
            )
        return folder

    @cached_property
    def design(self) -> TrialDesign:
        """The design, if its file is what it was when the folder was made."""
        text = read_bytes(self.path / DESIGN)
        if self.manifest["design_file"] != checksum(text):
            raise StorageError(
                f"{self.path / DESIGN} is not as it was when the data beside it were begun: restore it from a copy, "
                "or run what it says now into another folder."
            )
        return TrialDesign.read(self.path / DESIGN)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What is known about how the data were made."""
        return read_checked_json(self.path / MANIFEST)

    @property
    def fingerprint(self) -> str:
        """What every chunk is bound to."""
        return str(self.manifest["fingerprint"])

    @property
    def strengths(self) -> Strengths:
        """What was found for the effects that are wanted."""
        found: Strengths = self.manifest["strengths"]
        return found

    def claim(self, design: TrialDesign, strengths: Any) -> None:
        """Make the folder this trial's own, or check that it is.

        Parameters
        ----------
        design
            Of the trial.
        strengths
            A function that finds them, called for a new folder alone.

        Raises
        ------
        StorageError
            If the folder holds another trial, other files, or data of another version of the model.
        """
        begin_folder(self.path, mark=DESIGN, holds="trial")
        text = design.to_toml().encode()
        if not (self.path / MANIFEST).exists():
            content = {
                "format": FORMAT,
                "fingerprint": design.fingerprint,
                "design": design.identity(),
                "design_file": checksum(text),
                "strengths": strengths(),
                "source_hash": _source_hash(design),
                "versions": library_versions(LIBRARIES),
                "platform": platform.platform(),
                "machine": platform.machine(),
            }
            write_once(self.path / DESIGN, text)
            write_once(self.path / MANIFEST, with_checksum(content))
        self._refuse_other(design)
        # Other analyses or another name are the same trial: its data stay.
        if read_bytes(self.path / DESIGN) != text:
            write_whole(
                self.path / MANIFEST,
                with_checksum({**self.manifest, "design_file": checksum(text)}),
            )
            write_whole(self.path / DESIGN, text)
            self.__dict__.pop("manifest", None)
            self.__dict__.pop("design", None)
        remove_abandoned([self.path, *(one for one in self.path.iterdir() if one.is_dir())])

    def _refuse_other(self, design: TrialDesign) -> None:
        then, now = self.manifest, json.loads(json.dumps(design.identity()))
        refuse_another(self.path, "trial", then["design"], now, again="give the same design")
        refuse_another_version(self.path, then["source_hash"], _source_hash(design), what="data")

    def stored_trials(self) -> int:
        """Return how many trials are there, whole or in part."""
        there = scan_chunks(self.path / "data", self.fingerprint)
        if not there:
            return 0
        return int(self.read("data", max(there))["trial"].to_numpy().max()) + 1

    def refuse_fewer(self, trials: int) -> None:
        """Refuse to go on with fewer trials than there are."""
        if (there := self.stored_trials()) > trials:
            raise StorageError(
                f"{self.path} holds {there:,} trials already: ask for as many or more, or choose another folder."
            )

    @property
    def chunk_trials(self) -> int:
        """Trials in a chunk."""
        return max(1, ROWS_IN_A_CHUNK // self.design.design.clients)

    def chunk(self, number: int, trials: int) -> range:
        """Return the numbers of the trials in a chunk, of so many trials in all."""
        begin = number * self.chunk_trials
        return range(begin, min(begin + self.chunk_trials, trials))

    def chunks(self, trials: int) -> int:
        """Return how many chunks so many trials are."""
        return -(-trials // self.chunk_trials)

    def finished(self, kind: str) -> dict[int, ChunkFile]:
        """Return the chunks of a kind (``data``, ``null``, ...) that are whole, by number."""
        (self.path / kind).mkdir(exist_ok=True)
        return {
            number: files[0]
            for number, files in scan_chunks(self.path / kind, self.fingerprint).items()
            if len(files) == 1 and files[0].intact()
        }

    def read(self, kind: str, number: int) -> pl.DataFrame:
        """Return a chunk; a whole one is there."""
        return read_chunk(scan_chunks(self.path / kind, self.fingerprint)[number][0])

    def write(self, kind: str, number: int, frame: pl.DataFrame) -> None:
        """Write a chunk in the place of what is there."""
        (self.path / kind).mkdir(exist_ok=True)
        old = scan_chunks(self.path / kind, self.fingerprint).get(number, [])
        written = write_chunk(self.path / kind, self.fingerprint, number, frame)
        for file in old:
            if file.path != written.path:
                file.path.unlink(missing_ok=True)


def _source_hash(design: TrialDesign) -> str:
    """Return a hash of the model, its parameter sets and what makes a trial of them; analyses have their own."""
    return checksum(model_source_hash(), sources_hash(__package__), clinics_hash(design))
