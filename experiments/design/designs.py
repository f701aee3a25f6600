"""Designs: which parameter settings a study runs, as small frozen values that can be combined.

Those that sample a space are in `experiments.design.sampling`, those that list points in
`experiments.design.listed_designs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from experiments.design.combined_points import ProductPoints, UnionPoints
from experiments.design.design_points import DesignPoint, DesignPoints, GridPoints, ListedPoints
from experiments.design.factor_values import grid_levels
from experiments.design.listed_designs import Cases, Presets, Table
from experiments.design.sampling import (
    Factors,
    LatinHypercube,
    Morris,
    Saltelli,
    SampledDesign,
    Sobol,
    columns_of,
)
from experiments.design.value import Value

if TYPE_CHECKING:
    from experiments.design.parameter_space import ParameterSpace

__all__ = ["Design", "Grid", "OneAtATime", "Product", "Union", "smaller"]


class Grid(Value):
    """Every combination of the levels of some factors.

    Examples
    --------
    >>> Grid(factors={"empathy": "0.2:0.8:7", "progress_feedback": [False, True]})
    """

    kind: Literal["grid"] = "grid"
    factors: Factors

    def points(self, space: ParameterSpace) -> DesignPoints:
        """Return the points, the last factor changing fastest."""
        levels = {name: grid_levels(name, factor, space) for name, factor in self.factors.items()}
        return GridPoints(levels, columns_of(self.factors, space))


class OneAtATime(Value):
    """The base, then each factor moved through its levels while the others stay at the base."""

    kind: Literal["one_at_a_time"] = "one_at_a_time"
    factors: Factors

    def points(self, space: ParameterSpace) -> DesignPoints:
        """Return the base first, then factor after factor."""
        listed: list[DesignPoint] = [{}]
        for name, factor in self.factors.items():
            listed.extend({name: level} for level in grid_levels(name, factor, space))
        return ListedPoints(listed, columns_of(self.factors, space))


class Product(Value):
    """Every point of each design combined with every point of the others."""

    kind: Literal["product"] = "product"
    designs: tuple[Design, ...] = Field(min_length=1)

    def points(self, space: ParameterSpace) -> DesignPoints:
        """Return the combinations, the last design changing fastest."""
        return ProductPoints([design.points(space) for design in self.designs])


class Union(Value):
    """The points of several designs, one design after the other."""

    kind: Literal["union"] = "union"
    designs: tuple[Design, ...] = Field(min_length=1)

    def points(self, space: ParameterSpace) -> DesignPoints:
        """Return the points of the first design, then of the second, and so on."""
        return UnionPoints([design.points(space) for design in self.designs])


Design = Annotated[
    Grid
    | OneAtATime
    | LatinHypercube
    | Sobol
    | Saltelli
    | Morris
    | Table
    | Presets
    | Cases
    | Product
    | Union,
    Field(discriminator="kind"),
]
"""Any design; in TOML, `kind` says which."""

Product.model_rebuild()
Union.model_rebuild()


SMALL_SIZE = 16


def smaller(design: Design) -> Design:
    """Return a design of the same kind with a small sample; listed points stay as they are."""
    if isinstance(design, Product | Union):
        return design.model_copy(update={"designs": tuple(smaller(one) for one in design.designs)})
    size = {"saltelli": "base", "morris": "trajectories"}.get(design.kind, "size")
    if isinstance(design, SampledDesign):
        return design.model_copy(update={size: min(getattr(design, size), SMALL_SIZE)})
    return design
