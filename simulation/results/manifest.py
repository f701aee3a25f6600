"""What a run was made with, other than its setting: versions, sources of the model, platform."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from simulation.engine.cache import source_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["environment", "library_versions"]

LIBRARIES = (
    "alliance-dynamics",
    "mesa",
    "numpy",
    "numba",
    "llvmlite",
    "networkx",
    "polars",
    "scipy",
)


def environment() -> dict[str, Any]:
    """Return the versions of everything that matters for the bits of a result, and the platform."""
    return {
        "versions": library_versions(LIBRARIES),
        "model_sources": source_hash(),
        "platform": f"{sys.platform}-{platform.machine()}",
    }


def library_versions(libraries: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of some libraries."""
    versions = {"python": platform.python_version()}
    for library in libraries:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return versions
