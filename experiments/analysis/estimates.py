"""Summaries: what every point gave on average and how sure that is, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.shared_luck import SharedLuck
from experiments.design.replication import Adaptive
from experiments.quantities.intervals import means_of_stretches
from experiments.store.study_folder import NoRunsError, StudyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["StudySummary", "summarise", "variance_saved"]


@dataclass(frozen=True)
class StudySummary:
    """Every point of a study with the mean of every outcome and its interval.

    Attributes
    ----------
    points
        One row a point: ``point``, the factors, ``replicates``; for every outcome ``<name>``,
        ``<name>_low`` and ``<name>_high`` (95 % t interval of the mean), ``<name>_sd`` (between
        replicates) and ``<name>_n``, the replicates in which it is defined; only those count.
    factors, outcomes
        Names of the columns.
    runs
        Number of runs behind it.
    """

    points: pl.DataFrame
    factors: tuple[str, ...]
    outcomes: tuple[str, ...]
    runs: int

    def defined(self, outcome: str) -> int:
        """Return the runs in which an outcome is defined."""
        return int(self.points[f"{outcome}_n"].sum())


def summarise(folder: StudyFolder | str | Path) -> StudySummary:
    """Summarise the finished runs of a study.

    Raises
    ------
    StorageError
        If a chunk is damaged.
    NoRunsError
        If no run gave a result.
    """
    import polars as pl

    folder = StudyFolder.open(folder)
    outcomes = folder.study.outcomes
    blocks, runs = [], 0
    for block in _blocks(folder):
        runs += block.height
        blocks.append(_summary(block, outcomes))
    if not blocks:
        raise NoRunsError(folder.why_without_runs())
    points = pl.concat(blocks)
    made = {f"{name}{end}" for name in outcomes for end in ("", "_low", "_high", "_sd", "_n")}
    factors = [name for name in points.columns if name not in {"point", "replicates", *made}]
    return StudySummary(points, tuple(factors), outcomes, runs)


def variance_saved(folder: StudyFolder) -> dict[str, float | None]:
    """Return, by outcome, the share of the variance of a contrast that common random numbers saved.

    See `SharedLuck`. None where it is not defined, as with a single point or one replicate.
    """
    study = folder.study
    rule = study.replication
    shared = rule.minimum if isinstance(rule, Adaptive) else rule.replicates
    sums = {name: SharedLuck(shared) for name in study.outcomes}
    for block in _blocks(folder):
        starts, counts = _extents(block)
        starts = starts[counts >= shared]
        rows = starts[:, None] + np.arange(shared)
        for name, luck in sums.items():
            luck.add(block[name].to_numpy()[rows])
    return {name: luck.saved for name, luck in sums.items()}


def _summary(block: pl.DataFrame, outcomes: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    starts, counts = _extents(block)
    columns = [pl.Series("replicates", counts, dtype=pl.UInt32())]
    for name in outcomes:
        found, deviation = means_of_stretches(block[name].to_numpy(), starts, counts)
        ends = {"": found.value, "_low": found.low, "_high": found.high, "_sd": deviation}
        columns += [pl.Series(f"{name}{end}", values) for end, values in ends.items()]
        defined = np.add.reduceat(~np.isnan(block[name].to_numpy()), starts, dtype=np.int64)
        columns.append(pl.Series(f"{name}_n", defined, dtype=pl.UInt32()))
    return block[starts].drop("replicate", *outcomes).with_columns(columns)


def _blocks(folder: StudyFolder) -> Iterator[pl.DataFrame]:
    """Return the rows of whole points, some at a time; a point may lie across chunks."""
    import polars as pl

    waiting: list[pl.DataFrame] = []
    for chunk in folder.chunks():
        if chunk.is_empty():
            continue
        starts, _ = _extents(chunk)
        if waiting and waiting[-1]["point"][0] != chunk["point"][0]:
            yield pl.concat(waiting)
            waiting = []
        last = int(starts[-1])
        if last == 0:
            waiting.append(chunk)
            continue
        yield pl.concat([*waiting, chunk[:last]])
        waiting = [chunk[last:]]
    if waiting:
        yield pl.concat(waiting)


def _extents(block: pl.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the rows of each point begin, and how many there are."""
    point = block["point"].to_numpy()
    starts = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
    return starts, np.diff(np.r_[starts, len(point)])
