"""One axis of a sweep: a parameter and the values it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.addresses.parameter_controls import label, words_of
from experiments.design.factor_values import grid_levels
from experiments.design.factors import Levels, Range
from experiments.design.parameter_space import model_space
from experiments.quantities.writing import count as written
from simulation.errors import AllianceError, unknown_name, whole_number
from simulation.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    from experiments.design.value import Scalar

__all__ = ["MOST_LEVELS", "SweepAxis"]

MOST_LEVELS = 60
"""Values of one axis."""


@dataclass(frozen=True, slots=True)
class SweepAxis:
    """One parameter and the values it takes.

    Attributes
    ----------
    parameter
        Its name.
    low, high
        Ends of a range of numbers, both included; the parameter's own bounds if left out.
    count
        Evenly spaced values; whole numbers are rounded, and each is taken once.
    values
        The values themselves, in place of a range: words of a choice, ``False`` and ``True``. If left out where
        the parameter takes words or is a switch, all that a page can take: no network that is read from a file.

    Raises
    ------
    AllianceError
        For a parameter that does not exist, ends in the wrong order or out of bounds, too few or too many values.
    """

    parameter: str
    low: float | None = None
    high: float | None = None
    count: int = 9
    values: tuple[Scalar, ...] = ()

    def __post_init__(self) -> None:
        if self.parameter not in PARAMETERS:
            raise unknown_name(
                self.parameter, "a parameter", PARAMETERS, see="See: alliance explain"
            )
        whole_number("count", self.count, 2, MOST_LEVELS)
        for end in (self.low, self.high):
            if end is not None and not _is_number(end):
                raise AllianceError(
                    f"{self.parameter} from {self.low} to {self.high} is not allowed: give two numbers."
                )
        levels = self.levels
        if not 2 <= len(levels) <= MOST_LEVELS:
            raise AllianceError(
                f"{self.parameter} takes {written(len(levels), 'value')} here: choose from 2 to {MOST_LEVELS}."
            )

    @property
    def row(self) -> Parameter:
        """The parameter's row of the table."""
        return PARAMETERS[self.parameter]

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.row.kind in {"number", "integer"}

    @property
    def factor(self) -> Levels | Range:
        """The axis as a study says it."""
        if self.values:
            return Levels(values=self.values)
        row = self.row
        if row.kind == "switch":
            return Levels(values=(False, True))
        if row.kind == "choice":
            return Levels(values=words_of(row))
        low, high = self.low if self.low is not None else row.low, self.high
        high = high if high is not None else row.high
        if low is None or high is None or not low < high:
            raise AllianceError(
                f"{self.parameter} from {low:g} to {high:g} is not allowed: the first must be below the second."
            )
        # The ends as they are given: else a value between them, which nobody wrote, would be complained of.
        for end in (low, high):
            model_space().checked(self.parameter, end)
        if row.kind == "integer":
            steps = (low + (high - low) * place / (self.count - 1) for place in range(self.count))
            return Levels(values=tuple(sorted({math.floor(step + 0.5) for step in steps})))
        return Range(low=float(low), high=float(high), points=self.count)

    @property
    def levels(self) -> tuple[Scalar, ...]:
        """The values, in order; exactly those of the study."""
        return grid_levels(self.parameter, self.factor, model_space())

    @property
    def label(self) -> str:
        """The parameter with its unit, for an axis."""
        unit = self.row.named_unit
        return label(self.parameter) + (f" ({unit})" if unit else "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
