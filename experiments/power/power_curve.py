"""Power as a curve: a probit line fitted to shares of significant trials, and the size at which it meets a target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import normal_quantile, share_of
from experiments.quantities.monte_carlo import LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats

__all__ = ["Batch", "PowerCurve", "Scale", "fit_power", "pooled"]

STEPS = 50
SMALL_STEP = 1e-10

Scale = Literal["root", "linear"]
"""On which the probit of power is nearly a line: the root of a sample size, or an effect as it is."""


class Batch(NamedTuple):
    """Trials of one size.

    Attributes
    ----------
    size
        Clients, therapists, clients of a therapist, or an effect.
    trials
        How many could be analysed.
    significant
        In how many of them the analysis found an effect.
    failed
        How many could not be analysed, beside those.
    """

    size: float
    trials: int
    significant: int
    failed: int = 0

    @property
    def power(self) -> Estimate:
        """Share of significant trials, with Wilson's interval."""
        return share_of(self.significant, self.trials)


def pooled(batches: Sequence[Batch]) -> list[Batch]:
    """Return batches with those of one size made one, by size."""
    sizes = sorted({one.size for one in batches})
    alike = [[one for one in batches if one.size == size] for size in sizes]
    return [
        Batch(
            size,
            sum(one.trials for one in group),
            sum(one.significant for one in group),
            sum(one.failed for one in group),
        )
        for size, group in zip(sizes, alike, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class PowerCurve:
    """Probit of power as a line in a size, near the size that is looked for.

    Attributes
    ----------
    scale
        See `Scale`.
    intercept, slope
        Of the line.
    covariance
        Of the two: variance of the intercept, covariance, variance of the slope.
    """

    scale: Scale
    intercept: float
    slope: float
    covariance: tuple[float, float, float]

    def at(self, size: float) -> Estimate:
        """Return the power at a size, with a 95 % interval."""
        place = _place(size, self.scale)
        middle = self.intercept + self.slope * place
        v11, v12, v22 = self.covariance
        reach = normal_quantile() * math.sqrt(max(v11 + 2 * place * v12 + place**2 * v22, 0.0))
        normal = NormalDist()
        return Estimate(normal.cdf(middle), normal.cdf(middle - reach), normal.cdf(middle + reach))

    def size_for(self, power: float) -> Estimate:
        """Return the size at which the line has a power, with Fieller's 95 % interval.

        An end that the trials do not show is nan; so is the size where power does not rise.

        References
        ----------
        Fieller, E. C. (1954). Some problems in interval estimation. *Journal of the Royal Statistical Society B*,
        16, 175-185.
        """
        gap = NormalDist().inv_cdf(power) - self.intercept
        if self.slope <= 0:
            return Estimate(math.nan)
        v11, v12, v22 = self.covariance
        square = normal_quantile() ** 2
        # All places x where (intercept + slope x - target)² is within the square of its error.
        a = self.slope**2 - square * v22
        b = -2 * (gap * self.slope + square * v12)
        c = gap**2 - square * v11
        low = high = math.nan
        if a > 0 and b * b >= 4 * a * c:
            root = math.sqrt(b * b - 4 * a * c)
            low, high = ((-b + sign * root) / (2 * a) for sign in (-1, 1))
        return Estimate(*(_size(place, self.scale) for place in (gap / self.slope, low, high)))


def _place(size: float, scale: Scale) -> float:
    return math.sqrt(size) if scale == "root" else size


def _size(place: float, scale: Scale) -> float:
    if math.isnan(place):
        return math.nan
    return max(place, 0.0) ** 2 if scale == "root" else max(place, 0.0)


def fit_power(batches: Sequence[Batch], scale: Scale) -> PowerCurve:
    """Fit a probit line to batches by Fisher's scoring.

    Without an effect, or with nobody, a test at level alpha has power alpha; of two sides, the probit of the side
    that matters is that of alpha / 2 there. A weak normal prior (standard deviation 1) says so of the intercept: it
    keeps the first rounds from running away and weighs nothing where trials are many. Where power has a ceiling the
    line is right only nearby, so give batches of sizes near the one that is looked for.

    Raises
    ------
    ValueError
        Without any trial.
    """
    there = [one for one in batches if one.trials]
    if not there:
        raise ValueError("There is no trial to fit a power curve to.")
    places = np.array([_place(one.size, scale) for one in there])
    trials = np.array([one.trials for one in there], dtype=np.float64)
    shares = np.array([one.significant for one in there]) / trials
    design = np.column_stack([np.ones_like(places), places])
    normal = NormalDist()
    start = normal.inv_cdf(LEVEL / 2)
    prior = np.array([start, 0.0])
    # The prior of the slope is so wide that it only keeps the matrix regular.
    precision = np.diag([1.0, 1e-6 * places.max() ** 2])
    overall = float(np.clip(shares @ trials / trials.sum(), 0.02, 0.98))
    middle = float(places @ trials / trials.sum())
    line = np.array([start, (normal.inv_cdf(overall) - start) / middle])
    posterior = _penalised(design, trials, shares, line, prior, precision)
    for _ in range(STEPS):
        score, information = _scored(design, trials, shares, line)
        score = score - precision @ (line - prior)
        step = np.linalg.solve(information + precision, score)
        # A step that makes matters worse is halved.
        for _ in range(STEPS):
            new = _penalised(design, trials, shares, line + step, prior, precision)
            if new >= posterior - SMALL_STEP:
                break
            step = step / 2
        line, posterior = line + step, new
        if np.abs(step * [1.0, middle]).max() < SMALL_STEP:
            break
    information = _scored(design, trials, shares, line)[1]
    found = np.linalg.inv(information + precision)
    return PowerCurve(
        scale,
        float(line[0]),
        float(line[1]),
        (float(found[0, 0]), float(found[0, 1]), float(found[1, 1])),
    )


def _powers(design: Floats, line: Floats) -> Floats:
    from scipy.special import ndtr

    powers: Floats = np.clip(ndtr(design @ line), 1e-12, 1 - 1e-12)
    return powers


def _scored(design: Floats, trials: Floats, shares: Floats, line: Floats) -> tuple[Floats, Floats]:
    """Return score and expected information of the two coefficients."""
    power = _powers(design, line)
    density = np.exp(-0.5 * (design @ line) ** 2) / math.sqrt(2 * math.pi)
    weight = trials * density / (power * (1 - power))
    score: Floats = design.T @ (weight * (shares - power))
    information: Floats = (design * (weight * density)[:, None]).T @ design
    return score, information


def _penalised(
    design: Floats, trials: Floats, shares: Floats, line: Floats, prior: Floats, precision: Floats
) -> float:
    power = _powers(design, line)
    likelihood = trials @ (shares * np.log(power) + (1 - shares) * np.log1p(-power))
    away = line - prior
    return float(likelihood - 0.5 * away @ precision @ away)
