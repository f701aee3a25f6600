"""How far a simulated value is from the published one: a proper score, which a wide range does not flatter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.quantities.intervals import error_behind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from experiments.validation.results import FactResult

__all__ = ["BEST", "crps_normal", "mean_score", "published_spread", "score"]

BEST = (math.sqrt(2.0) - 1.0) / math.sqrt(math.pi)
"""Score of a simulation that is known without error and hits the published value: 0.234."""


def crps_normal(mean: float, spread: float, observed: float) -> float:
    """Return the continuous ranked probability score of a normal forecast, in units of what is forecast.

    It is the mean distance of the forecast from what is observed, less half its mean distance from itself: 0 for a
    forecast without spread that hits, and never better for one that says something else than it expects (Gneiting and
    Raftery 2007, Journal of the American Statistical Association 102: 359-378).

    Examples
    --------
    >>> round(crps_normal(0.0, 1.0, 0.0), 4), round(crps_normal(0.0, 1.0, 2.0), 4)
    (0.2337, 1.4528)
    """
    z = (observed - mean) / spread
    below = 0.5 * math.erfc(-z / math.sqrt(2.0))
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return spread * (z * (2.0 * below - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))


def published_spread(row: FactResult) -> float:
    """Return the standard deviation that a published value is known with.

    From its 95 % interval where there is one; else from the range that counts as inside, taken as such an interval;
    nan where no single number was published.
    """
    if row.published is None:
        return math.nan
    low, high = row.low, row.high
    if row.published_low is not None and row.published_high is not None:
        low, high = row.published_low, row.published_high
    return error_behind(low, high)


def score(row: FactResult) -> float:
    """Return the score of a finding: that of the simulation's forecast, in SDs of the published value.

    The forecast is normal around the simulated value, with its own error and the published spread. About `BEST` is
    as good as can be; 1 is a value some 1.5 standard deviations off. nan where no single number was published, or
    none could be computed.
    """
    spread = published_spread(row)
    if row.published is None or not (spread > 0.0 and math.isfinite(row.simulated)):
        return math.nan
    error = error_behind(row.simulated_low, row.simulated_high)
    known = error if math.isfinite(error) else 0.0
    return crps_normal(row.simulated, math.hypot(known, spread), row.published) / spread


def mean_score(rows: Iterable[FactResult]) -> float:
    """Return the mean score of those that have one; nan for none."""
    known = [found for row in rows if math.isfinite(found := score(row))]
    return sum(known) / len(known) if known else math.nan
