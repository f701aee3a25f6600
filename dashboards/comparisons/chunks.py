"""What replicates of an arm come to, run a few at a time: outcomes, curves over sessions, and their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.comparisons.comparison import CURVES, Difference, sentence
from experiments.analysis.shared_luck import SharedLuck
from experiments.catalogue import OUTCOMES
from experiments.quantities.intervals import means_of_stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimates
    from experiments.tables.run_tables import RunTables

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["Chunk", "curves_of", "differences", "number_of", "outcomes_of"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some replicates of one arm.

    Attributes
    ----------
    outcomes
        Values, shape (replicates,).
    courses
        Name in `CURVES` to values, shape (replicates, sessions).
    number
        Clients at each session in all of them, shape (sessions,).
    """

    outcomes: dict[str, Numbers]
    courses: dict[str, Numbers]
    number: Counts

    @classmethod
    def of(cls, tables: RunTables) -> Chunk:
        """Return what the tables of some replicates come to."""
        by = tables.sessions_by_study
        last = max(tables.width, 1)
        cell = by.of_row * last + tables.session("session").astype(np.int64) - 1
        size, shape = by.count * last, (by.count, last)
        number = np.bincount(cell, minlength=size).reshape(shape).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            starters = tables.clients_by_study.size(tables.started)
            courses = {"staying": number / starters[:, None]}
            for name in CURVES[1:]:
                total = np.bincount(cell, tables.session(name), minlength=size).reshape(shape)
                courses[name] = total / number
        outcomes = {name: outcome(tables) for name, outcome in OUTCOMES.items()}
        return cls(outcomes, courses, number.sum(axis=0).astype(np.int64))


def outcomes_of(chunks: Sequence[Chunk]) -> dict[str, Numbers]:
    """Return every outcome's value in each replicate."""
    return {name: np.concatenate([chunk.outcomes[name] for chunk in chunks]) for name in OUTCOMES}


def number_of(chunks: Sequence[Chunk]) -> Counts:
    """Return how many clients of all replicates are at each session."""
    found = np.zeros(max(len(chunk.number) for chunk in chunks), dtype=np.int64)
    for chunk in chunks:
        found[: len(chunk.number)] += chunk.number
    return found


def curves_of(chunks: Sequence[Chunk]) -> dict[str, Estimates]:
    """Return every curve: at each session the mean of replicates, with its interval."""
    last = max(chunk.courses["staying"].shape[1] for chunk in chunks)
    found = {}
    for name in CURVES:
        absent = 0.0 if name == "staying" else np.nan
        rows = np.concatenate([_until(chunk.courses[name], last, absent) for chunk in chunks])
        found[name] = _means(np.ascontiguousarray(rows.T))
    return found


def differences(
    values_a: dict[str, Numbers], values_b: dict[str, Numbers], arm: str
) -> dict[str, Difference]:
    """Return every outcome in both arms, and the difference of the second from the first.

    Parameters
    ----------
    values_a, values_b
        As `outcomes_of` returns them.
    arm
        What the second arm is called.
    """
    names = list(OUTCOMES)
    a, b = (np.stack([values[name] for name in names]) for values in (values_a, values_b))
    mean_a, mean_b, difference = _means(a).value, _means(b).value, _means(b - a)
    found = {}
    for row, name in enumerate(names):
        luck = SharedLuck(a.shape[1])
        known = ~np.isnan(a[row]) & ~np.isnan(b[row])
        if known.all():
            luck.add(np.stack([a[row], b[row]]))
        outcome = OUTCOMES[name]
        found[name] = Difference(
            outcome,
            float(mean_a[row]),
            float(mean_b[row]),
            difference[row],
            luck.saved,
            sentence(outcome, arm, difference[row]),
        )
    return found


def _until(values: Numbers, last: int, absent: float) -> Numbers:
    missing = last - values.shape[1]
    return np.pad(values, ((0, 0), (0, missing)), constant_values=absent)


def _means(rows: Numbers) -> Estimates:
    """Return mean and 95 % t interval of each row; no interval for fewer than two values."""
    count = rows.shape[1]
    starts = np.arange(len(rows)) * count
    return means_of_stretches(rows.ravel(), starts, np.full(len(rows), count))[0]
