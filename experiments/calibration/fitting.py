"""The fit itself: an ensemble moved towards its targets, resumable and the same bits every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.result import Calibration
from experiments.calibration.simulating import simulate_each, simulator_of
from experiments.calibration.smoothing import STANDARD, drawn_from_priors, moved
from experiments.calibration.stored_steps import StoredSteps
from experiments.validation.seeds import FITTING_SEED
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from experiments.calibration.priors import Prior
    from experiments.calibration.smoothing import Ensemble
    from experiments.calibration.targets import Targets
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["calibrate"]


def calibrate(
    base: Parameters,
    priors: tuple[Prior, ...],
    targets: Targets,
    ensemble: Ensemble = STANDARD,
    *,
    directory: Path | None = None,
    simulator: Callable[[Parameters], Array] | None = None,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> Calibration:
    """Fit the parameters in `priors` to `targets`.

    Parameters
    ----------
    base
        The setting that is fitted.
    priors, targets
        What may move, and what it should meet.
    ensemble
        How large the ensemble is, how often it is moved, and its seed.
    directory
        Where finished simulations are stored; the same call resumes from there.
    simulator
        What computes the targets' statistics of a setting; `simulated_statistics` if left out.
    progress
        Called with the simulations done and all of them.
    workers
        Simulations at a time; one a core if left out.

    Raises
    ------
    AllianceError
        If there is nothing to fit, or `directory` holds another calibration.
    """
    if not priors or not len(targets):
        raise AllianceError(
            "There is nothing to calibrate: give at least one parameter and one target."
        )
    rng = np.random.default_rng(ensemble.seed)
    moving = simulator or simulator_of(targets, ensemble.studies)
    last = simulator or simulator_of(targets)
    stored = StoredSteps(directory, _identity(base, priors, targets, ensemble))
    total = (ensemble.steps + 1) * ensemble.members + 1
    first = drawn_from_priors(priors, ensemble.members, rng)

    def statistics_of(places: Array, step: int) -> Array:
        before = stored.load(step)
        if before is not None:
            return before
        rows = []
        run = last if step == ensemble.steps else moving
        for row in simulate_each(run, [_setting(base, priors, one) for one in places], workers):
            rows.append(row)
            if progress is not None:
                progress(step * ensemble.members + len(rows), total)
        statistics = np.array(rows)
        stored.save(step, statistics)
        return statistics

    places = first
    for step in range(ensemble.steps):
        places = moved(places, statistics_of(places, step), targets, ensemble.steps, rng)
    places = np.vstack([places.mean(axis=0), places])
    return Calibration(priors, targets, places, statistics_of(places, ensemble.steps), first, base)


def _setting(base: Parameters, priors: tuple[Prior, ...], row: Array) -> Parameters:
    values = {prior.name: float(prior.value(row[i])) for i, prior in enumerate(priors)}
    return base.replace(**values)


def _identity(
    base: Parameters,
    priors: tuple[Prior, ...],
    targets: Targets,
    ensemble: Ensemble,
) -> dict[str, Any]:
    """Return what makes two calibrations the same."""
    from simulation.engine.cache import source_hash

    return {
        "base": base.model_dump(),
        "priors": [[p.name, p.low, p.high, p.shape] for p in priors],
        "targets": [[t.id, t.low, t.high] for t in targets.rows],
        "seed": ensemble.seed,
        "members": ensemble.members,
        "steps": ensemble.steps,
        "studies": ensemble.studies,
        "fitting_seed": FITTING_SEED,
        "model_sources": source_hash(),
    }
