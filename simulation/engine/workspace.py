"""Working memory of the engine: as many clinics side by side as fill the pool of dyads well."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.engine.assignment import Team, leaves_for
from simulation.engine.lanes import DYADS, LANES, TEAM
from simulation.engine.records import RUNNING_CLINIC

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from simulation.parameters import Parameters

    Array = NDArray[Any]

__all__ = ["Clinics", "Workspace", "make_workspace", "workspace"]

POOL = 1_100
"""Places in treatment that the pool aims at: enough to fill blocks, few enough to stay in the cache."""

MOST_SHARED = 4_000_000
"""Bytes of working memory that a thread leaves to its next run."""

CACHE_LINE = 64
"""Bytes."""


class Clinics(NamedTuple):
    """What the engine stores of the clinics that run side by side; each is counted by its place."""

    running: Array
    """Of `simulation.engine.records.RUNNING_CLINIC`."""
    queue: Array
    """Clinic × place in the waiting list: the client's number."""
    assignment_draws: Array
    """Clinic × client: see `simulation.clinic.assignment_draw`."""
    team: Team
    """Clinic × therapist, place or node."""
    lanes: Array
    """Clinic × therapist: lane among all therapists, counted through the blocks; -1 before the first client."""
    at_work: Array
    """Block of therapists: how many in it are at work."""


class Workspace(NamedTuple):
    """Arrays that the engine works in."""

    clinics: Clinics
    dyads: Array
    """Blocks of `DYADS`: those in treatment in all clinics, packed together."""
    dyad_words: Array
    """The same memory as block × row × lane, to move a dyad to another lane."""
    therapists: Array
    """Blocks of `TEAM`: of one clinic after the other the therapists at work, in the order in which they began."""
    skills: Array
    """The therapists of one clinic at a time."""
    scratch_clients: Array
    """One block in which clients are drawn and fill in their last questionnaires."""
    scratch_team: Array
    """One block in which therapists are drawn and rest."""


class _Last(local):
    """What a thread worked in last."""

    shape: tuple[int, ...] = ()
    work: Workspace | None = None


_last = _Last()


def workspace(parameters: Parameters, replicates: int) -> Workspace:
    """Return this thread's working memory for running `replicates` clinics of this size; see `make_workspace`.

    The memory of the last run is used again where it fits exactly and is small: a run writes before it reads.
    """
    shape = _shape(parameters, replicates)
    if _last.work is None or _last.shape != shape:
        work = make_workspace(parameters, replicates)
        by_client = work.clinics.queue.nbytes + work.clinics.assignment_draws.nbytes
        if work.dyads.nbytes + work.therapists.nbytes + by_client > MOST_SHARED:
            return work
        _last.shape, _last.work = shape, work
    return _last.work


def _shape(parameters: Parameters, replicates: int) -> tuple[int, int, int, int]:
    """Return how many clinics run side by side and, of each, clients, most in treatment, and therapists."""
    clients, team = parameters.clients, parameters.therapists
    in_treatment = min(clients, team * parameters.caseload_cap)
    clinics = int(max(1, min(replicates, -(-POOL // in_treatment))))
    return clinics, clients, in_treatment, team


def make_workspace(parameters: Parameters, replicates: int) -> Workspace:
    """Make working memory for running `replicates` clinics of this size, one after the other or side by side."""
    clinics, clients, in_treatment, team = _shape(parameters, replicates)
    dyads = _aligned(-(-clinics * in_treatment // LANES), DYADS)
    therapists = _aligned(-(-clinics * team // LANES), TEAM)
    side_by_side = Clinics(
        running=np.zeros(clinics, dtype=RUNNING_CLINIC),
        queue=np.zeros((clinics, clients), dtype=np.int64),
        assignment_draws=np.zeros((clinics, clients)),
        team=Team(
            order=np.zeros((clinics, team), dtype=np.int64),
            places=np.zeros((clinics, team), dtype=np.int64),
            styles=np.zeros((clinics, team)),
            tree=np.zeros((clinics, 2 * leaves_for(team)), dtype=np.int64),
        ),
        lanes=np.zeros((clinics, team), dtype=np.int64),
        at_work=np.zeros(len(therapists), dtype=np.int64),
    )
    return Workspace(
        clinics=side_by_side,
        dyads=dyads,
        dyad_words=dyads.view(np.int64).reshape(len(dyads), -1, LANES),
        therapists=therapists,
        skills=np.zeros(team),
        scratch_clients=_aligned(1, DYADS),
        scratch_team=_aligned(1, TEAM),
    )


def _aligned(count: int, layout: np.dtype[Any]) -> Array:
    """Make `count` idle blocks that begin at a cache line, so that no vector of lanes lies across two."""
    memory = np.zeros(count * layout.itemsize + CACHE_LINE, dtype=np.uint8)
    begin = -memory.ctypes.data % CACHE_LINE
    return memory[begin : begin + count * layout.itemsize].view(layout)
