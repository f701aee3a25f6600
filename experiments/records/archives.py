"""ZIP archives in which other programs keep their data: what is in them, read up to a bound."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DATABASE", "MANIFESTS", "Archive", "damaged"]

MANIFESTS = ("meta", "META-INF/MANIFEST.MF")
"""Names of the part that says which program, jamovi or JASP, wrote the file; the newer one first."""

DATABASE = "internal.sqlite"
"""Name of the part in which JASP keeps its data."""

LARGEST_PART = 1024 * MEBIBYTE
"""Of a part of an archive, once unpacked: some twenty times what a file of this size honestly holds."""

LARGEST_DESCRIPTION = 64 * MEBIBYTE
"""Of a part that describes the data: names and labels of the columns."""


def damaged(path: Path, form: str, what: str) -> AllianceError:
    """Return the error for a file that is not what its first bytes promise."""
    return AllianceError(
        f"{path} is damaged, or not a file of {form}: {what}. Export it from {form} as CSV."
    )


class Archive:
    """A ZIP archive of another program.

    Parameters
    ----------
    path
        For messages.
    content
        The archive.
    form
        The program it is of, for messages.

    Raises
    ------
    AllianceError
        When it is no ZIP archive.
    """

    def __init__(self, path: Path, content: bytes, form: str) -> None:
        self.path = path
        self.form = form
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self.names = frozenset(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise self.damaged("its list of contents cannot be read") from None

    def damaged(self, what: str) -> AllianceError:
        """Return the error for this file; `what` is what is wrong with it."""
        return damaged(self.path, self.form, what)

    def part(self, name: str, most: int = LARGEST_PART) -> bytes:
        """Return a part of the archive, unpacked.

        Raises
        ------
        AllianceError
            When it is not there, cannot be unpacked, or has more than `most` bytes, whatever the contents say.
        """
        if name not in self.names:
            raise self.damaged(f"there is no {name} in it")
        try:
            with self._zip.open(name) as part:
                found = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            raise self.damaged(f"{name} in it cannot be unpacked") from None
        except (RuntimeError, NotImplementedError):
            raise self.damaged(
                f"{name} in it has a password or is packed in an unknown way"
            ) from None
        if len(found) > most:
            raise AllianceError(
                f"{self.path} is too large once it is unpacked. Export it from {self.form} as CSV."
            )
        return found

    def description(self, name: str) -> dict[str, Any]:
        """Return a part that is a JSON object.

        Raises
        ------
        AllianceError
            As for `part`, and when it is no JSON object.
        """
        try:
            found = json.loads(self.part(name, LARGEST_DESCRIPTION))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self.damaged(f"{name} in it is no JSON object")
        return found
