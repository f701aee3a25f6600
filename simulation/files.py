"""Files written whole or not at all: at any moment, whatever happens, each is there as it was before or complete.

The bytes go to a temporary file beside the final one, reach the disk, and then take its name. Only regular files are
ever replaced, and a file that somebody named for an output only where they say so.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import stat
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from simulation.errors import AllianceError
from simulation.input_files import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    Content: TypeAlias = bytes | Callable[[BinaryIO], object]

__all__ = [
    "StorageError",
    "check_output",
    "remove_abandoned",
    "write_once",
    "write_output",
    "write_together",
    "write_whole",
]

NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

LONGEST_STEM = 32
"""Characters of a file's name in that of its temporary file, which so is never too long."""

MAY_ASK = os.name == "posix"
"""Whether signal 0 only asks if a process is there; on Windows it is Ctrl+C."""

_TEMPORARY = re.compile(r"\..+\.tmp-(.+)-(\d+)-[0-9a-f]{8}")


class StorageError(AllianceError):
    """A file or folder that cannot be read or written as needed."""


def write_whole(path: Path, content: Content) -> None:
    """Write a file, or leave the one that is there.

    Parameters
    ----------
    path
        In a folder that exists.
    content
        Bytes, or a function that writes them to an open file.

    Raises
    ------
    StorageError
        If the disk is full or the file cannot be written.
    """
    with _errors_about(path), _unfinished(path, content) as temporary:
        temporary.replace(path)
        _sync_folder(path.parent)


def write_once(path: Path, content: Content) -> bool:
    """Write a file unless it exists already; of several that try at once, one wins.

    Returns
    -------
    bool
        Whether this call wrote it.

    Raises
    ------
    StorageError
        As for `write_whole`.
    """
    with _errors_about(path), _unfinished(path, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError as error:
            if path.exists():
                return False
            if error.errno not in NO_HARD_LINKS:
                raise
            temporary.replace(path)
        _sync_folder(path.parent)
    return True


def write_together(
    folder: Path, contents: Mapping[str, Content], *, remove: Iterable[str] = ()
) -> None:
    """Write several files of a folder: none takes its name before the bytes of all are on the disk.

    Parameters
    ----------
    folder
        A folder that exists.
    contents
        The content of each file by its name; see `write_whole`.
    remove
        Names of files that do not go with these.

    Raises
    ------
    StorageError
        As for `write_whole`.
    """
    with _errors_about(folder), ExitStack() as stack:
        temporaries = {
            name: stack.enter_context(_unfinished(folder / name, content))
            for name, content in contents.items()
        }
        for name in remove:
            (folder / name).unlink(missing_ok=True)
        for name, temporary in temporaries.items():
            temporary.replace(folder / name)
        _sync_folder(folder)


def check_output(path: Path, *, overwrite: bool = False) -> None:
    """Make sure that an output can be written to `path`, before the work and not after it.

    Parameters
    ----------
    path
        The file that somebody named.
    overwrite
        Whether a file that is there may be replaced.

    Raises
    ------
    StorageError
        If it is there and may not be replaced, is no regular file, or its folder cannot be written to.
    """
    with _errors_about(path):
        there = _refuse_special(path)
        if there and not overwrite:
            raise StorageError(
                f"{path} exists already: choose another name, or add --overwrite to replace it."
            )
        folder = path.parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise StorageError(
                f"{path} cannot be written: {folder} is no folder. Choose another place."
            )
        if not _takes_files(folder):
            raise StorageError(
                f"{path} cannot be written: {folder} takes no files. Choose another place."
            )


def _takes_files(folder: Path) -> bool:
    """Make a file there and remove it: what a system says of rights is not all that it goes by."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    trial = folder / f".tmp{_temporary_ending()}"
    try:
        trial.touch(exist_ok=False)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        return False
    trial.unlink()
    return True


def write_output(path: Path, content: Content, *, overwrite: bool = False) -> None:
    """Write a file that somebody named, and the folders it is to lie in.

    Raises
    ------
    StorageError
        As for `check_output` and `write_whole`.
    """
    check_output(path, overwrite=overwrite)
    with _errors_about(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned([path.parent])
    if overwrite:
        write_whole(path, content)
    elif not write_once(path, content):
        raise StorageError(f"{path} was written by another program meanwhile, and stays as it is.")


def remove_abandoned(folders: Iterable[Path]) -> None:
    """Remove temporary files of processes of this machine that no longer live."""
    for folder in folders:
        for path in folder.glob(".*.tmp-*"):
            match = _TEMPORARY.fullmatch(path.name)
            if match and match[1] == _host() and not _alive(int(match[2])):
                with suppress(OSError):
                    path.unlink(missing_ok=True)


@contextmanager
def _unfinished(path: Path, content: Content) -> Iterator[Path]:
    """Write a temporary file beside `path`, wait until the disk has it, and remove it if it is still there."""
    _refuse_special(path)
    temporary = path.with_name(f".{path.name[:LONGEST_STEM]}{_temporary_ending()}")
    try:
        with temporary.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _refuse_special(path: Path) -> bool:
    """Refuse what is there and no regular file; tell whether a file is there."""
    if "\0" in str(path):
        raise StorageError(f"{str(path)!r} cannot be the name of a file.")
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not stat.S_ISREG(mode):
        raise StorageError(
            f"{path} cannot be written: it is {kind_of(mode)}. Give the name of a file."
        )
    return True


@contextmanager
def _errors_about(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into a sentence about `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageError(
                f"The disk is full: {path.name} could not be written to {path.parent}. Everything "
                "finished before is safe; free some space and give the same command again."
            ) from error
        raise StorageError(f"{path} cannot be written: {error.strerror or error}.") from error


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the platform can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _temporary_ending() -> str:
    """Return an ending by which `remove_abandoned` knows whose file it is."""
    return f".tmp-{_host()[:64]}-{os.getpid()}-{secrets.token_hex(4)}"


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_.]", "_", socket.gethostname()) or "here"


def _alive(process: int) -> bool:
    """Tell whether a process lives; where asking would be a signal to it, as on Windows, it is taken to."""
    if not MAY_ASK:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
