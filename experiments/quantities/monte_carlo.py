"""A measure over simulated trials or studies, and how well so many of them tell it.

Names and errors are those of Morris, White & Crowther (2019, *Statistics in Medicine* 38:2074-2102,
10.1002/sim.8086).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans

__all__ = ["NOTHING", "Measured", "measured_share"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and its Monte Carlo standard error; ``nan`` where it is not known or withheld."""

    value: float
    error: float


NOTHING = Measured(math.nan, math.nan)


def measured_share(events: Booleans) -> Measured:
    """Return the share of events, shape (trials,), and its standard error; of no trials, nothing."""
    if not len(events):
        return NOTHING
    share = float(np.mean(events))
    return Measured(share, math.sqrt(share * (1.0 - share) / len(events)))
