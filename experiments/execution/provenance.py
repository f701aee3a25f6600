"""Provenance: what results were made with, so that anyone can make them again."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from experiments.execution.model_source import source_hash, sources_of
from experiments.execution.own_code import own_code_of
from simulation.results.manifest import library_versions

if TYPE_CHECKING:
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate

__all__ = ["manifest"]

LIBRARIES = ("alliance-dynamics", "numpy", "scipy", "numba", "mesa", "polars", "SALib", "pydantic")


def manifest(plan: Plan, evaluate: Evaluate, command: str) -> dict[str, Any]:
    """Return what is written beside results: study, source, versions, platform, command."""
    return {
        "study_hash": plan.study.fingerprint,
        "source_hash": source_hash(evaluate),
        "sources": sources_of(evaluate),
        "own_code": own_code_of(evaluate),
        "seed": plan.study.seed,
        "points": len(plan.points),
        "runs_at_most": plan.runs,
        "chunks": plan.chunks,
        "chunk_runs": plan.chunk_runs,
        "outcomes": list(plan.study.outcomes),
        "command": command,
        "begun": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": library_versions(LIBRARIES),
        "platform": platform.platform(),
        "machine": platform.machine(),
    }
