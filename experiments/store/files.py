"""Parts on disk: whole or not there, named by what they contain, checked when read."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import polars as pl

__all__ = [
    "PartFile",
    "StorageError",
    "parquet_bytes",
    "remove_abandoned",
    "scan_parts",
    "write_once",
    "write_part",
    "write_whole",
]

_NAME = re.compile(r"part-(\d{6,})-([0-9a-f]{16})\.parquet")
_TEMPORARY = re.compile(r"\..+\.tmp-(.+)-(\d+)-[0-9a-f]{8}")


class StorageError(AllianceError):
    """A folder that cannot be read or written as needed."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """A part on disk: its number, its path and the checksum its name promises."""

    part: int
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
        """Tell whether the bytes on disk are those that were written."""
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


def write_part(folder: Path, part: int, frame: pl.DataFrame) -> PartFile:
    """Write a part under a name that holds its number and its checksum.

    Raises
    ------
    StorageError
        If the disk is full or cannot be written; nothing half-written is left behind.
    """
    content = parquet_bytes(frame)
    checksum = _checksum(content)
    path = folder / f"part-{part:06d}-{checksum}.parquet"
    write_whole(path, content)
    return PartFile(part, path, checksum)


def scan_parts(folder: Path) -> dict[int, list[PartFile]]:
    """Return the parts in a folder by number, in order; usually one file each."""
    found: dict[int, list[PartFile]] = {}
    for path in sorted(folder.glob("part-*.parquet")):
        if match := _NAME.fullmatch(path.name):
            part = PartFile(int(match[1]), path, match[2])
            found.setdefault(part.part, []).append(part)
    return dict(sorted(found.items()))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at any moment, whatever happens, it is there whole or as it was before.

    The bytes go to a temporary file beside it, reach the disk, and then take its name.
    """
    temporary = _temporary(path, content)
    try:
        temporary.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_once(path: Path, content: bytes) -> bool:
    """Write a file unless it exists already; of several that try at once, one wins.

    Returns
    -------
    Whether this call wrote it.
    """
    temporary = _temporary(path, content)
    try:
        os.link(temporary, path)
        _settle(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        if path.exists():
            return False
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise _cannot_write(path, error) from error
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def remove_abandoned(folders: Iterable[Path]) -> None:
    """Remove temporary files of processes of this machine that no longer live."""
    for folder in folders:
        for path in folder.glob(".*.tmp-*"):
            match = _TEMPORARY.fullmatch(path.name)
            if match and match[1] == _host() and not _alive(int(match[2])):
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def _temporary(path: Path, content: bytes) -> Path:
    """Write content to a new file beside `path` and wait until the disk has it."""
    temporary = path.with_name(f".{path.name}.tmp-{_host()}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _cannot_write(path, error) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _settle(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the platform can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(path: Path, error: OSError) -> StorageError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageError(
            f"The disk is full: {path.name} could not be written to {path.parent}. Everything "
            "finished before is "
            "safe; free some space and give the same command again."
        )
    return StorageError(f"{path} cannot be written: {error.strerror or error}.")


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_.]", "_", socket.gethostname()) or "here"


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
