"""The scale on which a statistic's differences add up: logits for shares, Fisher's z for correlations, logarithms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.special import expit, logit

from experiments.quantities.unit import (
    CORRELATION,
    DEVIATIONS,
    DEVIATIONS_AT_INTAKE,
    RATIO,
    SESSIONS,
    SHARE,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.quantities.measure import Measure

    Array = NDArray[np.float64]

__all__ = ["Scale", "back_from", "on_scale", "scale_of"]

Scale: TypeAlias = Literal["logit", "z", "log", "deviations", "plain"]

EDGE = 1e-4
"""What is nearer to an end than this is taken as so near."""

BY_UNIT: dict[str, Scale] = {
    SHARE.name: "logit",
    CORRELATION.name: "z",
    DEVIATIONS.name: "deviations",
    DEVIATIONS_AT_INTAKE.name: "deviations",
    RATIO.name: "log",
    SESSIONS.name: "log",
    "points": "log",
}


def scale_of(measure: Measure[float]) -> Scale:
    """Return the scale of a statistic, by its unit; ``plain`` for what has none, as differences of shares."""
    scale = BY_UNIT.get(measure.unit.name, "plain")
    of_differences = measure.unit.range[0] < 0.0 and scale in {"logit", "log"}
    return "plain" if of_differences else scale


def on_scale(values: Array, scale: Scale) -> Array:
    """Return values on a scale; what is not finite stays so."""
    values = np.asarray(values, dtype=np.float64)
    if scale == "logit":
        found: Array = logit(np.clip(values, EDGE, 1.0 - EDGE))
        return found
    if scale == "z":
        return np.arctanh(np.clip(values, -1.0 + EDGE, 1.0 - EDGE))
    if scale == "log":
        return np.log(np.maximum(values, EDGE))
    return values


def back_from(values: Array, scale: Scale) -> Array:
    """Return what values on a scale stand for."""
    if scale == "logit":
        found: Array = expit(values)
        return found
    if scale == "z":
        return np.tanh(values)
    if scale == "log":
        return np.exp(values)
    return values
