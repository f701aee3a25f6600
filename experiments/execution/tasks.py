"""Tasks: what one worker does at one go, as a pure function of what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.replication import Adaptive, Fixed
    from experiments.design.value import Scalar
    from experiments.store.failures import Failure

    Outcomes = Mapping[str, NDArray[np.float64]]

__all__ = ["ChunkResult", "ChunkTask", "Evaluate", "StoredRuns"]


class Evaluate(Protocol):
    """The model as a study sees it: settings and replicate numbers in, outcomes out.

    It must be a pure function, and replicate r must not depend on which replicates it is asked for
    together with. To run in other processes it must be picklable.
    """

    def __call__(
        self, settings: Mapping[str, Scalar], seed: int, first_replicate: int, replicates: int, /
    ) -> Outcomes:
        """Return outcome name to values of shape (replicates,)."""


@dataclass(frozen=True, slots=True)
class StoredRuns:
    """The first `count` replicates of a point, which an earlier study has, with the outcomes it stored."""

    count: int
    outcomes: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class ChunkTask:
    """What one chunk of a study runs.

    Attributes
    ----------
    chunk
        Its number.
    seed
        Of every run of the study.
    points
        Numbers of its points.
    settings
        What each point sets, in full.
    spans
        First replicate and number of replicates of each point (for `Adaptive`: the ceiling).
    outcomes
        What to return of every run.
    rule
        When a point has enough.
    reference
        Outcomes of the point that others are compared with.
    stored
        By the number of its point, the runs that need not be run again.
    """

    chunk: int
    seed: int
    points: tuple[int, ...]
    settings: tuple[Mapping[str, Scalar], ...]
    spans: tuple[tuple[int, int], ...]
    outcomes: tuple[str, ...]
    rule: Fixed | Adaptive
    reference: Mapping[str, NDArray[np.float64]] | None = None
    stored: Mapping[int, StoredRuns] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What one chunk gave: one entry a run in every array, ordered by point, then replicate."""

    chunk: int
    point: NDArray[np.uint32]
    replicate: NDArray[np.uint32]
    outcomes: Mapping[str, NDArray[np.float64]]
    failures: tuple[Failure, ...]
    seconds: float
    taken_over: int = 0
