"""Sensitivity: which parameters an outcome depends on, how surely, and whether the sample suffices.

SALib computes the indices of Sobol and Morris. A study gives the mean over replicates of every point; under common
random numbers the luck is the same at every point, so the indices describe the parameters, for this
luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.design.value import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from experiments.design.sampling import Morris, Saltelli

__all__ = ["LEADING", "Effect", "Method", "Sensitivity", "morris", "pawn", "sobol"]

Method = Literal["sobol", "morris", "pawn"]

LEADING: Mapping[Method, str] = MappingProxyType(
    {"sobol": "total", "morris": "mu_star", "pawn": "median"}
)
"""The measure of each method that says how much a factor does."""

RESAMPLES = 200
PAWN_RESAMPLES = 30
"""Fewer, since PAWN is slow."""

SLIDES = 10
"""Conditioning intervals of PAWN (Pianosi & Wagener 2018)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One measure of one factor, or of two factors together, with its 95 % interval."""

    factor: str
    measure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a method found about one outcome.

    Attributes
    ----------
    method
        ``sobol``, ``morris`` or ``pawn``.
    outcome
        Name of the outcome.
    points
        Points of the design used.
    effects
        The measures, factor by factor.
    converged
        Whether half the sample says the same: every main measure within the interval of the whole.
    note
        What to know when reading it.
    """

    method: Method
    outcome: str
    points: int
    effects: tuple[Effect, ...]
    converged: bool
    note: str

    def main(self, measure: str | None = None) -> dict[str, float]:
        """Return factor to value of one measure (the leading one if not said), largest first."""
        wanted = measure or LEADING[self.method]
        found = {effect.factor: effect.value for effect in self.effects if effect.measure == wanted}
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def sobol(design: Saltelli, values: NDArray[np.float64], outcome: str = "outcome") -> Sensitivity:
    """Compute first-order and total Sobol indices, and second-order ones where the design allows.

    Parameters
    ----------
    design
        The design the values come from.
    values
        The outcome at every point, shape (points,), in the order of the design.

    Raises
    ------
    StudyError
        If a value is missing, or the outcome never changes.
    """
    _complete(values, outcome)
    whole = _sobol_indices(design, values)
    half = _sobol_indices(design, values[: len(values) // 2])
    effects = []
    for measure, key in (("first", "S1"), ("total", "ST")):
        effects += [
            _effect(name, measure, value, conf)
            for name, value, conf in zip(
                design.factors, whole[key], whole[f"{key}_conf"], strict=True
            )
        ]
    if design.second_order:
        names = list(design.factors)
        effects += [
            _effect(f"{names[i]} × {names[j]}", "second", whole["S2"][i, j], whole["S2_conf"][i, j])
            for i in range(len(names))
            for j in range(i + 1, len(names))
        ]
    shifts = np.abs(half["ST"] - whole["ST"])
    converged = bool(np.all(shifts <= np.maximum(half["ST_conf"], 0.02)))
    narrow = bool(np.max(whole["ST_conf"]) <= 0.1)
    note = (
        "Half the sample gives the same total indices, and their intervals are narrow."
        if converged and narrow
        else "Not yet certain: intervals are wide or half the sample differs; "
        "double the base of the design."
    )
    return Sensitivity("sobol", outcome, len(values), tuple(effects), converged and narrow, note)


def morris(design: Morris, values: NDArray[np.float64], outcome: str = "outcome") -> Sensitivity:
    """Screen factors by elementary effects (Morris 1991; Campolongo, Cariboni & Saltelli 2007).

    `mu_star` says how much a factor does, `sigma` how unevenly.

    Raises
    ------
    StudyError
        If a value is missing, or the outcome never changes.
    """
    from SALib.analyze import morris as salib

    _complete(values, outcome)
    unit = design.unit()

    def analysed(trajectories: int) -> dict[str, NDArray[np.float64]]:
        rows = trajectories * (len(design.factors) + 1)
        found = salib.analyze(
            design.problem(),
            unit[:rows],
            values[:rows],
            num_resamples=RESAMPLES,
            num_levels=design.levels,
            seed=1,
        )
        return {
            key: np.asarray(found[key], dtype=np.float64)
            for key in ("mu", "mu_star", "sigma", "mu_star_conf")
        }

    whole, half = analysed(design.trajectories), analysed(max(2, design.trajectories // 2))
    effects: list[Effect] = []
    for place, name in enumerate(design.factors):
        effects += [
            _effect(name, "mu_star", whole["mu_star"][place], whole["mu_star_conf"][place]),
            Effect(name, "mu", float(whole["mu"][place]), np.nan, np.nan),
            Effect(name, "sigma", float(whole["sigma"][place]), np.nan, np.nan),
        ]
    shifts = np.abs(half["mu_star"] - whole["mu_star"])
    converged = bool(
        np.all(shifts <= np.maximum(half["mu_star_conf"], 0.05 * whole["mu_star"].max()))
    )
    note = (
        "Half the trajectories give the same picture."
        if converged
        else "Half the trajectories give another picture; use more."
    )
    return Sensitivity("morris", outcome, len(values), tuple(effects), converged, note)


def pawn(
    factors: tuple[str, ...],
    unit: NDArray[np.float64],
    values: NDArray[np.float64],
    outcome: str = "outcome",
) -> Sensitivity:
    """Compute PAWN indices: how far the whole distribution of the outcome moves with a factor.

    It suits skewed outcomes and any sample. A factor that does nothing still shows a small index,
    so a dummy factor is analysed with the others; what stays below it cannot be distinguished from nothing.

    Parameters
    ----------
    factors
        Names.
    unit
        Where each point lies in each factor, shape (points, factors).
    values
        The outcome at every point, shape (points,).
    """
    _complete(values, outcome)
    draw = np.random.default_rng(1)
    names = (*factors, "dummy")
    with_dummy = np.column_stack([unit, draw.permutation(len(values)) / len(values)])
    whole = _pawn_medians(with_dummy, values)
    rows = draw.integers(len(values), size=(PAWN_RESAMPLES, len(values)))
    resampled = np.array([_pawn_medians(with_dummy[row], values[row]) for row in rows])
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    effects = tuple(
        Effect(
            name,
            "median",
            float(whole[place]),
            float(min(low[place], whole[place])),
            float(max(high[place], whole[place])),
        )
        for place, name in enumerate(names)
    )
    half = _pawn_medians(with_dummy[::2], values[::2])
    converged = bool(np.all(np.abs(half - whole)[:-1] <= np.maximum((high - low)[:-1], 0.05)))
    note = "Factors below the dummy cannot be distinguished from nothing."
    return Sensitivity("pawn", outcome, len(values), effects, converged, note)


def _sobol_indices(design: Saltelli, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    from SALib.analyze import sobol as salib

    found = salib.analyze(  # type: ignore[no-untyped-call]
        design.problem(),
        values,
        calc_second_order=design.second_order,
        num_resamples=RESAMPLES,
        seed=1,
    )
    return {key: np.asarray(found[key], dtype=np.float64) for key in found if key is not None}


def _pawn_medians(unit: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each factor's median over its slides of how far the outcome there is from the outcome as a whole.

    SALib's own leaves out the highest value of a factor, and with it a whole level.
    """
    from scipy.stats import ks_2samp

    return np.array(
        [
            np.median(
                [
                    ks_2samp(values[slide], values, method="asymp").statistic
                    for slide in _slides(column)
                ]
            )
            for column in unit.T
        ]
    )


def _slides(column: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    """Return who lies in each slide of a factor: in a level if there are few, else in an interval of equal share."""
    count = min(SLIDES, max(2, len(column) // 10))
    levels = np.unique(column)
    if len(levels) <= count:
        return [column == level for level in levels]
    inner = np.unique(np.quantile(column, np.arange(1, count) / count))
    place = np.searchsorted(inner, column, side="right")
    return [place == each for each in np.unique(place)]


def _effect(factor: str, measure: str, value: float, half: float) -> Effect:
    return Effect(factor, measure, float(value), float(value - half), float(value + half))


def _complete(values: NDArray[np.float64], outcome: str) -> None:
    missing, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
    if missing or infinite:
        counts = {"missing": missing, "infinite": infinite}
        said = " and ".join(f"{word} at {count:,}" for word, count in counts.items() if count)
        raise StudyError(
            f"{outcome} is {said} of {len(values):,} points, and sensitivity needs a number at every point; "
            "finish the study, or narrow the factors so that no point fails."
        )
    if len(values) == 0 or np.ptp(values) == 0:
        raise StudyError(f"{outcome} is the same at every point, so no factor can explain it.")
