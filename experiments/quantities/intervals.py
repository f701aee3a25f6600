"""How sure a number is: the one place in which intervals are computed.

A mean gets Student's t, a share Wilson's interval, a statistic of many clinics the spread of its parts, a survival
curve Greenwood's variance on the log-log scale. All are 95 % intervals unless another confidence is given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.estimate import Estimate, Estimates

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = [
    "CHANCE_ALONE",
    "CONFIDENCE",
    "difference_of_shares",
    "error_behind",
    "from_parts",
    "mean_of",
    "means_from_variance",
    "means_of_stretches",
    "normal_quantile",
    "normal_scores",
    "share_of",
    "shares_of",
    "survival_interval",
    "t_interval",
    "t_intervals",
    "t_quantile",
    "t_quantiles",
]

CONFIDENCE = 0.95

CHANCE_ALONE = "Intervals hold chance alone: other random numbers, not other parameters or clinics."
"""What is said where clinics of one setting are simulated; those of an ensemble say what they hold."""

STANDARD_ERRORS = 1.959963984540054
STUDENT = (
    *(12.706204736174694, 4.302652729749462, 3.1824463052837078),
    *(2.7764451051977934, 2.5705818356363146, 2.4469118511449786),
    *(2.364624251592784, 2.306004135204166, 2.262157162798205),
    *(2.228138851986274, 2.200985160091639, 2.1788128296672284),
    *(2.1603686564627913, 2.144786687917804, 2.131449545559776),
    *(2.1199052992212546, 2.1098155778333156, 2.1009220402410382),
    2.0930240544083087,
)
"""For `CONFIDENCE`, of the normal distribution and of Student's with 1 to 19 degrees of freedom, as SciPy has
them: to import it for these alone, as intervals from ten batches or twenty groups need them, takes longer than all
statistics of a long file do."""


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors a normal interval reaches to each side."""
    if confidence == CONFIDENCE:
        return STANDARD_ERRORS
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))


def error_behind(low: float, high: float) -> float:
    """Return the standard error behind the ends of a 95 % interval of a normal estimate; nan for none."""
    return (high - low) / (2.0 * normal_quantile())


def t_quantile(freedom: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors Student's interval reaches to each side; normal where freedom has no end."""
    if math.isinf(freedom):
        return normal_quantile(confidence)
    if confidence == CONFIDENCE and freedom in range(1, len(STUDENT) + 1):
        return STUDENT[int(freedom) - 1]
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + confidence / 2))


def t_quantiles(freedom: Floats, confidence: float = CONFIDENCE) -> Floats:
    """Return how many standard errors each interval reaches to each side: normal where freedom has no end."""
    from scipy.special import stdtrit

    finite = np.isfinite(freedom)
    student = stdtrit(np.where(finite, freedom, 1.0), 0.5 + confidence / 2)
    reach: Floats = np.where(finite, student, normal_quantile(confidence))
    return np.where(np.isnan(freedom), np.nan, reach)


def normal_scores(shares: ArrayLike) -> Floats:
    """Return where so large shares of the normal distribution end."""
    from scipy.special import ndtri

    scores: Floats = ndtri(np.asarray(shares, dtype=np.float64))
    return scores


def t_interval(value: float, error: float, freedom: int) -> Estimate:
    """Return a value with Student's interval around it; none with less than one degree of freedom.

    Parameters
    ----------
    value, error
        The estimate and its standard error.
    freedom
        Degrees of freedom of the standard error.
    """
    if freedom < 1:
        return Estimate(value)
    half = t_quantile(freedom) * error
    return Estimate(value, value - half, value + half)


def t_intervals(value: Floats, error: Floats, freedom: ArrayLike) -> Estimates:
    """Return values with Student's intervals around them; parameters as for `t_interval`."""
    from scipy.special import stdtrit

    degrees = np.asarray(freedom, dtype=np.float64)
    quantile = stdtrit(np.maximum(degrees, 1.0), 0.5 + CONFIDENCE / 2)
    half = np.where(degrees >= 1.0, quantile * error, np.nan)
    return Estimates(value, value - half, value + half)


def mean_of(values: ArrayLike) -> Estimate:
    """Return the mean of values that are independent; what is not finite is left out."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not known.size:
        return Estimate(np.nan)
    return from_parts(float(known.mean()), known)


def from_parts(value: float, parts: ArrayLike) -> Estimate:
    """Return a statistic of a whole with the interval that the same statistic in its parts gives.

    The spread of parts of equal size gives the standard error of the whole (batch means; Law 2015, *Simulation
    Modeling and Analysis*, 5th ed.). Parts in which it is not defined (NaN) are left out.
    """
    known = np.asarray(parts, dtype=np.float64)
    known = known[np.isfinite(known)]
    if known.size < 2:
        return Estimate(value)
    return t_interval(value, float(known.std(ddof=1) / np.sqrt(known.size)), known.size - 1)


def means_from_variance(mean: Floats, variance: Floats, number: Counts) -> Estimates:
    """Return means with intervals, from the variance (n - 1) and the number of the values behind each."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return t_intervals(mean, np.sqrt(variance / number), number - 1)


def means_of_stretches(
    values: Floats, starts: NDArray[np.intp], counts: NDArray[np.intp]
) -> tuple[Estimates, Floats]:
    """Return the mean of each stretch of values, and the standard deviation in it.

    Parameters
    ----------
    values
        One stretch after the other; NaN is left out.
    starts, counts
        Where each stretch begins, and its length, at least 1.
    """
    known = ~np.isnan(values)
    number = np.add.reduceat(known.astype(np.float64), starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.add.reduceat(np.where(known, values, 0.0), starts) / number
        away = np.where(known, values - np.repeat(mean, counts), 0.0)
        deviation = np.sqrt(np.add.reduceat(away**2, starts) / np.maximum(number - 1, 0))
        return t_intervals(mean, deviation / np.sqrt(number), number - 1), deviation


def shares_of(part: ArrayLike, whole: ArrayLike) -> Estimates:
    """Return shares, NaN of nobody, with Wilson's intervals (1927, J Am Stat Assoc 22: 209-212).

    A share of 0 or 1 has an interval too: that nobody of a few dropped out does not show that nobody would.
    """
    z2 = normal_quantile() ** 2
    n = np.asarray(whole, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.asarray(part, dtype=np.float64) / n
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * share * (1 - share) / n + z2 * z2 / (4 * n * n)) / (1 + z2 / n)
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    # Rounding may put an end of 0 or 1 on the wrong side of the share itself.
    return Estimates(share, np.minimum(low, share), np.maximum(high, share))


def share_of(part: int, whole: int) -> Estimate:
    """Return a share with Wilson's interval; as `shares_of`."""
    return shares_of(np.array([part]), np.array([whole]))[0]


def difference_of_shares(one: Estimate, other: Estimate) -> Estimate:
    """Return how far one share lies above another, from the Wilson intervals of both.

    Newcombe 1998, Statistics in Medicine 17: 873-890, method 10.
    """
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    value = one.value - other.value
    return Estimate(value, value - below, value + above)


def survival_interval(staying: Floats, events: Counts, at_risk: Counts) -> Estimates:
    """Return a Kaplan-Meier curve with intervals: Greenwood's variance on the log-log scale.

    On that scale an interval stays between 0 and 1 (Kalbfleisch & Prentice 2002, *The Statistical Analysis of
    Failure Time Data*). Where everybody or nobody is left there is no width.

    Parameters
    ----------
    staying
        The curve, after each time.
    events, at_risk
        Who ended at each time, and of how many.
    """
    inside = (staying > 0) & (staying < 1)
    left = at_risk - events
    terms = np.where(left > 0, events / np.maximum(at_risk * left, 1), 0.0)
    log = np.log(np.where(inside, staying, 0.5))
    half = normal_quantile() * np.sqrt(np.cumsum(terms)) / -log
    low = np.where(inside, np.exp(log * np.exp(half)), staying)
    high = np.where(inside, np.exp(log * np.exp(-half)), staying)
    return Estimates(staying, low, high)
