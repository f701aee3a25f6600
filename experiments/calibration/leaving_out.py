"""How far the model is off: what is expected of each finding by sets that were calibrated without it."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.fitting import calibrate
from experiments.calibration.scales import Scale, on_scale, scale_of
from experiments.calibration.simulated_scales import short, simulated_on_scales
from experiments.calibration.smoothing import Ensemble
from experiments.calibration.targets import Targets
from experiments.catalogue import statistic
from experiments.evidence.reading import fact
from experiments.quantities.intervals import error_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.calibration.priors import Prior
    from experiments.calibration.targets import Target
    from experiments.evidence import Fact
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["discrepancy_of", "discrepancy_of_findings"]

SMALLER = Ensemble(members=128, steps=6, studies=20)
"""The ensemble of a calibration that leaves something out: half as much work as `STANDARD`, twenty times over."""


def discrepancy_of(errors: Array, known: Array) -> float:
    """Return the standard deviation with which errors of left-out findings are most likely.

    Parameters
    ----------
    errors
        What was published less what the sets expect.
    known
        Standard deviation that they are known with anyway: the sets' own, and the published number's.
    """
    from scipy.optimize import minimize_scalar

    def unlikely(sd: float) -> float:
        variance = known**2 + sd**2
        return float((np.log(variance) + errors**2 / variance).sum())

    highest = 3.0 * float(np.abs(errors).max()) + 1e-6
    best = minimize_scalar(unlikely, bounds=(0.0, highest), method="bounded")
    return 0.0 if unlikely(0.0) <= best.fun else float(best.x)


def discrepancy_of_findings(
    base: Parameters, targets: Targets, priors: tuple[Prior, ...]
) -> dict[str, Any]:
    """Return the model's error on each scale, and what was expected of every finding that was left out."""
    by_statistic: dict[tuple[Any, ...], list[Target]] = {}
    for row in targets.rows:
        by_statistic.setdefault((row.statistic_function, row.arguments), []).append(row)
    left_out: dict[str, dict[str, Any]] = {}
    for rows in by_statistic.values():
        left_out |= _left_out(base, targets, priors, rows)
        sys.stderr.write(f"without {', '.join(row.id for row in rows)}\n")
    return {"spreads": _errors_by_scale(left_out), "left_out": left_out}


def _left_out(
    base: Parameters, targets: Targets, priors: tuple[Prior, ...], rows: Sequence[Target]
) -> dict[str, dict[str, Any]]:
    """Calibrate without some targets, all of one statistic, and return what is then expected of them."""
    ids = {row.id for row in rows}
    kept = Targets(tuple(row for row in targets.rows if row.id not in ids))
    found = calibrate(base, priors, kept, SMALLER)
    sets = [base.replace(**found.values(int(m))) for m in np.flatnonzero(found.not_ruled_out)]
    scale = scale_of(statistic(rows[0].statistic_function))
    given = simulated_on_scales(sets, Targets((rows[0],)), [scale])[:, 0]
    given = given[np.isfinite(given)]
    left_out = {}
    for row in rows:
        about = fact(row.id)
        value = row.value if about.value is None else about.value
        left_out[row.id] = {
            "scale": scale,
            "published": short(float(on_scale(np.array([value]), scale)[0])),
            "expected": short(float(given.mean())),
            "sets_differ": short(float(given.std(ddof=1))),
            "published_error": short(_error_of(about, row, scale)),
            "sets": len(given),
        }
    return left_out


def _errors_by_scale(left_out: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return the model's error on each scale, given what was expected of findings that were left out."""
    found = {}
    for scale in sorted({one["scale"] for one in left_out.values()} - {"plain"}):
        rows = [one for one in left_out.values() if one["scale"] == scale]
        errors = np.array([one["published"] - one["expected"] for one in rows])
        known = np.array([math.hypot(one["sets_differ"], one["published_error"]) for one in rows])
        found[scale] = short(discrepancy_of(errors, known))
    return found


def _error_of(about: Fact, row: Target, scale: Scale) -> float:
    """Return how well a finding itself is known, on its scale.

    From its confidence interval; a quarter of the range where no single number was published; else as if exactly, so
    that the discrepancy holds what is not known of it.
    """
    if about.ci_low is not None and about.ci_high is not None:
        low, high = on_scale(np.array([about.ci_low, about.ci_high]), scale)
        return error_behind(float(low), float(high))
    if about.value is not None:
        return 0.0
    low, high = on_scale(np.array([row.low, row.high]), scale)
    return float(high - low) / 4.0
