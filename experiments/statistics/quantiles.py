"""Quantiles: as `numpy.quantile` has them, without NumPy's masked arrays, which that imports; and of times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.columns import distinct

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["quantile", "quantile_of_counts", "quantile_of_times"]


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


def quantile_of_times(happened: Floats, left: Floats, share: float) -> float:
    """Return when it has happened to a share of the clients, by Kaplan and Meier; ``inf`` if it never does.

    Parameters
    ----------
    happened, left
        To how many it happened at each time from 0, and how many were followed until then.
    share
        Of the clients.
    """
    if not left.any():
        return math.nan
    at_risk = left[::-1].cumsum()[::-1]
    hazard = np.divide(happened, at_risk, out=np.zeros(at_risk.size), where=at_risk > 0)
    survival = np.cumprod(1.0 - hazard)
    below = np.flatnonzero(survival <= 1.0 - share + 1e-12)
    return float(below[0]) if below.size else math.inf
