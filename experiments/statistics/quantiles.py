"""Quantiles as `numpy.quantile` has them, without NumPy's masked arrays, which that imports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.columns import distinct

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["quantile", "quantile_of_counts"]


def quantile(values: Floats, share: float) -> float:
    """Return the value below which a share of the values lies; there must be one, and no ``nan``."""
    ascending, place = distinct(values)
    return quantile_of_counts(ascending, np.cumsum(np.bincount(place)).astype(np.float64), share)


def quantile_of_counts(ascending: Floats, until: Floats, share: float) -> float:
    """Return a quantile by the values that there are and how many values there are up to each."""
    place = (float(until[-1]) - 1.0) * share
    before = math.floor(place)
    at = until.searchsorted([before, before + 1], "right").clip(max=ascending.size - 1)
    low, high = ascending[at].tolist()
    part, apart = place - before, high - low
    return float(high - apart * (1.0 - part) if part >= 0.5 else low + apart * part)
