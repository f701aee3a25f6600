"""What numbers are counted in: their name, what values are possible, and how many decimals are worth showing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from experiments.quantities.writing import NONE, fixed, span
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from experiments.quantities.estimate import Estimate

__all__ = [
    "ANY",
    "CORE_10",
    "CORRELATION",
    "DEVIATIONS",
    "DEVIATIONS_AT_INTAKE",
    "LATENT",
    "LOGITS",
    "NOT_NEGATIVE",
    "PER_SESSION",
    "RATIO",
    "SESSIONS",
    "SHARE",
    "Unit",
    "points_of",
]

ANY = (-math.inf, math.inf)
NOT_NEGATIVE = (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a measure is counted in.

    Attributes
    ----------
    name
        As it stands in tables: ``"CORE-10 points"``.
    range
        Lowest and highest value that is possible: no interval goes beyond.
    step
        What a difference of two values is counted in, as it stands behind a number: ``"points"``; empty where that
        has no name.
    digits
        Decimals worth showing; of a share, those of its percentage.
    percent
        Whether it is a share, written as a percentage.
    on_axis
        As an axis names it, where that is not its name.
    more, less
        What a difference is called: 4 clients ``more`` or ``fewer``.
    """

    name: str
    range: tuple[float, float] = ANY
    step: str = ""
    digits: int = 2
    percent: bool = False
    on_axis: str | None = None
    more: str = "more"
    less: str = "less"

    @property
    def axis(self) -> str:
        """As an axis names it; empty where the axis needs no unit."""
        return self.name if self.on_axis is None else self.on_axis

    @property
    def range_of_differences(self) -> tuple[float, float]:
        """Lowest and highest difference of two values that is possible."""
        low, high = self.range
        return low - high, high - low

    def of_differences(self) -> Unit:
        """Return the unit of what is itself a difference of two values, so that it may go either way."""
        return replace(self, range=self.range_of_differences)

    def rounded(self, digits: int) -> Unit:
        """Return the unit with other decimals."""
        return replace(self, digits=digits)

    def number(self, value: float) -> str:
        """Write a value without its unit, a share as a percentage."""
        text = fixed(100.0 * value if self.percent else value, self.digits)
        return f"{text} %" if self.percent and text != NONE else text

    def estimate(self, found: Estimate) -> str:
        """Write a value with its interval, as far as values are possible: ``31.4 % (28.0 to 35.1)``."""
        shown = found.within(*self.range)
        text = self.number(shown.value)
        if text == NONE or not shown.bounded or shown.width <= 0:
            return text
        low, high = (self.number(end).removesuffix(" %") for end in (shown.low, shown.high))
        return f"{text} ({low} to {high})"


def points_of(column: str, digits: int = 1) -> Unit:
    """Return the points of a questionnaire, by its column in the tables."""
    row = INSTRUMENTS[column]
    short = row.name.partition(" ")[0].rstrip(",")
    return Unit(f"{short}, {row.low} to {row.high}", row.range, digits=digits)


SHARE = Unit("share, 0 to 1", (0.0, 1.0), "percentage points", 1, percent=True, on_axis="")
CORE_10 = Unit(
    "CORE-10 points",
    INSTRUMENTS["core_10"].range,
    "points",
    1,
    on_axis=f"CORE-10, {span(*INSTRUMENTS['core_10'].range)}",
)
SESSIONS = Unit("sessions", NOT_NEGATIVE, "sessions", 1, on_axis="", less="fewer")
PER_SESSION = Unit("per session", NOT_NEGATIVE, "per session", 3)
LATENT = Unit("[0, 1]", (0.0, 1.0), digits=3, on_axis="0 to 1")
LOGITS = Unit("logits", step="logits")
CORRELATION = Unit("r", (-1.0, 1.0), more="higher", less="lower")
DEVIATIONS = Unit("d", step="standard deviations", on_axis="standard deviations")
DEVIATIONS_AT_INTAKE = Unit("SD at intake", step="standard deviations")
RATIO = Unit("ratio", NOT_NEGATIVE)
