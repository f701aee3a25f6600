"""What a script should find in each world of a cohort: a statistic of the catalogue, or a number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.quantities.monte_carlo import Measured

if TYPE_CHECKING:
    from experiments.audition.audition import Audition

__all__ = ["truths_by_statistic"]

STUDIES = 400
BATCHES = 20
OTHER_LUCK = 1_000_003
"""Added to the seed, so that the truth is not computed on the studies that the script sees."""


def truths_by_statistic(audition: Audition, name: str) -> dict[str, Measured]:
    """Return a statistic in each world, over 400 studies of the size that the script sees.

    Raises
    ------
    AllianceError
        If there is no such statistic.
    """
    import numpy as np

    from experiments.catalogue import statistic
    from experiments.tables.run_tables import RunTables
    from experiments.validation.simulated_studies import simulated_tables

    function = statistic(name)
    found = {}
    for world in audition.world_names:
        parameters = audition.evaluation.simulated.parameters(audition.settings(world))
        tables = RunTables(*simulated_tables(parameters, audition.seed + OTHER_LUCK, STUDIES, None))
        parts = np.array([float(function(part)) for part in tables.batches(BATCHES)])
        parts = parts[np.isfinite(parts)]
        error = float(parts.std(ddof=1)) / math.sqrt(parts.size) if parts.size > 1 else math.nan
        found[world] = Measured(float(function(tables)), error)
    return found
