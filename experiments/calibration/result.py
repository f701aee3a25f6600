"""What a calibration found: parameter sets, how each meets the targets, and which are ruled out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.priors import Prior
    from experiments.calibration.targets import Target, Targets
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["CUTOFF", "Calibration", "TargetFit"]

CUTOFF = 3.0
"""Implausibility above which a parameter set is ruled out (Pukelsheim's three-sigma rule)."""


@dataclass(frozen=True, slots=True)
class TargetFit:
    """How a calibration meets one target.

    Attributes
    ----------
    target
        The target.
    simulated
        Its statistic as the best member simulates it.
    inside
        Whether that lies in the target's range.
    members_inside
        Share of all members of which the same is true.
    """

    target: Target
    simulated: float
    inside: bool
    members_inside: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """An ensemble of parameter sets and how each meets the targets.

    Attributes
    ----------
    priors, targets
        What could move, and what was aimed at.
    places
        Where the members lie on the unbounded scale of their priors, shape (members + 1, parameters). The first is
        the mean of the others.
    statistics
        What they simulate, shape (members, targets).
    first_places
        The members drawn from the prior.
    base
        The setting all of them share but for the calibrated parameters.
    """

    priors: tuple[Prior, ...]
    targets: Targets
    places: Array
    statistics: Array
    first_places: Array
    base: Parameters

    @property
    def implausibility(self) -> Array:
        """Largest distance to a target of each member, in standard deviations, shape (members,)."""
        distance = np.abs(self.statistics - self.targets.values) / self.targets.sds
        largest: Array = np.nan_to_num(distance, nan=np.inf).max(axis=1)
        return largest

    @property
    def not_ruled_out(self) -> NDArray[np.bool_]:
        """Which members are within `CUTOFF` of every target."""
        near: NDArray[np.bool_] = self.implausibility <= CUTOFF
        return near

    @property
    def best(self) -> int:
        """The most central member among those with most targets inside their ranges: the mean, if it is one.

        Central is what lies nearest the ensemble's mean, parameter by parameter in its standard deviations: a set
        that meets the targets by extremes would predict badly.
        """
        inside = self.targets.inside(self.statistics).sum(axis=1)
        from_mean = (self.places - self.places.mean(axis=0)) / self.places.std(axis=0)
        return int(np.lexsort(((from_mean**2).sum(axis=1), -inside))[0])

    def values(self, member: int) -> dict[str, float]:
        """Return the calibrated parameters of a member, to four significant digits."""
        return {
            prior.name: float(f"{prior.value(self.places[member, i]):.4g}")
            for i, prior in enumerate(self.priors)
        }

    def fits(self) -> tuple[TargetFit, ...]:
        """Return how the best member meets each target, and how many members meet it."""
        inside = self.targets.inside(self.statistics)
        return tuple(
            TargetFit(
                target=target,
                simulated=float(self.statistics[self.best, place]),
                inside=bool(inside[self.best, place]),
                members_inside=float(inside[:, place].mean()),
            )
            for place, target in enumerate(self.targets.rows)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        return {
            "members": len(self.places),
            "not_ruled_out": int(self.not_ruled_out.sum()),
            "values": self.values(self.best),
            "intervals": self.intervals(),
            "identifiability": self.identifiability(),
            "targets": [
                {
                    "id": fit.target.id,
                    "low": fit.target.low,
                    "high": fit.target.high,
                    "simulated": fit.simulated,
                    "inside": fit.inside,
                    "members_inside": fit.members_inside,
                }
                for fit in self.fits()
            ],
        }

    def identifiability(self) -> dict[str, float]:
        """Return how much of each parameter's prior variance the targets removed: 0 nothing, 1 all.

        Computed over the members that are not ruled out; near 0 means that the facts do not pin it down.
        """
        shrunk = 1.0 - self._plausible().var(axis=0) / self.first_places.var(axis=0)
        return {p.name: float(np.clip(shrunk[i], 0.0, 1.0)) for i, p in enumerate(self.priors)}

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return the range of each parameter among the members that are not ruled out."""
        tail = 0.5 * (1.0 - level)
        low, high = np.quantile(self._plausible(), [tail, 1.0 - tail], axis=0)
        return {
            p.name: (float(p.value(low[i])), float(p.value(high[i])))
            for i, p in enumerate(self.priors)
        }

    def _plausible(self) -> Array:
        """Return the places of the members that are not ruled out; or of all, where too few are left."""
        chosen = self.not_ruled_out
        return self.places[chosen] if chosen.sum() > 2 else self.places
