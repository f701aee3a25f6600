"""How far the model is off in what it was not fitted to, on the scale of a statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.between_clinics import recorded_uncertainties
from experiments.calibration.scales import back_from, on_scale, scale_of
from experiments.quantities.intervals import normal_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.scales import Scale
    from experiments.quantities.measure import Measure

    Array = NDArray[np.float64]

__all__ = ["discrepancy", "with_discrepancy"]

POINTS = 25
"""Points of the normal distribution that each value is spread over."""


def discrepancy(scale: Scale) -> float:
    """Return the standard deviation of the model's own error on a scale; 0 where findings tell nothing of it."""
    return float(recorded_uncertainties()["discrepancy"]["spreads"].get(scale, 0.0))


def with_discrepancy(values: Array, measure: Measure[float]) -> Array:
    """Return what values of a statistic may be in the world, if the model errs as it does for what it was fitted to.

    Each value becomes `POINTS`, spread over the error on the statistic's scale.
    """
    scale = scale_of(measure)
    error = discrepancy(scale) * normal_scores((np.arange(POINTS) + 0.5) / POINTS)
    spread: Array = back_from(on_scale(values, scale)[:, None] + error, scale).ravel()
    return spread
