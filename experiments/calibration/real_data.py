"""Targets from real session records: the statistics that such data supports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.calibration.targets import Target, Targets, targets_for
from experiments.evidence.facts_by_setting import DEFAULT
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.records import Records

__all__ = ["targets_from_records"]


def targets_from_records(
    records: Records, *, on_statistic: Callable[[int, int], None] | None = None
) -> Targets:
    """Return the statistics of the default clinic's fit facts that these records support.

    They are those that `experiments.records.describe` shows, no others. The range of each is its value,
    give or take its own 95 % interval (`experiments.records.jackknife.grouped_jackknife`) and a quarter of
    the width of the published range, for what a model leaves out; the two are added as squares.
    Few records that give no interval are given half the width of the published range.

    Parameters
    ----------
    records
        From `experiments.records.read_records`.
    on_statistic
        Called after every statistic with how many are done, and of how many.

    Raises
    ------
    AllianceError
        If the records support no statistic; says why.
    """
    from experiments.records.estimates import Estimates

    estimates = Estimates(records)
    rows = []
    reasons: dict[str, None] = {}
    wanted = targets_for(DEFAULT).rows
    for done, target in enumerate(wanted, 1):
        found = estimates.of(target.statistic_function, dict(target.arguments))
        if on_statistic is not None:
            on_statistic(done, len(wanted))
        if isinstance(found, str):
            reasons[found] = None
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
            f"session and an alliance or a symptom score. {'; '.join(list(reasons)[:4])}."
        )
    return Targets(tuple(rows))
