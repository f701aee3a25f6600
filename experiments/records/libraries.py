"""Libraries that read the files of other programs: an optional extra, named where it is missing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bounded_memory", "library", "reason", "silent"]

LEAST_MEMORY = 2048 * MEBIBYTE
MEMORY_A_BYTE = 100
"""What a library may take for a file and for each of its bytes: a word of a file of R becomes an object of Python."""


def library(name: str, path: Path, form: str, *, package: str = "") -> Any:
    """Import a library of the extra ``data``.

    Parameters
    ----------
    name
        As it is imported.
    path, form
        The file and the program it is of, for the message.
    package
        As it is installed, where that is another name.

    Raises
    ------
    AllianceError
        When it is not installed; names the file, its form and the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError:
        raise AllianceError(
            f"{path} is a file of {form}; reading it needs {package or name}: pip install 'alliance-dynamics[data]'."
        ) from None


def reason(error: BaseException) -> str:
    """Return what a library said was wrong with a file, short enough to stand in a message."""
    if isinstance(error, MemoryError):
        return "it asks for far more memory than a file of its size needs"
    return str(error).partition("\n")[0][:120] or type(error).__name__


@contextmanager
def bounded_memory(size: int) -> Iterator[None]:
    """Let a library take some memory and no more, where the system can hold it to that.

    A damaged file of a few bytes can ask for gigabytes; `MemoryError` is raised then.

    Parameters
    ----------
    size
        Bytes of the file, unpacked.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        before = resource.getrlimit(resource.RLIMIT_AS)
        most = pages * resource.getpagesize() + LEAST_MEMORY + MEMORY_A_BYTE * size
        if before[0] == resource.RLIM_INFINITY or most < before[0]:
            resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def silent() -> Iterator[None]:
    """Keep what a panic writes, past Python, from the terminal: the user gets a sentence instead."""
    try:
        terminal = os.dup(2)
    except OSError:  # there is none
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
