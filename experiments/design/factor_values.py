"""From a factor to the values it takes, typed as its parameter is."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.factors import Levels, Range
from experiments.design.value import Scalar, StudyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.design.parameter_space import ParameterSpace

__all__ = ["grid_levels", "spread"]


def grid_levels(name: str, factor: Levels | Range, space: ParameterSpace) -> tuple[Scalar, ...]:
    """Return the levels of a factor, typed as its parameter is.

    Evenly spaced values are computed exactly and rounded once, so 0.2:0.8:7 holds 0.3 and not
    0.30000000000000004. Whole-number parameters refuse steps that are not whole.

    Raises
    ------
    AllianceError
        For unknown names, values out of bounds, a range without points.
    """
    if isinstance(factor, Levels):
        levels = tuple(space.checked(name, value) for value in factor.values)
        if len(set(levels)) < len(levels):
            raise StudyError(
                f"{name} is given the same value twice: {', '.join(map(str, levels))}."
            )
        return levels
    kind = space.column(name).kind
    if kind not in {"number", "integer"}:
        raise StudyError(f"{name} takes words, not a range; write its values: {name}=a,b,c.")
    if factor.points is None:
        raise StudyError(
            f"{name} needs a number of points: {name}={factor.low:g}:{factor.high:g}:5."
        )
    steps = factor.points - 1
    if factor.scale == "log":
        ratio = math.log(factor.high / factor.low) / steps
        inner = [factor.low * math.exp(ratio * step) for step in range(1, steps)]
        values: list[float] = [factor.low, *inner, factor.high]
    else:
        low, high = Fraction(repr(factor.low)), Fraction(repr(factor.high))
        exact = [low + (high - low) * step / steps for step in range(factor.points)]
        if kind == "integer" and any(value.denominator != 1 for value in exact):
            raise StudyError(
                f"{name} is a whole number and {factor.low:g}:{factor.high:g}:{factor.points} "
                "has values "
                f"between whole numbers; choose other points, or write the values: {name}=a,b,c."
            )
        values = [float(value) for value in exact]
    return tuple(space.checked(name, value) for value in values)


def spread(
    name: str, factor: Levels | Range, space: ParameterSpace, unit: NDArray[np.float64]
) -> list[Scalar]:
    """Map numbers on [0, 1] to values of a factor, each level or whole number equally likely.

    Parameters
    ----------
    unit
        Shape (points,), what a sampler drew.
    """
    if isinstance(factor, Levels):
        levels = grid_levels(name, factor, space)
        places = np.minimum((unit * len(levels)).astype(int), len(levels) - 1)
        return [levels[place] for place in places]
    kind = space.column(name).kind
    if kind not in {"number", "integer"}:
        raise StudyError(f"{name} takes words, not a range; write its values: {name}=a,b,c.")
    low, high = space.checked(name, factor.low), space.checked(name, factor.high)
    if kind == "integer":
        count = int(high) - int(low) + 1
        whole = int(low) + np.minimum((unit * count).astype(int), count - 1)
        return [int(value) for value in whole]
    if factor.scale == "log":
        drawn = factor.low * np.exp(unit * math.log(factor.high / factor.low))
    else:
        drawn = factor.low + unit * (factor.high - factor.low)
    return [float(value) for value in np.clip(drawn, factor.low, factor.high)]
