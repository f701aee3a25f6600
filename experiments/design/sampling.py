"""Designs that sample a space of factors: Latin hypercube, Sobol, Saltelli, Morris."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from experiments.design.design_points import DesignPoints, SampledPoints
from experiments.design.factor_values import spread
from experiments.design.factors import Factor, Levels, Range
from experiments.design.parameter_space import LAYER, Column
from experiments.design.value import StudyError, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.parameter_space import ParameterSpace

__all__ = [
    "Factors",
    "LatinHypercube",
    "Morris",
    "Saltelli",
    "SampledDesign",
    "Sobol",
    "columns_of",
]

Factors = Annotated[dict[str, Factor], Field(min_length=1)]
"""Parameter to what it is varied over; at least one."""


MOST_POINTS = 1_000_000
"""That a sampled design may draw; all of them are in memory."""


class SampledDesign(Value):
    """A design that draws points on the unit cube and maps them to the factors."""

    factors: Factors
    seed: int = Field(default=1, ge=0)

    @abstractmethod
    def unit(self) -> NDArray[np.float64]:
        """Return the points on the unit cube, shape (points, factors)."""

    def points(self, space: ParameterSpace) -> DesignPoints:
        """Return the sample, mapped to the factors and typed as their parameters are."""
        unit = self.unit()
        for place, (name, factor) in enumerate(self.factors.items()):
            spread(name, factor, space, unit[:0, place])
        return SampledPoints(unit, self.factors, space, columns_of(self.factors, space))

    def problem(self) -> dict[str, Any]:
        """Return the factors as SALib describes them, on the unit cube."""
        count = len(self.factors)
        return {"num_vars": count, "names": list(self.factors), "bounds": [[0.0, 1.0]] * count}


class LatinHypercube(SampledDesign):
    """`size` points that fill every margin evenly (McKay, Beckman & Conover 1979)."""

    kind: Literal["latin_hypercube"] = "latin_hypercube"
    size: int = Field(ge=1, le=MOST_POINTS)

    def unit(self) -> NDArray[np.float64]:
        from scipy.stats import qmc

        sampler = qmc.LatinHypercube(len(self.factors), rng=self.seed)
        return sampler.random(self.size)


class Sobol(SampledDesign):
    """`size` points of a scrambled Sobol sequence, evenly filling the space.

    A power of two (Sobol 1967).
    """

    kind: Literal["sobol"] = "sobol"
    size: int = Field(ge=2, le=MOST_POINTS)

    @model_validator(mode="after")
    def _balanced(self) -> Self:
        _need_power_of_two("size", self.size)
        return self

    def unit(self) -> NDArray[np.float64]:
        from scipy.stats import qmc

        return qmc.Sobol(len(self.factors), scramble=True, rng=self.seed).random(self.size)


class Saltelli(SampledDesign):
    """The points that Sobol indices are computed from (Saltelli 2002; Saltelli et al. 2010).

    Attributes
    ----------
    base
        Size of the two base samples; a power of two. The design has base × (factors + 2) points, or
        base × (2 × factors + 2) with `second_order`.
    """

    kind: Literal["saltelli"] = "saltelli"
    base: int = Field(ge=2, le=MOST_POINTS)
    second_order: bool = False

    @model_validator(mode="after")
    def _balanced(self) -> Self:
        _need_power_of_two("base", self.base)
        return self

    def unit(self) -> NDArray[np.float64]:
        import numpy as np
        from SALib.sample import sobol

        drawn = sobol.sample(
            self.problem(), self.base, calc_second_order=self.second_order, seed=self.seed
        )
        return np.asarray(drawn, dtype=np.float64)


class Morris(SampledDesign):
    """Trajectories that move one factor at a time, to screen many factors cheaply (Morris 1991)."""

    kind: Literal["morris"] = "morris"
    trajectories: int = Field(ge=2, le=MOST_POINTS)
    levels: int = Field(default=4, ge=2, le=1000)

    @model_validator(mode="after")
    def _even(self) -> Self:
        if self.levels % 2:
            raise StudyError(
                f"levels = {self.levels} is odd; Morris trajectories need an even number."
            )
        return self

    def unit(self) -> NDArray[np.float64]:
        import numpy as np
        from SALib.sample import morris

        drawn: Any = morris.sample(  # type: ignore[attr-defined]
            self.problem(), self.trajectories, num_levels=self.levels, seed=self.seed
        )
        return np.asarray(drawn, dtype=np.float64)


def columns_of(factors: dict[str, Levels | Range], space: ParameterSpace) -> dict[str, Column]:
    """Return the type of the column of each factor."""
    columns = {}
    for name, factor in factors.items():
        column = space.column(name)
        if column.kind == LAYER and isinstance(factor, Levels):
            column = Column(LAYER, tuple(str(level) for level in factor.values))
        columns[name] = column
    return columns


def _need_power_of_two(name: str, value: int) -> None:
    if value & (value - 1):
        below = 1 << (value.bit_length() - 1)
        raise StudyError(
            f"{name} = {value} is not a power of two, which keeps a Sobol sequence balanced; "
            f"choose {below} or {2 * below}."
        )
