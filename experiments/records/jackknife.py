"""How sure a statistic of real records is: leave out a group of clients at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import t_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.tables.run_tables import RunTables

__all__ = ["grouped_jackknife", "without_groups"]

GROUPS = 20
"""Into which clients are dealt."""


def without_groups(tables: RunTables) -> tuple[RunTables, ...]:
    """Return the tables without each group of clients in turn; none for few clients."""
    if tables.count < 2 * GROUPS:
        return ()
    return tables.without_each(np.arange(tables.count) % GROUPS)


def grouped_jackknife(
    statistic: Callable[[RunTables], float], tables: RunTables, parts: Sequence[RunTables]
) -> Estimate:
    """Compute a statistic and a 95 % interval from leaving out a group of clients at a time.

    The clients are dealt into groups in the order of their numbers; the statistic is computed
    without each group in turn, and the spread of those values gives its standard error (the
    delete-a-group jackknife; Kott 2001, *Journal of Official Statistics* 17:521-526). The interval
    uses Student's t. With few clients there is no interval (``nan``).

    Parameters
    ----------
    statistic
        Of tables.
    tables
        All clients.
    parts
        From `without_groups`.
    """
    value = float(statistic(tables))
    groups = len(parts)
    if not groups or not math.isfinite(value):
        return Estimate(value)
    values = np.array([statistic(part) for part in parts])
    if not np.isfinite(values).all():
        return Estimate(value)
    error = math.sqrt(float(((values - values.mean()) ** 2).sum()) * (groups - 1) / groups)
    return t_interval(value, error, groups - 1)
