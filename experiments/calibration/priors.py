"""Where calibration looks: a wide range around the present value of each parameter it may move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import AllianceError, unknown_name
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from simulation.parameters import Parameters

__all__ = ["Prior", "priors_for"]

LOGIT_REACH = 0.8
"""How far the prior of a parameter in logits reaches on both sides."""

RATIO = 2.0
"""How many times larger or smaller the prior of a positive parameter lets it be."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A parameter that calibration may move, and the range [`low`, `high`] it may move in."""

    name: str
    low: float
    high: float

    def value(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return parameter values for places on the real line (the logit of the place in the range)."""
        return self.low + (self.high - self.low) / (1.0 + np.exp(-place))

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return float(np.log(share / (1.0 - share)))


def priors_for(parameters: Parameters, names: Iterable[str] | None = None) -> tuple[Prior, ...]:
    """Return the priors of a calibration that starts from `parameters`.

    Parameters
    ----------
    parameters
        The present values.
    names
        Which parameters to move; all with the status ``calibrated`` if left out.

    Raises
    ------
    AllianceError
        If a name is no parameter, or not a number.
    """
    if names is None:
        names = [name for name, row in PARAMETERS.items() if row.status == "calibrated"]
    priors = []
    for name in names:
        if name not in PARAMETERS:
            raise unknown_name(name, "a parameter", PARAMETERS)
        row = PARAMETERS[name]
        if row.kind != "number" or row.low is None or row.high is None:
            raise AllianceError(
                f"{name} cannot be calibrated: it is not a number but a {row.kind}."
            )
        value = float(getattr(parameters, name))
        if row.low < 0.0:
            reach = (value - LOGIT_REACH, value + LOGIT_REACH)
        elif value > 0.0:
            reach = (value / RATIO, value * RATIO)
        else:
            reach = (0.0, 0.1 * row.high)
        priors.append(Prior(name, max(row.low, reach[0]), min(row.high, reach[1])))
    return tuple(priors)
