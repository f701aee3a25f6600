"""Checking a stored state before it is believed: checksums over what it is of and over its bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from simulation.files import StorageError
from simulation.input_files import MEBIBYTE, InputFileError, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["checksum", "read_checked_json", "with_checksum"]

CHECKSUM = "checksum"
"""Entry of a JSON file that holds the checksum of the others."""


def checksum(*parts: str | int | bytes) -> str:
    """Return 16 hexadecimal digits that depend on every part, on their order, and on where each ends."""
    digest = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]


def with_checksum(content: Mapping[str, Any]) -> bytes:
    """Return content as JSON that holds its own checksum."""
    full = {**content, CHECKSUM: _checksum_of(content)}
    return (json.dumps(full, indent=2, ensure_ascii=False) + "\n").encode()


def read_checked_json(path: Path) -> dict[str, Any]:
    """Read a file written from `with_checksum`, without its checksum.

    Raises
    ------
    StorageError
        If it cannot be read, or is not what was written.
    """
    try:
        content = json.loads(read_text(path, most=16 * MEBIBYTE))
    except InputFileError as error:
        raise StorageError(str(error)) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.pop(CHECKSUM, None) != _checksum_of(content):
        raise StorageError(
            f"{path} is not as it was written, so nothing beside it can be relied on: restore it from a copy, or "
            "run into another folder."
        )
    return content


def _checksum_of(content: Mapping[str, Any]) -> str:
    return checksum(json.dumps(content, sort_keys=True, ensure_ascii=True))
