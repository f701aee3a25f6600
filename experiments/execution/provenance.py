"""Provenance: what results were made with, so that anyone can make them again."""

from __future__ import annotations

import functools
import hashlib
import inspect
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate

__all__ = ["manifest", "model_source_hash", "source_hash", "versions"]

FORMAT = 1
"""Of the folder; raised when an older program could not read it."""

LIBRARIES = ("alliance-dynamics", "numpy", "scipy", "numba", "mesa", "polars", "SALib", "pydantic")


def manifest(plan: Plan, evaluate: Evaluate, command: str) -> dict[str, Any]:
    """Return what is written beside results: study, source, versions, platform, command."""
    return {
        "format": FORMAT,
        "study_hash": plan.study.fingerprint,
        "source_hash": source_hash(evaluate),
        "seed": plan.study.seed,
        "points": len(plan.points),
        "runs_at_most": plan.runs,
        "chunks": plan.chunks,
        "chunk_runs": plan.chunk_runs,
        "outcomes": list(plan.study.outcomes),
        "command": command,
        "begun": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "platform": platform.platform(),
        "machine": platform.machine(),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of every library that matters."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def source_hash(evaluate: Evaluate) -> str:
    """Return a hash of the source that results come from: the simulation's, or a custom model's."""
    own = getattr(evaluate, "source_hash", None)
    if isinstance(own, str):
        return own
    thing = evaluate if inspect.isroutine(evaluate) else type(evaluate)
    try:
        text = inspect.getsource(thing)
    except (OSError, TypeError):
        text = f"{thing.__module__}.{getattr(thing, '__qualname__', thing)}"
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def model_source_hash() -> str:
    """Return a hash of every source file that a result of the simulation depends on."""
    import simulation
    from experiments import outcomes, tables

    digest = hashlib.sha256()
    for house in (simulation, outcomes, tables):
        root = Path(str(house.__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in {".py", ".toml"}:
                name = f"{root.name}/{path.relative_to(root).as_posix()}"
                text = path.read_bytes().replace(b"\r\n", b"\n")
                digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()
