"""What the code of a package is, as one hash: data and results belong to the code that made them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from experiments.store.state import checksum

__all__ = ["sources_hash"]


@cache
def sources_hash(package: str) -> str:
    """Return a hash of every source file of a package, 16 hexadecimal digits."""
    root = Path(str(import_module(package).__file__)).parent
    files = sorted(root.rglob("*.py"))
    return checksum(*(file.read_bytes().replace(b"\r\n", b"\n") for file in files))
