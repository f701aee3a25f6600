"""How clinics of one setting differ: traits of a clinic that move some parameters together."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.parameters import Parameters

__all__ = [
    "RECORD",
    "ClinicTrait",
    "clinic_apart",
    "clinic_traits",
    "declared",
    "recorded_uncertainties",
    "shifted",
]

DECLARED = "between_clinics.toml"

RECORD = "uncertainties.json"
"""How wide every trait is and how far the model is off, with what they were set from."""


@dataclass(frozen=True, slots=True)
class ClinicTrait:
    """Something that clinics of one setting differ in.

    Attributes
    ----------
    name, meaning
        What it is.
    parameters
        What it moves, all by the same amount.
    scale
        On which: ``plain``, ``logit`` (of a median on [0, 1]) or ``log``.
    spread
        Standard deviation between clinics, on that scale.
    """

    name: str
    meaning: str
    parameters: tuple[str, ...]
    scale: Literal["plain", "logit", "log"]
    spread: float = 0.0


def clinic_traits() -> tuple[ClinicTrait, ...]:
    """Return what clinics differ in, with the spreads that published differences give."""
    spreads = recorded_uncertainties()["between_clinics"]["spreads"]
    return tuple(
        ClinicTrait(
            one["name"],
            one["meaning"],
            tuple(one["parameters"]),
            one["scale"],
            spreads[one["name"]],
        )
        for one in declared()["trait"]
    )


def shifted(
    values: Mapping[str, float], traits: tuple[ClinicTrait, ...], places: Mapping[str, float]
) -> dict[str, float]:
    """Return parameter values of a clinic that lies so many standard deviations off in each trait.

    Parameters
    ----------
    values
        Those of the middle clinic, for every parameter that a trait moves.
    traits, places
        What it differs in, and by how many standard deviations, by the name of the trait.
    """
    found: dict[str, float] = {}
    for trait in traits:
        by = trait.spread * places[trait.name]
        for name in trait.parameters:
            found[name] = _moved(name, values[name], by, trait.scale)
    return found


def clinic_apart(
    middle: Parameters, traits: tuple[ClinicTrait, ...], places: Mapping[str, float]
) -> Parameters:
    """Return a clinic that lies so many standard deviations off a middle one in each trait; as `shifted`."""
    values = {name: float(getattr(middle, name)) for one in traits for name in one.parameters}
    return middle.replace(**shifted(values, traits, places))


def _moved(name: str, value: float, by: float, scale: str) -> float:
    row = PARAMETERS[name]
    assert row.low is not None
    assert row.high is not None
    if scale == "logit":
        inside = min(max(value, 1e-6), 1.0 - 1e-6)
        value = 1.0 / (1.0 + math.exp(-(math.log(inside / (1.0 - inside)) + by)))
    elif scale == "log":
        value *= math.exp(by)
    else:
        value += by
    return min(max(value, row.low), row.high)


@cache
def declared() -> Mapping[str, Any]:
    """Return traits and published differences as they are declared."""
    text = resources.files(__package__).joinpath(DECLARED).read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def recorded_uncertainties() -> Mapping[str, Any]:
    """Return how wide every trait is and how far the model is off, as they are recorded."""
    text = resources.files(__package__).joinpath(RECORD).read_text("utf-8")
    return MappingProxyType(json.loads(text))
