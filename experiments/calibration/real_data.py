"""Targets from real session records: the statistics that such data supports."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from experiments.calibration.targets import Target, Targets, targets_for
from experiments.evidence.facts_by_setting import DEFAULT
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.tables.run_tables import RunTables

__all__ = ["targets_from_data", "targets_from_tables"]


def targets_from_data(path: Path) -> Targets:
    """Read session records and return targets; see `targets_from_tables`.

    Raises
    ------
    AllianceError
        If the file cannot be read or supports no statistic.
    """
    from experiments.records import read_records

    return targets_from_tables(read_records(path).tables)


def targets_from_tables(tables: RunTables) -> Targets:
    """Return the statistics of the default clinic's fit facts that these tables support.

    The range of each is its value, give or take its own 95 % interval
    (`experiments.records.jackknife.grouped_jackknife`) and a quarter of the width of the published range, for what a
    model leaves out; the two are added as squares.
    Few records that give no interval are given half the width of the published range.
    """
    from experiments.catalogue import statistic
    from experiments.records.jackknife import grouped_jackknife, without_groups
    from experiments.tables.columns import MissingColumnError

    parts = without_groups(tables)
    rows = []
    for target in targets_for(DEFAULT).rows:
        function = partial(statistic(target.statistic_function), **dict(target.arguments))
        try:
            found = grouped_jackknife(function, tables, parts)
        except (MissingColumnError, AllianceError):
            continue
        if not math.isfinite(found.value):
            continue
        model = 0.25 * (target.high - target.low)
        own = 0.5 * (found.high - found.low)
        half = math.hypot(model, own) if math.isfinite(own) else 2.0 * model
        low, high = found.value - half, found.value + half
        rows.append(Target(target.id, target.statistic_function, target.arguments, low, high))
    if not rows:
        raise AllianceError(
            "These data support none of the statistics a calibration can use: it needs at least client, "
            "session and an alliance or a symptom score."
        )
    return Targets(tuple(rows))
