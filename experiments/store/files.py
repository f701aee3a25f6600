"""Chunks on disk: whole or not there, named by what they contain, checked when read."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.store.state import checksum
from simulation.files import StorageError, write_whole
from simulation.input_files import MEBIBYTE, InputFileError, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

__all__ = [
    "ChunkFile",
    "parquet_bytes",
    "read_chunk",
    "scan_chunks",
    "write_chunk",
]

LARGEST = 1024 * MEBIBYTE
"""Of a chunk."""

_NAME = re.compile(r"chunk-(\d{6,})-([0-9a-f]{16})\.parquet")


@dataclass(frozen=True, slots=True)
class ChunkFile:
    """A chunk on disk.

    Attributes
    ----------
    chunk
        Its number.
    path
        Where it is.
    study
        Fingerprint of the study in whose folder it is.
    checksum
        What its name promises.
    """

    chunk: int
    path: Path
    study: str
    checksum: str

    def content(self) -> bytes | None:
        """Return the bytes on disk; None if they are not those written for this number of this study."""
        try:
            content = read_bytes(self.path, most=LARGEST)
        except InputFileError:
            return None
        expected = _checksum(self.path.parent, self.study, self.chunk, content)
        return content if expected == self.checksum else None

    def intact(self) -> bool:
        """Return whether the bytes on disk are those that were written."""
        return self.content() is not None


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Write a table as Parquet, the same table always as the same bytes.

    One chunk, one row group.
    """
    memory = io.BytesIO()
    frame.rechunk().write_parquet(
        memory,
        compression="zstd",
        compression_level=3,
        statistics=False,
        row_group_size=max(1, frame.height),
    )
    return memory.getvalue()


def write_chunk(folder: Path, study: str, chunk: int, frame: pl.DataFrame) -> ChunkFile:
    """Write a chunk under a name that holds its number and its checksum.

    The checksum is over the study's fingerprint, the number and the bytes, so that a chunk passes for no other.

    Raises
    ------
    StorageError
        If the disk is full or cannot be written; nothing half-written is left behind.
    """
    content = parquet_bytes(frame)
    sum_ = _checksum(folder, study, chunk, content)
    path = folder / f"chunk-{chunk:06d}-{sum_}.parquet"
    write_whole(path, content)
    return ChunkFile(chunk, path, study, sum_)


def read_chunk(file: ChunkFile) -> pl.DataFrame:
    """Read a chunk that is what was written for its number of its study.

    Raises
    ------
    StorageError
        If it is not.
    """
    import polars as pl

    content = file.content()
    if content is None:
        raise StorageError(
            f"{file.path.name} is damaged, or was written for another number or study; give the command of the study "
            "again, and it is run again."
        )
    try:
        return pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError:
        raise StorageError(
            f"{file.path.name} is not a chunk of results: it is no Parquet."
        ) from None


def scan_chunks(folder: Path, study: str) -> dict[int, list[ChunkFile]]:
    """Return the chunks in a folder by number, in order; usually one file each."""
    found: dict[int, list[ChunkFile]] = {}
    for path in sorted(folder.glob("chunk-*.parquet")):
        if match := _NAME.fullmatch(path.name):
            chunk = ChunkFile(int(match[1]), path, study, match[2])
            found.setdefault(chunk.chunk, []).append(chunk)
    return dict(sorted(found.items()))


def _checksum(folder: Path, study: str, chunk: int, content: bytes) -> str:
    return checksum(folder.name, study, chunk, content)
