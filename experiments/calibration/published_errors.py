"""How well a published number is known by itself: the sampling error of a study, or a pooled result, of its size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from experiments.calibration.scales import on_scale
from experiments.evidence.ranges import sampling_error
from experiments.quantities.intervals import error_behind

if TYPE_CHECKING:
    from experiments.calibration.scales import Scale
    from experiments.evidence import Fact
    from experiments.evidence.ranges import Scale as PooledOn

__all__ = ["ErrorSource", "PublishedError", "published_error"]

ErrorSource: TypeAlias = Literal["interval", "clients", "none"]
"""Where the error comes from: the paper's 95 % interval; its number of clients; neither is stored."""

POOLED_ON: dict[Scale, PooledOn] = {
    "logit": "proportion",
    "z": "correlation",
    "deviations": "difference",
}
"""Scales on which an error follows from a number of clients alone."""


class PublishedError(NamedTuple):
    """Standard error of a published number on the scale of its statistic, 0 if nothing is known, and its source."""

    error: float
    source: ErrorSource


def published_error(about: Fact, scale: Scale) -> PublishedError:
    """Return how well a finding is known by itself, on the scale of its statistic.

    From its paper's 95 % interval; else from its number of clients, for shares, correlations and differences between
    two groups; else nothing is known, and it is taken as if exact.
    """
    if about.ci_low is not None and about.ci_high is not None:
        low, high = on_scale(np.array([about.ci_low, about.ci_high]), scale)
        return PublishedError(error_behind(float(low), float(high)), "interval")
    pooled = POOLED_ON.get(scale)
    if about.value is None or about.n is None or pooled is None:
        return PublishedError(0.0, "none")
    if scale == "logit" and not 0.0 < about.value < 1.0:
        return PublishedError(0.0, "none")
    error = sampling_error(about.value, about.n, pooled, share=about.group_share)
    return PublishedError(error, "clients") if math.isfinite(error) else PublishedError(0.0, "none")
