"""What a run was made with, other than its setting: versions, sources of the model, platform."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from simulation.engine.compilation import source_hash

__all__ = ["environment"]

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
    versions = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return {
        "versions": versions,
        "model_sources": source_hash(),
        "platform": f"{sys.platform}-{platform.machine()}",
    }
