"""Chunks on disk: whole or not there, named by what they contain, checked when read."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

__all__ = [
    "ChunkFile",
    "parquet_bytes",
    "scan_chunks",
    "write_chunk",
]

_NAME = re.compile(r"chunk-(\d{6,})-([0-9a-f]{16})\.parquet")


@dataclass(frozen=True, slots=True)
class ChunkFile:
    """A chunk on disk: its number, its path and the checksum its name promises."""

    chunk: int
    path: Path
    checksum: str

    def content(self) -> bytes | None:
        """Return the bytes on disk; None if they are not those that were written."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return None
        return content if _checksum(content) == self.checksum else None

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


def write_chunk(folder: Path, chunk: int, frame: pl.DataFrame) -> ChunkFile:
    """Write a chunk under a name that holds its number and its checksum.

    Raises
    ------
    StorageError
        If the disk is full or cannot be written; nothing half-written is left behind.
    """
    content = parquet_bytes(frame)
    checksum = _checksum(content)
    path = folder / f"chunk-{chunk:06d}-{checksum}.parquet"
    write_whole(path, content)
    return ChunkFile(chunk, path, checksum)


def scan_chunks(folder: Path) -> dict[int, list[ChunkFile]]:
    """Return the chunks in a folder by number, in order; usually one file each."""
    found: dict[int, list[ChunkFile]] = {}
    for path in sorted(folder.glob("chunk-*.parquet")):
        if match := _NAME.fullmatch(path.name):
            chunk = ChunkFile(int(match[1]), path, match[2])
            found.setdefault(chunk.chunk, []).append(chunk)
    return dict(sorted(found.items()))


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
