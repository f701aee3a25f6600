"""What an outcome is over several replicates, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.kinds import Share
from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import mean_of, share_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.quantities.measure import Measure
    from experiments.tables.columns import Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["estimated", "one_a_replicate"]


def estimated(outcome: Measure[Floats], tables: RunTables) -> Estimate:
    """Return the mean of an outcome over replicates with its interval, as far as values are possible.

    Replicates that differ show how much it varies (Student's t). Where they do not, or there is only one, a share has
    Wilson's interval over all its cases, and anything else none: that nobody of a few dropped out does not show that
    nobody would.
    """
    values = one_a_replicate(outcome, tables)
    found = mean_of(values)
    differ = np.unique(values[np.isfinite(values)]).size > 1
    if isinstance(outcome.compute, Share) and not differ:
        part, whole = outcome.compute.counts(tables)
        share = share_of(int(part.sum()), int(whole.sum()))
        found = Estimate(found.value, share.low, share.high)
    return found.within(*outcome.unit.range)


def one_a_replicate(outcome: Measure[Floats], tables: RunTables) -> Floats:
    """Compute an outcome, and hold it to what an outcome is.

    Returns
    -------
    values
        One of each replicate, shape (replicates,).

    Raises
    ------
    AllianceError
        If it gave something else.
    """
    values: object = outcome(tables)
    shape = getattr(values, "shape", None)
    if shape != (tables.studies,):
        gave = "nothing" if values is None else f"the shape {shape}" if shape else "a single value"
        raise AllianceError(
            f"{outcome.name} gave {gave}: an outcome returns one number a replicate, here an array of shape "
            f"({tables.studies},)."
        )
    assert isinstance(values, np.ndarray)
    return values
