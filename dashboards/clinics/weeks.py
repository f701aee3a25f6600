"""The clinic week by week: how many wait, are in treatment, and have ended, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

__all__ = ["Weeks", "weeks_of"]

ENDED = ("completed", "dropped_out", "session_limit", "boundary_violation", "never_started")


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Where the clients are at the end of each week.

    Attributes
    ----------
    weeks
        0, 1, 2, ..., up to the last week in which anything changes.
    arrived
        Clients who have asked for therapy by then.
    counts
        Status to number of clients at the end of each week; they add up to `arrived`.
    """

    weeks: Counts
    arrived: Counts
    counts: Mapping[str, Counts]


def weeks_of(clients: Mapping[str, NDArray[Any]], horizon: int) -> Weeks:
    """Count clients by where they are at the end of each week.

    Parameters
    ----------
    clients
        Columns of the table of clients.
    horizon
        Weeks after which follow-up ends.
    """
    status = clients["status"]
    week_arrived, started, ended = (
        np.asarray(clients[name], dtype=np.int64)
        for name in ("week_arrived", "week_started", "week_ended")
    )
    known = week_arrived[week_arrived < horizon]
    last = max(int(column.max(initial=0)) for column in (known, started, ended))
    if np.isin(status, [STATUSES.index("waiting"), STATUSES.index("in_treatment")]).any():
        last = horizon - 1
    size = last + 1

    def by_week(weeks: Counts) -> Counts:
        inside = weeks[(weeks >= 0) & (weeks < size)]
        return np.cumsum(np.bincount(inside, minlength=size))

    arrived, began = by_week(week_arrived), by_week(started)
    counts = {name: by_week(ended[status == STATUSES.index(name)]) for name in ENDED}
    treated = sum(counts[name] for name in ENDED if name != "never_started")
    in_treatment = began - treated
    waiting = arrived - began - counts["never_started"]
    return Weeks(
        np.arange(size), arrived, {"waiting": waiting, "in_treatment": in_treatment, **counts}
    )
