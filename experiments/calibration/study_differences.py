"""How much clinics must differ for drawn ones to differ as much as studies were published to differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.between_clinics import ClinicTrait, clinic_apart, declared
from experiments.calibration.scales import Scale, on_scale, scale_of
from experiments.calibration.simulated_scales import short, simulated_on_scales
from experiments.calibration.targets import Target, Targets
from experiments.catalogue import statistic
from experiments.evidence.reading import fact
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.result import Calibration

    Array = NDArray[np.float64]

__all__ = ["expected_range", "fitted_spreads", "published_spreads", "spreads_between_clinics"]

MIDDLES = 24
"""Parameter sets around which traits of a clinic are moved."""

CHECKED = 200
"""Clinics drawn to see what the spreads give back."""


def expected_range(studies: int) -> float:
    """Return how far the least and the most of so many normal draws are apart, in standard deviations.

    Examples
    --------
    >>> round(expected_range(2), 3), round(expected_range(47), 2)
    (1.128, 4.47)
    """
    from scipy.integrate import quad
    from scipy.special import ndtr

    def missing(x: float) -> float:
        p = float(ndtr(x))
        return 1.0 - p**studies - (1.0 - p) ** studies

    return float(quad(missing, -10.0, 10.0)[0])


def published_spreads() -> dict[str, tuple[Scale, float]]:
    """Return by finding the scale and the standard deviation that studies were published to differ by.

    Raises
    ------
    AllianceError
        If a finding is named that may not be fitted.
    """
    found: dict[str, tuple[Scale, float]] = {}
    for one in declared()["published"]:
        about = fact(one["fact"])
        if about.role != "fit":
            raise AllianceError(f"{about.id} is predicted: no number may be set by it.")
        scale = scale_of(statistic(about.statistic_function or ""))
        if "low" in one:
            low, high = on_scale(np.array([one["low"], one["high"]]), scale)
            deviations = expected_range(one["studies"]) if "studies" in one else 4.0
            spread = float(high - low) / deviations
        else:
            assert about.study_spread is not None
            spread = about.study_spread
        found[about.id] = (scale, spread)
    return found


def fitted_spreads(effects: Array, spreads: Array) -> Array:
    """Return the spread of each trait, so that the differences it makes are those published.

    Parameters
    ----------
    effects
        How far a unit of each trait moves each finding, shape (findings, traits).
    spreads
        Standard deviation of each finding between studies.
    """
    from scipy.optimize import nnls

    variances, _ = nnls((effects / spreads[:, None]) ** 2, np.ones(len(spreads)))
    found: Array = np.sqrt(variances)
    return found


def spreads_between_clinics(whole: Calibration) -> dict[str, Any]:
    """Return the spread of every trait, and what it gives back, around parameter sets that a calibration left."""
    traits = tuple(
        ClinicTrait(o["name"], o["meaning"], tuple(o["parameters"]), o["scale"], 1.0)
        for o in declared()["trait"]
    )
    published = published_spreads()
    rows = Targets(tuple(Target.of(fact(name)) for name in published))
    scales = [scale for scale, _ in published.values()]
    spreads = np.array([spread for _, spread in published.values()])
    left = np.flatnonzero(whole.not_ruled_out)[:MIDDLES]
    middles = [whole.base.replace(**whole.values(int(member))) for member in left]
    moved = [
        clinic_apart(middle, traits, {one.name: side if one is trait else 0.0 for one in traits})
        for middle in middles
        for trait in traits
        for side in (-0.5, 0.5)
    ]
    statistics = simulated_on_scales(moved, rows, scales).reshape(
        len(middles), len(traits), 2, len(rows)
    )
    effects = np.nanmean(statistics[:, :, 1] - statistics[:, :, 0], axis=0).T
    found = fitted_spreads(effects, spreads)
    rng = np.random.default_rng(1)
    drawn = [
        clinic_apart(
            middles[i % len(middles)],
            traits,
            {t.name: float(found[k] * rng.standard_normal()) for k, t in enumerate(traits)},
        )
        for i in range(CHECKED)
    ]
    given = simulated_on_scales(drawn, rows, scales)
    of_middle = np.array([given[i :: len(middles)].mean(axis=0) for i in range(len(middles))])
    within = np.array([given[i] - of_middle[i % len(middles)] for i in range(CHECKED)])
    share = 1.0 - len(middles) / CHECKED
    back = np.sqrt(np.nanmean(within**2, axis=0) / share)
    return {
        "spreads": {t.name: short(found[k]) for k, t in enumerate(traits)},
        "studies_differ": {
            name: {"scale": scales[i], "published": short(spreads[i]), "clinics": short(back[i])}
            for i, name in enumerate(published)
        },
    }
