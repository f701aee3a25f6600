"""Working memory of the engine: as many clinics side by side as keep the pool of dyads well filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.engine.lanes import DYADS, LANES, TEAM
from simulation.engine.records import SLOT

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from simulation.parameters import Parameters

    Array = NDArray[Any]

__all__ = ["Workspace", "make_workspace"]

POOL = 1_100
"""Places in treatment that the pool aims at: enough to fill blocks, few enough to stay in the cache."""

CACHE_LINE = 64
"""Bytes."""


class Workspace(NamedTuple):
    """Arrays that `run_clinics` works in, in the order it takes them."""

    blocks: Array
    words: Array
    desk: Array
    slots: Array
    queue: Array
    lots: Array
    members: Array
    bench: Array
    skills: Array
    caseloads: Array
    styles: Array


def make_workspace(parameters: Parameters, replicates: int) -> Workspace:
    """Make working memory for running `replicates` clinics of this size, one after the other or side by side."""
    clients, team = parameters.clients, parameters.therapists
    at_once = min(clients, team * parameters.caseload_cap)
    slots = int(max(1, min(replicates, -(-POOL // at_once))))
    blocks = _aligned(-(-slots * at_once // LANES), DYADS)
    return Workspace(
        blocks=blocks,
        words=blocks.view(np.int64).reshape(len(blocks), -1, LANES),
        desk=_aligned(1, DYADS),
        slots=np.zeros(slots, dtype=SLOT),
        queue=np.zeros((slots, clients), dtype=np.int64),
        lots=np.zeros((slots, clients)),
        members=_aligned(-(-slots * team // LANES), TEAM),
        bench=_aligned(1, TEAM),
        skills=np.zeros(team),
        caseloads=np.zeros((slots, team), dtype=np.int64),
        styles=np.zeros((slots, team)),
    )


def _aligned(count: int, layout: np.dtype[Any]) -> Array:
    """Make `count` idle blocks that begin at a cache line, so that no vector of lanes lies across two."""
    memory = np.zeros(count * layout.itemsize + CACHE_LINE, dtype=np.uint8)
    begin = -memory.ctypes.data % CACHE_LINE
    return memory[begin : begin + count * layout.itemsize].view(layout)
