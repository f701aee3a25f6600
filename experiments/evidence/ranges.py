"""Which simulated values count as inside a published finding.

A simulated clinic is one more clinic, not one more draw of a pooled mean, so it is compared with
the spread *between* studies wherever that can be derived, and not against the confidence interval
of the mean alone. The rules are stated here once; a fact whose range does not follow from the
rule it names is refused.
"""

from __future__ import annotations

import math
from typing import Literal

__all__ = [
    "WIDENING",
    "Scale",
    "between_study_range",
    "between_study_spread",
    "sampling_error",
    "sampling_range",
    "widened_range",
]

Scale = Literal["correlation", "difference", "ratio", "proportion"]

WIDENING = 1.5
"""How much a 95 % interval is widened where nothing is known about differences between studies."""

_NORMAL = 1.959964
_MIDDLE_HALF = 0.674490


def _to(value: float, scale: Scale) -> float:
    if scale == "correlation":
        return math.atanh(value)
    if scale == "ratio":
        return math.log(value)
    if scale == "proportion":
        return math.log(value / (1.0 - value))
    return value


def _back(value: float, scale: Scale) -> float:
    if scale == "correlation":
        return math.tanh(value)
    if scale == "ratio":
        return math.exp(value)
    if scale == "proportion":
        return 1.0 / (1.0 + math.exp(-value))
    return value


def _sampling_variance(value: float, n: float, scale: Scale, share: float) -> float:
    """Return the sampling variance of one effect from `n` clients, on the scale it is pooled on."""
    if scale == "correlation":
        return 1.0 / (n - 3.0)
    if scale == "proportion":
        return 1.0 / (n * value * (1.0 - value))
    if scale == "difference":
        return 1.0 / (n * share) + 1.0 / (n * (1.0 - share))
    raise ValueError("The sampling variance of a ratio does not follow from n alone.")


def between_study_range(
    value: float, ci_low: float, ci_high: float, k: int, n: int, scale: Scale
) -> tuple[float, float]:
    """Return the middle half of true effects between studies, allowing for doubt about the mean.

    The confidence interval of a mean of `k` effects gives their spread: k·SE² is the variance
    between studies plus the mean sampling variance, which follows from n/k clients a study. The
    range is value ± √((0.674 τ)² + (1.96 SE)²) on the scale the effects are pooled on (Fisher's z
    for correlations, the logit for proportions), and never less than the published interval.

    Parameters
    ----------
    value, ci_low, ci_high
        Pooled effect and its 95 % interval.
    k, n
        Number of effects and of clients in all.
    scale
        What kind of number it is.
    """
    error = (_to(ci_high, scale) - _to(ci_low, scale)) / (2 * _NORMAL)
    tau = between_study_spread(value, ci_low, ci_high, k, n, scale)
    half = math.hypot(_MIDDLE_HALF * tau, _NORMAL * error)
    centre = _to(value, scale)
    return min(_back(centre - half, scale), ci_low), max(_back(centre + half, scale), ci_high)


def between_study_spread(
    value: float, ci_low: float, ci_high: float, k: int, n: int, scale: Scale
) -> float:
    """Return the standard deviation of true effects between studies, on the scale they are pooled on.

    Parameters are those of `between_study_range`, which says how it follows.
    """
    error = (_to(ci_high, scale) - _to(ci_low, scale)) / (2 * _NORMAL)
    return math.sqrt(max(0.0, k * error**2 - _sampling_variance(value, n / k, scale, 0.5)))


def widened_range(value: float, ci_low: float, ci_high: float, scale: Scale) -> tuple[float, float]:
    """Return the published 95 % interval, each side made `WIDENING` times as long."""
    centre = _to(value, scale)
    low = centre - WIDENING * (centre - _to(ci_low, scale))
    high = centre + WIDENING * (_to(ci_high, scale) - centre)
    return _back(low, scale), _back(high, scale)


def sampling_error(value: float, n: int, scale: Scale, *, share: float = 0.5) -> float:
    """Return the standard error that follows from `n` clients alone, on the scale effects are pooled on.

    Parameters are those of `sampling_range`.
    """
    return math.sqrt(_sampling_variance(value, n, scale, share))


def sampling_range(
    value: float, n: int, scale: Scale, *, share: float = 0.5
) -> tuple[float, float]:
    """Return the 95 % interval that follows from `n` clients alone, widened by `WIDENING`.

    Parameters
    ----------
    value, n, scale
        The finding, how many clients it rests on, what kind of number it is.
    share
        For a difference: the share of clients in the smaller group.
    """
    half = WIDENING * _NORMAL * sampling_error(value, n, scale, share=share)
    centre = _to(value, scale)
    return _back(centre - half, scale), _back(centre + half, scale)
