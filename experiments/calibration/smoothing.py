"""An ensemble of parameter sets, and how it is moved towards the targets.

Ensemble smoothing with multiple data assimilation; see `experiments.calibration`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.priors import Prior
    from experiments.calibration.targets import Targets

    Array = NDArray[np.float64]

__all__ = ["STANDARD", "Ensemble", "drawn_from_priors", "moved"]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """How large an ensemble is and how it is drawn.

    Attributes
    ----------
    members
        Parameter sets in it.
    steps
        How many times it is moved; it is simulated once more than that.
    seed
        Of its draws. All simulations share the seed of fitting.
    studies
        Simulated studies of a set while the ensemble moves; in the end it is
        `experiments.calibration.simulating.STUDIES`. Noise of early steps is one more reason not to trust them far,
        and more members tell more than quieter ones.
    """

    members: int = 192
    steps: int = 8
    seed: int = 1
    studies: int = 25


STANDARD = Ensemble()
"""The ensemble that the shipped settings are calibrated with."""


def drawn_from_priors(priors: tuple[Prior, ...], members: int, rng: np.random.Generator) -> Array:
    """Draw members from the priors, shape (members, parameters), on the scale on which these are standard normal."""
    drawn: Array = rng.standard_normal((members, len(priors)))
    return drawn


def moved(
    places: Array, statistics: Array, targets: Targets, steps: int, rng: np.random.Generator
) -> Array:
    """Move each member by the ensemble's own regression of places on statistics."""
    sd = targets.sds
    noise = np.sqrt(steps) * rng.standard_normal(statistics.shape)
    found = statistics / sd
    # A statistic that a member cannot give says nothing about that member: it gets the mean of the others, or the
    # target itself where no member gives one.
    known = np.isfinite(found)
    total = np.where(known, found, 0.0).sum(axis=0)
    middle = np.where(
        known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), targets.values / sd
    )
    found = np.where(known, found, middle)
    gap = targets.values / sd + noise - found
    p = places - places.mean(axis=0)
    s = found - found.mean(axis=0)
    count = len(places) - 1
    cross = p.T @ s / count
    spread = s.T @ s / count + steps * np.eye(len(sd))
    gain = cross * _significant(p, s)
    nearer: Array = places + np.linalg.solve(spread, gap.T).T @ gain.T
    return nearer


def _significant(p: Array, s: Array) -> Array:
    """Damp correlations that an ensemble of this size shows by chance (Furrer & Bengtsson 2007)."""
    count = len(p) - 1
    scale = np.sqrt((p**2).mean(axis=0))[:, None] * np.sqrt((s**2).mean(axis=0))[None, :]
    r2 = ((p.T @ s / (count + 1)) / np.where(scale > 0, scale, 1.0)) ** 2
    damped: Array = r2 / (r2 + (1.0 + r2) / count)
    return damped
