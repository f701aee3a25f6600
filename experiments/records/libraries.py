"""Libraries that read the files of other programs: an optional extra, named where it is missing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["library", "reason"]


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
