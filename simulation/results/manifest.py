"""What a run was made with: parameters, seed, versions, platform, and the command that repeats it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from simulation.engine.compilation import source_hash

if TYPE_CHECKING:
    from simulation.results.result import Result

__all__ = ["environment", "manifest"]

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


def manifest(result: Result, *, command: str = "") -> dict[str, Any]:
    """Return the manifest of a run; `command` repeats it."""
    return {
        "name": "alliance-dynamics run",
        "parameters": result.parameters.model_dump(),
        "changed": result.parameters.changed(),
        "seed": result.seed,
        "first_replicate": result.first_replicate,
        "replicates": result.replicates,
        "clients": len(result.client_rows),
        "sessions": int(result.client_rows["sessions"].sum()),
        **environment(),
        "command": command,
        "notice": "Group statistics of a simulation. Not advice about any real client.",
    }
