"""How far the model is off in what it was not fitted to, on the scale of a statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.between_clinics import recorded_uncertainties
from experiments.calibration.scales import back_from, on_scale
from experiments.quantities.intervals import normal_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.scales import Scale

    Array = NDArray[np.float64]

__all__ = ["discrepancy", "spread_over"]

POINTS = 25
"""Points of the normal distribution that each value is spread over."""


def discrepancy(scale: Scale) -> float:
    """Return the standard deviation of the model's own error on a scale; 0 where findings tell nothing of it."""
    return float(recorded_uncertainties()["discrepancy"]["spreads"].get(scale, 0.0))


def spread_over(values: Array, scale: Scale, error: float) -> Array:
    """Return what values may be if each is known with a normal error on a scale; each becomes `POINTS`."""
    errors = error * normal_scores((np.arange(POINTS) + 0.5) / POINTS)
    spread: Array = back_from(on_scale(values, scale)[:, None] + errors, scale).ravel()
    return spread
