"""The folder of a study: what it was, what is finished, what failed; never half-written."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.study import Study
from experiments.store.claims import begin_folder, refuse_another, refuse_another_version
from experiments.store.failures import Failure, failure_frame
from experiments.store.files import (
    ChunkFile,
    parquet_bytes,
    read_chunk,
    scan_chunks,
    write_chunk,
)
from experiments.store.other_folders import said_of_folder
from experiments.store.state import checksum, read_checked_json, with_checksum
from simulation.files import StorageError, remove_abandoned, write_once, write_whole
from simulation.input_files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

__all__ = ["NoRunsError", "StudyFolder", "results"]


FORMAT = 2
"""Of the folder; raised when an older program could not read it."""

STUDY_FILE = "study_file"
"""Entry of the manifest that holds the checksum of the study's file."""

KEYS = ["point", "replicate"]


class NoRunsError(StorageError):
    """A study of which no run gave a result; the sentence says why."""

    exit_code = 1


@dataclass(frozen=True)
class StudyFolder:
    """A folder that holds a study and its results.

    ::

        study.toml                            what was asked
        manifest.json                         with what it was run: versions, source, platform, command
        results/chunk-000012-<hash>.parquet   finished runs, one row a run
        failures/chunk-000012-<hash>.parquet  what failed in a chunk
        failures.parquet                      all failures, with a command that replays each
        damaged/                              chunks whose bytes were no longer those that were written
    """

    path: Path
    unfinished: bool = False

    @property
    def results_path(self) -> Path:
        return self.path / "results"

    @property
    def failures_path(self) -> Path:
        return self.path / "failures"

    @classmethod
    def open(cls, path: StudyFolder | str | Path, *, unfinished: bool = False) -> StudyFolder:
        """Open a folder that has a study already; one that is open is returned as it is.

        Parameters
        ----------
        path
            The folder.
        unfinished
            Whether results may be read although chunks are missing.

        Raises
        ------
        StorageError
            If it has none.
        """
        folder = path if isinstance(path, StudyFolder) else cls(Path(path), unfinished)
        if not os.path.isfile(folder.path / "study.toml"):  # noqa: PTH113  no error for a name that is too long
            raise StorageError(
                said_of_folder(folder.path)
                or f"{folder.path} holds no study; run one into it with: alliance sweep STUDY.toml "
                "--out DIR."
            )
        return folder

    @property
    def study(self) -> Study:
        """The study, if its file is what it was when the folder was made."""
        if (self.path / "manifest.json").exists() and self.manifest[
            STUDY_FILE
        ] != self._study_sum():
            raise StorageError(
                f"{self.path / 'study.toml'} is not as it was when the results beside it were begun: "
                "restore it from a copy, or run what it says now into another folder."
            )
        return Study.load(self.path / "study.toml")

    @property
    def manifest(self) -> dict[str, Any]:
        """What is known about how the results were made."""
        read = read_checked_json(self.path / "manifest.json")
        if read.get("format") != FORMAT:
            raise StorageError(
                f"{self.path} has format {read.get('format')}, and this version of the program reads {FORMAT}: read "
                "it with the version that wrote it, or run the study again into another folder."
            )
        return read

    @functools.cached_property
    def fingerprint(self) -> str:
        """Fingerprint of the study, which every chunk is bound to."""
        return str(self.manifest["study_hash"])

    def _study_sum(self) -> str:
        return checksum(read_bytes(self.path / "study.toml"))

    def claim(self, study: Study, manifest: Mapping[str, Any]) -> None:
        """Make the folder this study's own, or check that it is.

        Raises
        ------
        StorageError
            If the folder holds another study, other files, or results of another version of the
            model; the sentence says what differs.
        """
        begin_folder(
            self.path,
            mark="study.toml",
            holds="study",
            own=("results", "failures", "manifest.json"),
            inside=("results", "failures"),
        )
        if not write_once(self.path / "study.toml", study.to_toml().encode()):
            refuse_another(
                self.path,
                "study",
                self.study.identity(),
                study.identity(),
                again="give the same study",
            )
        content = with_checksum({**manifest, "format": FORMAT, STUDY_FILE: self._study_sum()})
        if not write_once(self.path / "manifest.json", content):
            then = self.manifest
            refuse_another_version(
                self.path,
                then.get("source_hash"),
                manifest.get("source_hash"),
                what="results",
                sources=(then.get("sources"), manifest.get("sources")),
            )
        remove_abandoned((self.path, self.results_path, self.failures_path))

    def finished(self) -> dict[int, ChunkFile]:
        """Return the finished chunks that are intact, by number, in order."""
        return {
            number: files[0]
            for number, files in self._scan(self.results_path).items()
            if len(files) == 1 and number < self.planned_chunks and files[0].intact()
        }

    @property
    def planned_chunks(self) -> int:
        """Chunks that the study has when it is finished."""
        return int(self.manifest["chunks"])

    def missing(self) -> list[int]:
        """Return the numbers of the chunks that are not there."""
        there = self._scan(self.results_path)
        return [number for number in range(self.planned_chunks) if number not in there]

    def _scan(self, folder: Path) -> dict[int, list[ChunkFile]]:
        return scan_chunks(folder, self.fingerprint)

    def damaged(self) -> list[ChunkFile]:
        """Return the chunks that are not what was written for them, are there twice, or are beyond the plan."""
        found: list[ChunkFile] = []
        planned = self.planned_chunks
        for folder in (self.results_path, self.failures_path):
            for number, files in self._scan(folder).items():
                wrong = len(files) > 1 or number >= planned
                found += [file for file in files if wrong or not file.intact()]
        return found

    def set_aside(self, damaged: ChunkFile) -> None:
        """Move a damaged chunk out of the way, so that it is run again."""
        away = self.path / "damaged"
        try:
            away.mkdir(exist_ok=True)
            damaged.path.replace(away / damaged.path.name)
        except OSError as error:
            raise StorageError(f"{damaged.path} cannot be moved: {error.strerror}.") from None
        if damaged.path.parent == self.failures_path:
            self.forget(damaged.chunk)

    def forget(self, chunk: int) -> None:
        """Remove a finished chunk, so that it is run again; its results first, then its failures."""
        for folder in (self.results_path, self.failures_path):
            for file in self._scan(folder).get(chunk, []):
                file.path.unlink(missing_ok=True)

    def write(self, chunk: int, runs: pl.DataFrame, failures: Sequence[Failure]) -> ChunkFile:
        """Write a chunk's failures, then its runs; only then is the chunk finished."""
        old = [file.path for file in self._scan(self.failures_path).get(chunk, [])]
        if failures:
            written = write_chunk(
                self.failures_path, self.fingerprint, chunk, failure_frame(failures)
            )
            old = [path for path in old if path != written.path]
        for path in old:
            path.unlink(missing_ok=True)
        return write_chunk(self.results_path, self.fingerprint, chunk, runs)

    def failed_chunks(self) -> list[int]:
        """Return the numbers of the finished chunks in which something failed."""
        finished = self._scan(self.results_path)
        return [chunk for chunk in self._scan(self.failures_path) if chunk in finished]

    def failures(self) -> pl.DataFrame:
        """Return everything that failed, one row a span of replicates of a point."""
        import polars as pl

        finished = self._scan(self.results_path)
        frames = [failure_frame(())]
        for number, files in self._scan(self.failures_path).items():
            if number in finished:
                frames += [read_chunk(file) for file in files]
        return pl.concat(frames, how="diagonal")  # those of earlier versions have no traceback

    def close(self) -> None:
        """Bring `failures.parquet` up to date."""
        write_whole(self.path / "failures.parquet", parquet_bytes(self.failures()))

    def chunks(self) -> Iterator[pl.DataFrame]:
        """Return the results chunk by chunk, in order, each checked as it is read.

        Raises
        ------
        StorageError
            If a chunk is damaged, belongs elsewhere or is missing; it is named.
        """
        outcomes = list(self.study.outcomes)
        if not self.unfinished and self._scan(self.results_path):
            self._refuse_missing()
        for number, files in self._scan(self.results_path).items():
            names = " and ".join(file.path.name for file in files)
            if len(files) > 1:
                raise StorageError(
                    f"{names} are the same chunk; give the command of the study again to run it "
                    "again."
                )
            if number >= self.planned_chunks:
                raise StorageError(
                    f"{names} is beyond the {self.planned_chunks:,} chunks of the study; give its command again, and "
                    "it is set aside."
                )
            frame = read_chunk(files[0])
            if frame.columns[:2] != KEYS or frame.columns[-len(outcomes) :] != outcomes:
                raise StorageError(
                    f"{names} has other columns than this study; give its command again."
                )
            yield frame

    def _refuse_missing(self) -> None:
        if missing := self.missing():
            shown = ", ".join(map(str, missing[:5])) + (", ..." if len(missing) > 5 else "")
            raise StorageError(
                f"{self.path} is not finished: {len(missing):,} of {self.planned_chunks:,} chunks are missing "
                f"({shown}). Give the command of the study again, or look at what is there with --unfinished "
                "(in Python: StudyFolder.open(folder, unfinished=True))."
            )

    def has_runs(self) -> bool:
        """Tell whether any finished run gave a result."""
        return any(not chunk.is_empty() for chunk in replace(self, unfinished=True).chunks())

    def why_without_runs(self) -> str:
        """Say why there is nothing to show: nothing is finished, or everything failed."""
        failures = self.failures()
        if failures.is_empty():
            return f"{self.path} holds no finished runs yet; give the command of the study again."
        first = failures.row(0, named=True)
        said = f"{first['error']}: {first['message']}".rstrip(".")
        return (
            f"No run of {self.path} gave a result: {int(failures['replicates'].sum()):,} failed, the first with "
            f"{said}. To replay it: {first['replay']}"
        )

    def results(self) -> pl.DataFrame:
        """Return every finished run as one tidy table.

        Point, replicate, factors, outcomes; a fixed order.
        """
        import polars as pl

        frames = list(self.chunks())
        if not frames:
            raise NoRunsError(self.why_without_runs())
        return pl.concat(frames, rechunk=True)


def results(folder: StudyFolder | str | Path) -> pl.DataFrame:
    """Return every finished run of a study as one tidy table: point, replicate, factors, outcomes.

    Raises
    ------
    StorageError
        If the folder has no study, nothing finished, or a damaged chunk.
    """
    return StudyFolder.open(folder).results()
