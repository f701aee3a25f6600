"""Repeating stored runs, each alone, and comparing every bit."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.store.files import read_chunk

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from experiments.design.value import Scalar
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate
    from experiments.store.files import ChunkFile

__all__ = ["Mismatch", "differences", "random_row", "same_bits"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A number that did not come out the same."""

    point: int
    replicate: int
    outcome: str
    stored: float
    again: float


def differences(
    plan: Plan, evaluate: Evaluate, stored: Mapping[str, Scalar]
) -> tuple[Mismatch, ...]:
    """Run a stored row again and return every number that differs by a bit."""
    point, replicate = int(stored["point"]), int(stored["replicate"])
    settings = plan.settings(plan.points.rows(point, point + 1)[0])
    again = evaluate(settings, plan.study.seed, replicate, 1)
    pairs = [(name, float(stored[name]), float(again[name][0])) for name in plan.study.outcomes]
    return tuple(
        Mismatch(point, replicate, name, before, after)
        for name, before, after in pairs
        if not same_bits(before, after)
    )


def same_bits(one: float, other: float) -> bool:
    """Tell whether two numbers are the same to the bit; any NaN equals any other."""
    if math.isnan(one) and math.isnan(other):
        return True
    return struct.pack("<d", one) == struct.pack("<d", other)


def random_row(chunk: ChunkFile, draw: np.random.Generator) -> Mapping[str, Scalar] | None:
    """Return a random run of a chunk, None if it has none."""
    frame = read_chunk(chunk)
    if frame.is_empty():
        return None
    return frame.row(int(draw.integers(frame.height)), named=True)
