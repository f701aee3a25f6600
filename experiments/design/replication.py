"""Replication: how often each point is run, and what common random numbers save.

Every point of a study uses the same seed and the same replicate numbers. So replicate 7 of two
points meets the same clients and the same luck, and a difference between points is a difference
between parameters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from experiments.design.value import Scalar, StudyError, Value
from experiments.quantities.intervals import t_quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Adaptive", "Fixed", "Replication", "half_width"]


class Fixed(Value):
    """Run every point `replicates` times."""

    kind: Literal["fixed"] = "fixed"
    replicates: int = Field(default=50, ge=1, le=10_000_000)

    @property
    def ceiling(self) -> int:
        """Most replicates a point can get."""
        return self.replicates

    @property
    def expected(self) -> int:
        """Replicates a point is expected to need, for planning."""
        return self.replicates


class Adaptive(Value):
    """Run a point until its confidence intervals are narrow enough, at most `ceiling` times.

    Attributes
    ----------
    within
        Outcome name to the half-width its confidence interval must reach, in the outcome's own
        unit.
    contrast
        Settings of the point every other is compared with. If given, the interval is that of the
        difference to this point under common random numbers (a paired difference); an empty mapping
        is the study's base.
    minimum, batch, ceiling
        Replicates before the first look, between looks, and at most.
    confidence
        Of the interval (Student's t).

    Notes
    -----
    The rule looks at a point's own replicates only, in their order, so the number of replicates is
    the same however the study is run. Looking repeatedly makes the nominal confidence slightly
    optimistic; a larger `minimum` and `batch` make that smaller.
    """

    kind: Literal["adaptive"] = "adaptive"
    within: dict[str, Annotated[float, Field(gt=0)]] = Field(min_length=1)
    contrast: dict[str, Scalar] | None = None
    minimum: int = Field(default=20, ge=2)
    batch: int = Field(default=20, ge=1)
    ceiling: int = Field(default=1000, ge=2)
    confidence: float = Field(default=0.95, gt=0, lt=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.ceiling < self.minimum:
            raise StudyError(
                f"ceiling = {self.ceiling} is below minimum = {self.minimum}; a point needs at "
                "least the minimum."
            )
        return self

    @property
    def expected(self) -> int:
        """Replicates a point is expected to need, for planning.

        Between the minimum and the ceiling.
        """
        return round(math.sqrt(self.minimum * self.ceiling))

    def settled(
        self,
        outcomes: Mapping[str, NDArray[np.float64]],
        reference: Mapping[str, NDArray[np.float64]] | None,
    ) -> bool:
        """Return whether a point needs no further replicates.

        Parameters
        ----------
        outcomes
            What the point gave so far, each of shape (replicates,).
        reference
            The same replicates, and possibly more, of the point it is compared with.
        """
        for name, wanted in self.within.items():
            values = outcomes[name]
            if reference is not None:
                values = values - reference[name][: len(values)]
            if not half_width(values, self.confidence) <= wanted:
                return False
        return True


Replication = Annotated[Fixed | Adaptive, Field(discriminator="kind")]
"""How often each point is run."""


def half_width(values: NDArray[np.float64], confidence: float) -> float:
    """Return half the width of the t interval of the mean; infinite with fewer than two values.

    Sums are exact (`math.fsum`), so a stopping decision does not depend on the order of additions.
    """
    known = [float(value) for value in values if not math.isnan(value)]
    count = len(known)
    if count < 2:
        return math.inf
    mean = math.fsum(known) / count
    variance = math.fsum((value - mean) ** 2 for value in known) / (count - 1)
    return t_quantile(count - 1, confidence) * math.sqrt(variance / count)
