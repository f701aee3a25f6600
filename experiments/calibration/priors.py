"""Where calibration looks: a fixed range of each parameter, which no default and no earlier fit has a part in."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.special import ndtr

from experiments.quantities.intervals import normal_scores
from simulation.errors import AllianceError, unknown_name
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from simulation.parameters import Parameter, Parameters

__all__ = [
    "LEAST_SHARE",
    "NEVER_MOVED",
    "SCREENED",
    "Prior",
    "Shape",
    "assumed_that_matter",
    "matters_among",
    "moving_names",
    "prior_of",
    "priors_for",
    "unit_priors",
]

KINDS = {"integer": "a whole number", "choice": "a word", "switch": "true or false"}
"""Kinds of parameters that have no prior, as a sentence calls them."""

Shape: TypeAlias = Literal["uniform", "log"]

FILE = "priors.toml"

SCREENED = "screened.json"
"""What every parameter moves; written by `experiments.calibration.screening`."""

LEAST_SHARE = 0.05
"""Share of the variance of some statistic over all clinics that a parameter must explain in order to matter."""

NEVER_MOVED = frozenset(
    {
        "arrivals_per_week",
        "clients",
        "comfortable_caseload",
        "deliberate_practice",
        "slippery_slope",
        "small_world_rewiring",
        "supportive_environment",
        "therapists",
        "violation_rate",
        "waiting_loss",
    }
)
"""What a clinic decides or how large it is, and rare events that no finding to fit counts: never moved by itself."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A parameter that calibration may move, and the range [`low`, `high`] it may move in.

    Attributes
    ----------
    name
        The parameter.
    low, high
        Its range; both are reached by nothing but rounding.
    shape
        ``uniform``: every value of the range is as likely; ``log``: every ratio, and `low` is above 0.
    basis
        Where the range comes from: findings, mechanisms, or ``assumed``.
    """

    name: str
    low: float
    high: float
    shape: Shape = "uniform"
    basis: str = "assumed"

    def value(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return parameter values for places on the real line, on which the prior is standard normal."""
        share = ndtr(np.asarray(place, dtype=np.float64))
        low, high = self._ends()
        value: NDArray[np.float64] = low + (high - low) * share
        return np.exp(value) if self.shape == "log" else value

    def place(self, value: float) -> float:
        """Return the place of a value; of one at or beyond the ends, the place of one just inside."""
        low, high = self._ends()
        inside = min(max(value, self.low), self.high)
        share = ((math.log(inside) if self.shape == "log" else inside) - low) / (high - low)
        return float(normal_scores(min(max(share, 1e-6), 1.0 - 1e-6)))

    def _ends(self) -> tuple[float, float]:
        if self.shape == "log":
            return math.log(self.low), math.log(self.high)
        return self.low, self.high


def priors_for(parameters: Parameters, names: Iterable[str] | None = None) -> tuple[Prior, ...]:
    """Return the priors of a calibration of a setting; they do not depend on its values.

    Parameters
    ----------
    parameters
        The setting: which model of the dyad it has decides which parameters there are.
    names
        Which parameters to move; `moving_names` if left out.

    Raises
    ------
    AllianceError
        If a name is no parameter, or not a number.
    """
    rows = type(parameters).rows
    if names is None:
        names = moving_names(parameters)
    priors = []
    names = tuple(names)
    for name in names:
        if name not in rows:
            raise unknown_name(name, "a parameter", rows, see="See: alliance explain")
        if names.count(name) > 1:
            raise AllianceError(f"{name} is named twice: name each parameter once.")
        priors.append(prior_of(rows[name]))
    return tuple(priors)


def moving_names(parameters: Parameters) -> tuple[str, ...]:
    """Return what moves where nothing else is said.

    What is calibrated, what is assumed and matters (`experiments.calibration.screening`), and what another model of
    the dyad adds.
    """
    rows = type(parameters).rows
    matters = set(assumed_that_matter())
    fitted = [n for n, row in PARAMETERS.items() if row.status == "calibrated" or n in matters]
    own = [name for name in type(parameters).own if rows[name].kind == "number"]
    return (*fitted, *own)


def prior_of(row: Parameter) -> Prior:
    """Return the prior of a parameter: its own, else that of its unit, else all values that it can take.

    Raises
    ------
    AllianceError
        If it is not a number.
    """
    if row.kind != "number" or row.low is None or row.high is None:
        raise AllianceError(
            f"{row.name} cannot be calibrated: it is {KINDS[row.kind]}, and only numbers with a decimal point can;"
            f" see alliance explain {row.name}."
        )
    by_name, by_unit = _declared()
    found = by_name.get(row.name) or by_unit.get(row.unit)
    if found is None:
        return Prior(row.name, row.low, row.high, "uniform", "assumed: all values that it can take")
    low, high = max(found.low, row.low), min(found.high, row.high)
    return Prior(row.name, low, high, found.shape, found.basis)


def unit_priors() -> Mapping[str, Prior]:
    """Return by unit the prior of parameters that have none of their own."""
    return _declared()[1]


@cache
def assumed_that_matter() -> tuple[str, ...]:
    """Return the parameters that are not calibrated and move something that a finding is about."""
    text = resources.files(__package__).joinpath(SCREENED).read_text("utf-8")
    return matters_among(json.loads(text)["shares"])


def matters_among(shares: Mapping[str, float]) -> tuple[str, ...]:
    """Return those that matter, given the share of variance that each explains."""
    return tuple(
        name
        for name, row in PARAMETERS.items()
        if shares.get(name, 0.0) >= LEAST_SHARE and row.status != "calibrated"
    )


@cache
def _declared() -> tuple[Mapping[str, Prior], Mapping[str, Prior]]:
    """Return priors by parameter and by unit."""
    text = resources.files(__package__).joinpath(FILE).read_text("utf-8")
    document = tomllib.loads(text)
    by_name = {one["name"]: Prior(**one) for one in document["parameter"]}
    by_unit = {one["unit"]: Prior(one.pop("unit"), **one) for one in document["unit"]}
    return MappingProxyType(by_name), MappingProxyType(by_unit)
