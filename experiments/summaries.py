"""Summaries: what every point gave on average and how sure that is, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.replication import Adaptive, SharedLuck

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from experiments.store import StudyFolder

__all__ = ["Summary", "summarise", "variance_saved"]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Summary:
    """Every point of a study with the mean of every outcome and its interval.

    Attributes
    ----------
    points
        One row a point: ``point``, the factors, ``replicates``; for every outcome ``<name>``,
        ``<name>_low`` and ``<name>_high`` (95 % t interval of the mean), ``<name>_sd`` (between
        replicates). NaN replicates are left out.
    factors, outcomes
        Names of the columns.
    runs
        Number of runs behind it.
    """

    points: pl.DataFrame
    factors: tuple[str, ...]
    outcomes: tuple[str, ...]
    runs: int


def summarise(folder: StudyFolder) -> Summary:
    """Summarise the finished runs of a study.

    Raises
    ------
    StorageError
        If a part is damaged, or nothing is finished.
    """
    import polars as pl

    outcomes = folder.study.outcomes
    lines = []
    runs = 0
    factors: tuple[str, ...] = ()
    for point in _points(folder):
        factors = tuple(
            name for name in point.columns if name not in {"point", "replicate", *outcomes}
        )
        runs += point.height
        lines.append(_line(point, outcomes))
    if not lines:
        folder.results()
    return Summary(pl.concat(lines), factors, outcomes, runs)


def variance_saved(folder: StudyFolder) -> dict[str, float | None]:
    """Return, by outcome, the share of the variance of a contrast that common random numbers saved.

    See `SharedLuck`. None where it is not defined, as with a single point or one replicate.
    """
    study = folder.study
    rule = study.replication
    shared = rule.minimum if isinstance(rule, Adaptive) else rule.replicates
    sums = {name: SharedLuck(shared) for name in study.outcomes}
    for point in _points(folder):
        for name, luck in sums.items():
            luck.add(point[name].to_numpy())
    return {name: luck.saved for name, luck in sums.items()}


def _points(folder: StudyFolder) -> Iterator[pl.DataFrame]:
    """Return the rows of one point after the other; a point may lie across parts."""
    import polars as pl

    held: pl.DataFrame | None = None
    for part in folder.parts():
        for rows in part.partition_by("point", maintain_order=True):
            if held is not None and held["point"][0] == rows["point"][0]:
                held = pl.concat([held, rows])
                continue
            if held is not None:
                yield held
            held = rows
    if held is not None:
        yield held


def _line(point: pl.DataFrame, outcomes: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    line = point.head(1).drop("replicate", *outcomes)
    added = [pl.Series("replicates", [point.height], dtype=pl.UInt32())]
    for name in outcomes:
        mean, low, high, deviation = mean_interval(point[name].to_numpy())
        added += [
            pl.Series(name, [mean]),
            pl.Series(f"{name}_low", [low]),
            pl.Series(f"{name}_high", [high]),
            pl.Series(f"{name}_sd", [deviation]),
        ]
    return line.with_columns(added)


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return mean, lower and upper end of its t interval, and standard deviation.

    NaN where not defined.
    """
    import numpy as np
    from scipy.special import stdtrit

    known = values[~np.isnan(values)]
    if len(known) == 0:
        return (np.nan,) * 4
    mean = float(known.mean())
    if len(known) == 1:
        return mean, np.nan, np.nan, np.nan
    deviation = float(known.std(ddof=1))
    half = float(stdtrit(len(known) - 1, 0.5 + CONFIDENCE / 2)) * deviation / len(known) ** 0.5
    return mean, mean - half, mean + half, deviation
