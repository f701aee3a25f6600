"""The REML estimates of a mixed model: Newton's method on the entries of Λ, where a variance of 0 is no edge.

The criterion depends on each variance through products of entries of Λ. At a variance of 0 its slope in the entry is
0 and its curvature positive, so a minimum on the boundary is found like any other. An entry of 0 where the criterion
falls with the variance is no minimum: the search is sent on from there. Each step takes one compiled pass over the
blocks (`experiments.inference.mixed_moments`); what stands here is arithmetic of a few numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.failures import DEPENDENT, FEW_GROUPS, NO_END
from experiments.inference.mixed_moments import evaluate
from experiments.inference.mixed_room import make_room
from experiments.inference.small_samples import make_information, small_samples

if TYPE_CHECKING:
    from experiments.inference.mixed_room import Problem, Room
    from experiments.inference.small_samples import Information
    from experiments.tables.columns import Floats

__all__ = ["Search", "fit_mixed"]

MOST_STEPS = 200

ENOUGH = 1e-12
"""Fall of the criterion that a step promises below which it is the last."""

SMALL = 1e-5
"""Standard deviation, in units of the residual one, below which an effect may be none."""

LONGEST = 2.0
"""Of a step, in units of the residual standard deviation and of logs of residual variances."""

STARTS = (0.5, 0.1, 2.0)
"""Standard deviations of the effects at which searches begin, where there are several variances."""


@dataclass(eq=False)
class Search:
    """A search for the lowest criterion.

    Attributes
    ----------
    problem, room, found
        The model, the point that the search is at and what is known there.
    criterion
        REML criterion at the point.
    failed
        Place in `experiments.inference.failures.FAILURES`; 0 once the search has come to an end.
    boundary
        Whether a variance is 0.
    """

    problem: Problem
    room: Room
    found: Information
    criterion: float = math.inf
    failed: int = NO_END
    boundary: bool = False

    def __post_init__(self) -> None:
        given = self.problem, self.room, self.found
        self.see, self.see_deep = evaluate.bound(*given, 0), evaluate.bound(*given, 1)

    @property
    def residual(self) -> int:
        """The place of the first residual variance."""
        return int(self.problem.first[-1])

    def at(self, point: Floats) -> float:
        """Go to a point, with the best common factor of all variances; return the criterion there."""
        here = self.room.point
        here[:] = point
        self.see()
        squares, logs = map(float, self.room.parts)
        if squares <= 0.0 or not math.isfinite(logs):
            return math.inf
        left = float(self.problem.rows.sum()) - len(self.room.root)
        factor = squares / left
        here[: self.residual] *= math.sqrt(factor)
        here[self.residual :] += math.log(factor)
        return logs + left * (1.0 + math.log(factor) + math.log(2.0 * math.pi))

    def look(self) -> tuple[Floats, Floats]:
        """Find slope and curvature; return those of the components in the entries of Λ (see `small_sample`)."""
        self.see_deep()
        point, slope, count = self.room.point, self.found.slope, len(self.room.point)
        free, bend = np.zeros((count, count)), np.zeros((count, count))
        for base, size in zip(
            self.problem.first.tolist(), self.problem.size.tolist(), strict=False
        ):
            for c in range(size):
                for d in range(c + 1):
                    k = base + c * (c + 1) // 2 + d
                    for e in range(d + 1):
                        one, two = base + c * (c + 1) // 2 + e, base + d * (d + 1) // 2 + e
                        free[k, one] += point[two]
                        free[k, two] += point[one]
                        bend[one, two] += slope[k]
                        bend[two, one] += slope[k]
        for k in range(self.residual, count):
            free[k, k] = self.room.variances[k]
            bend[k, k] = slope[k] * self.room.variances[k]
        return free, bend

    def diagonal(self) -> list[int]:
        """Return the places of the entries on Λ's diagonal."""
        return [
            base + c * (c + 1) // 2 + c
            for base, size in zip(
                self.problem.first.tolist(), self.problem.size.tolist(), strict=False
            )
            for c in range(size)
        ]

    def run(self, point: Floats) -> None:
        """Search from a point on."""
        self.criterion = self.at(point)
        if self.criterion == math.inf:
            self.failed = DEPENDENT
            return
        last, restarts = False, 0
        for _ in range(MOST_STEPS):
            free, bend = self.look()
            step, promise = _newton(
                free.T @ self.found.slope, free.T @ self.found.observed @ free + bend
            )
            if last or promise < 1e-20:
                if restarts < 3 and self._sent_on():
                    restarts, last = restarts + 1, False
                    self.criterion = self.at(self.room.point.copy())
                    continue
                self.failed = 0
                return
            here, better = self._along(step, promise)
            last = promise < (ENOUGH if better else 1e-6)
            if not better and not last:
                return
            self.criterion = here

    def _along(self, step: Floats, promise: float) -> tuple[float, bool]:
        """Go along a step as far as the criterion falls; return the criterion, and whether it did."""
        start = self.room.point.copy()
        slack = 1e-11 * (1.0 + abs(self.criterion))
        share = 1.0
        for _ in range(40):
            here = self.at(start + share * step)
            if here <= self.criterion - 1e-4 * share * promise + slack:
                return here, True
            share *= 0.5
        return self.at(start), False

    def _sent_on(self) -> bool:
        """Leave a point where the criterion falls with a variance that is 0; tell whether it is one."""
        sent = False
        for own in self.diagonal():
            # The slope in D's own entry, beyond what the columns before it span.
            if abs(self.room.point[own]) < SMALL and self.found.slope[own] < -1e-7 * abs(
                self.found.expected[own, own]
            ):
                self.room.point[own] = 0.1
                sent = True
        return sent

    def round_off(self) -> None:
        """Write 0 for what is as good as 0, and find whether the components can be told apart."""
        for own in self.diagonal():
            before = self.room.point.copy()
            if abs(before[own]) >= 100.0 * SMALL:
                continue
            without = before.copy()
            without[own] = 0.0
            if self.at(without) <= self.criterion + 1e-9:
                self.boundary = True
            else:
                self.at(before)


def _newton(slope: Floats, curvature: Floats) -> tuple[Floats, float]:
    """Return Newton's step, downhill also where the criterion is bent down, and the fall that it promises."""
    values, vectors = np.linalg.eigh(curvature)
    bent = np.maximum(np.abs(values), 1e-9 * np.abs(values).max(initial=0.0))
    parts = vectors.T @ slope
    step: Floats = -vectors @ (parts / bent)
    length = float(np.abs(step).max(initial=0.0))
    return step * min(1.0, LONGEST / max(length, LONGEST)), float(parts @ (parts / bent))


def fit_mixed(problem: Problem, contrasts: Floats, method: int) -> tuple[Search, Floats]:
    """Find the REML estimates.

    Parameters
    ----------
    problem
        The model, its columns orthonormal and the outcome in units of what they leave of it.
    contrasts
        Shape (m, p).
    method
        Place in `experiments.inference.df_methods.DF`.

    Returns
    -------
    tuple
        The search, at its end, and estimate, variance and degrees of freedom of each contrast, shape (m, 3).
    """
    output = np.zeros((len(contrasts), 3))
    best: Search | None = None
    several = len(problem.size) > 1 or int(problem.first[-1]) > 1 or len(problem.rows) > 1
    for start in STARTS if several else STARTS[:1]:
        room = make_room(problem)
        search = Search(problem, room, make_information(len(room.root), len(room.point)))
        point = np.zeros(len(room.point))
        point[search.diagonal()] = start
        search.run(point)
        if search.failed == DEPENDENT:
            return search, output
        if (
            best is None
            or best.failed
            or (not search.failed and search.criterion < best.criterion - 1e-9)
        ):
            best = search
    assert best is not None
    if best.failed:
        return best, output
    best.round_off()
    best.criterion = best.at(best.room.point.copy())
    free, bend = best.look()
    # Two components that do the same to the data cannot be told apart: the information is singular.
    size = np.sqrt(np.maximum(np.diag(best.found.expected), 0.0))
    little = 1e-5 * np.sqrt(np.maximum(np.diag(best.room.moments.traces), 0.0))
    if (size <= little).any() or (
        np.linalg.eigvalsh(best.found.expected / np.outer(size, size)).min() < 1e-9
    ):
        best.failed = FEW_GROUPS
        return best, output
    output[:, 0] = [-contrast @ best.room.moments.beta[:-1] for contrast in contrasts]
    spread = np.zeros((len(contrasts), 2))
    small_samples(contrasts, best.room.moments, best.found, free, bend, method, spread)
    output[:, 1:] = spread
    return best, output
