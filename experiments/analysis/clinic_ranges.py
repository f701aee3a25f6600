"""Between which values clinics lie that differ in more than their clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.catalogue import OUTCOMES
from experiments.quantities.estimate import Estimate

if TYPE_CHECKING:
    from experiments.tables.run_tables import RunTables

__all__ = ["clinic_ranges"]


def clinic_ranges(tables: RunTables) -> dict[str, Estimate]:
    """Return for each outcome that needs no sessions the middle clinic, and where 95 % of clinics lie."""
    found = {}
    for name, outcome in OUTCOMES.items():
        values = outcome(tables) if "sessions" not in outcome.needs else np.array([])
        known = values[np.isfinite(values)]
        if known.size > 0.5 * values.size:
            low, middle, high = np.quantile(known, [0.025, 0.5, 0.975])
            found[name] = Estimate(float(middle), float(low), float(high))
    return found
