"""Targets from someone's own session records: the statistics that such data supports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.calibration.targets import Target, Targets, targets_for
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.statistics import Tables

__all__ = ["targets_from_data", "targets_from_tables"]


def targets_from_data(path: Path) -> Targets:
    """Read session records and return targets; see `targets_from_tables`.

    Raises
    ------
    AllianceError
        If the file cannot be read or supports no statistic.
    """
    from experiments.describe import read_records

    return targets_from_tables(read_records(path).tables)


def targets_from_tables(tables: Tables) -> Targets:
    """Return the statistics of the default clinic's fit facts that these tables support.

    The range of each is its value, with a quarter of the width of the published range on both sides.
    """
    from experiments.statistics import MissingColumnError, statistic

    rows = []
    for target in targets_for("default").rows:
        function = statistic(target.statistic_function)
        try:
            value = float(function(tables, **dict(target.arguments)))
        except (MissingColumnError, AllianceError):
            continue
        if not math.isfinite(value):
            continue
        half = 0.25 * (target.high - target.low)
        rows.append(
            Target(
                target.id, target.statistic_function, target.arguments, value - half, value + half
            )
        )
    if not rows:
        raise AllianceError(
            "These data support none of the statistics a calibration can use: it needs at least client, "
            "session and an alliance or a symptom score."
        )
    return Targets(tuple(rows))
