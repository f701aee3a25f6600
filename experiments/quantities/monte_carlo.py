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

__all__ = ["LEVEL", "MOST_FAILED", "NOTHING", "Measured", "measured_share"]

LEVEL = 0.05
"""Two-sided level of significance."""

MOST_FAILED = 0.01
"""Share of failures above which power and type I error are withheld, and the coverage of a script: what failed may be
just what would have been significant."""


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
