"""The fit itself: an ensemble moved towards its targets, resumable and the same bits every time."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.validation.seeds import FITTING_SEED
from simulation.errors import AllianceError
from simulation.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from experiments.calibration.priors import Prior
    from experiments.calibration.targets import Target, Targets
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = [
    "CUTOFF",
    "FITTING_SEED",
    "Calibration",
    "TargetFit",
    "calibrate",
    "simulated_statistics",
]

CUTOFF = 3.0
"""Implausibility above which a parameter set is ruled out (Pukelsheim's three-sigma rule)."""

MEMBERS = 96
STEPS = 5
STUDIES = 100
CLIENTS = 60


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


def simulated_statistics(
    parameters: Parameters,
    targets: Targets,
    *,
    seed: int = FITTING_SEED,
    studies: int = STUDIES,
    threads: int | None = None,
) -> Array:
    """Simulate many studies of a setting and compute the targets' statistics, shape (targets,)."""
    from experiments.statistics import Tables
    from simulation.running import simulate

    result = simulate(parameters, seed=seed, replicates=studies, histories=True, threads=threads)
    return targets.compute(Tables(result.clients, result.sessions, result.therapists))


def study_size(parameters: Parameters, clients: int = CLIENTS) -> Parameters:
    """Return the setting with as many clients as a study has, and therapists in proportion."""
    therapists = max(2, round(parameters.therapists * clients / parameters.clients))
    arrivals = parameters.arrivals_per_week * clients / parameters.clients
    return parameters.replace(clients=clients, therapists=therapists, arrivals_per_week=arrivals)


def calibrate(
    base: Parameters,
    priors: tuple[Prior, ...],
    targets: Targets,
    *,
    seed: int = 1,
    members: int = MEMBERS,
    steps: int = STEPS,
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
    seed
        Seed of the ensemble; all simulations share `FITTING_SEED`.
    members, steps
        Size of the ensemble, and how many times it is moved. It is simulated ``steps + 1`` times.
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
    rng = np.random.default_rng(seed)
    run = simulator or _default_simulator(targets)
    stored = _StoredSteps(directory, _identity(base, priors, targets, seed, members, steps))
    centre = np.array([_centre(prior, base) for prior in priors])
    first = centre + rng.standard_normal((members, len(priors)))
    places = first.copy()

    def simulate(step: int) -> Array:
        statistics = stored.load(step)
        if statistics is None:
            settings = [_setting(base, priors, row) for row in places]
            count = (step * members, (steps + 1) * members + 1)
            statistics = _simulate_all(run, settings, workers, progress, *count)
            stored.save(step, statistics)
        return statistics

    for step in range(steps):
        places = _moved(places, simulate(step), targets, steps, rng)
    places = np.vstack([places.mean(axis=0), places])
    return Calibration(priors, targets, places, simulate(steps), first, base)


def _moved(places: Array, statistics: Array, targets: Targets, steps: int, rng: Any) -> Array:
    """Move each member by the ensemble's own regression of places on statistics."""
    sd = targets.sds
    noise = np.sqrt(steps) * rng.standard_normal(statistics.shape)
    found = statistics / sd
    # A statistic that a member cannot give tells nothing about that member: it gets the mean of the others, or the
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
    moved: Array = places + np.linalg.solve(spread, gap.T).T @ gain.T
    return moved


def _significant(p: Array, s: Array) -> Array:
    """Damp correlations that an ensemble of this size shows by chance (Furrer & Bengtsson 2007)."""
    count = len(p) - 1
    scale = np.sqrt((p**2).mean(axis=0))[:, None] * np.sqrt((s**2).mean(axis=0))[None, :]
    r2 = ((p.T @ s / (count + 1)) / np.where(scale > 0, scale, 1.0)) ** 2
    damped: Array = r2 / (r2 + (1.0 + r2) / count)
    return damped


def _centre(prior: Prior, base: Parameters) -> float:
    inside = min(max(float(getattr(base, prior.name)), prior.low), prior.high)
    edge = 0.02 * (prior.high - prior.low)
    return prior.place(min(max(inside, prior.low + edge), prior.high - edge))


def _setting(base: Parameters, priors: tuple[Prior, ...], row: Array) -> Parameters:
    values = {prior.name: float(prior.value(row[i])) for i, prior in enumerate(priors)}
    return base.replace(**values)


def _default_simulator(targets: Targets) -> Callable[[Parameters], Array]:
    def simulator(parameters: Parameters) -> Array:
        return simulated_statistics(study_size(parameters), targets, threads=1)

    return simulator


def _simulate_all(
    run: Callable[[Parameters], Array],
    settings: list[Parameters],
    workers: int | None,
    progress: Callable[[int, int], None] | None,
    done: int,
    of: int,
) -> Array:
    from concurrent.futures import ThreadPoolExecutor

    from simulation.running import available_cores

    rows = []
    with ThreadPoolExecutor(workers or available_cores()) as pool:
        for row in pool.map(run, settings):
            rows.append(row)
            if progress is not None:
                progress(done + len(rows), of)
    return np.array(rows)


def _identity(
    base: Parameters,
    priors: tuple[Prior, ...],
    targets: Targets,
    seed: int,
    members: int,
    steps: int,
) -> dict[str, Any]:
    from simulation.engine.compilation import source_hash

    return {
        "base": base.model_dump(),
        "priors": [[p.name, p.low, p.high] for p in priors],
        "targets": [[t.id, t.low, t.high] for t in targets.rows],
        "seed": seed,
        "members": members,
        "steps": steps,
        "fitting_seed": FITTING_SEED,
        "model_sources": source_hash(),
    }


class _StoredSteps:
    """The folder of a calibration: what it is of, and the statistics of each finished step."""

    def __init__(self, directory: Path | None, identity: dict[str, Any]) -> None:
        self.directory = directory
        if directory is None:
            return
        path = directory / "calibration.json"
        text = json.dumps(identity, indent=1, sort_keys=True)
        if path.exists():
            there = json.loads(path.read_text(encoding="utf-8"))
            differs = [key for key in identity if there.get(key) != json.loads(text)[key]]
            if differs:
                raise AllianceError(
                    f"{directory} holds another calibration (it differs in {', '.join(differs)}). "
                    "Choose another folder, or remove this one."
                )
            return
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AllianceError(f"{directory} cannot be written: {error.strerror}.") from None
        write_whole(path, f"{text}\n".encode())

    def load(self, step: int) -> Array | None:
        """Return the statistics of a finished step, or None."""
        if self.directory is None or not (self.directory / f"step-{step}.npy").exists():
            return None
        statistics: Array = np.load(self.directory / f"step-{step}.npy")
        return statistics

    def save(self, step: int, statistics: Array) -> None:
        """Store the statistics of a step; a half-written file is never taken for a whole one."""
        if self.directory is None:
            return
        content = io.BytesIO()
        np.save(content, statistics)
        write_whole(self.directory / f"step-{step}.npy", content.getvalue())
