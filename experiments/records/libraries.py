"""Libraries that read the files of other programs: an optional extra, named where it is missing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["library", "reason", "silent"]


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
    return str(error).partition("\n")[0][:120]


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
