"""Clinics that are not fitted, and one in which the alliance does nothing.

A finding that any clinic passes says nothing for the model. So beside every finding stands how many random clinics
pass it, and whether a clinic passes it in which every path from the alliance to what becomes of a client is closed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from simulation.coefficients import coefficients
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.random import Generator

    from simulation.parameters.declaration import Parameter

__all__ = ["CLOSED", "closed_clinic", "random_clinic"]

CLOSED: Mapping[str, float] = MappingProxyType(
    {
        "alliance_effect": 0.0,
        "repair_time": 0.0,
        "common_change": 0.032,
        "agency_alliance": 0.0,
        "satisfaction_alliance": 0.0,
        "dropout_alliance": 0.0,
        "dropout_strain": 0.0,
        "dropout_safety": 0.0,
    }
)
"""No path from the alliance to distress, agency, satisfaction or staying; common change as in the rivals."""

OF_SIZE = frozenset({"clients", "therapists", "arrivals_per_week"})
"""What a study's size decides, and numbers that are no part of a mechanism."""

RATIO = 3.0
"""How many times larger or smaller a positive number may be than the default."""

REACH = 1.5
"""How far a number in logits, which may be negative, may be from the default."""

TOGETHER = 0.3
"""How far a correlation may be from 0: larger ones seldom go together."""

TRIES = 200


def closed_clinic(base: Parameters) -> Parameters:
    """Return a clinic with every path from the alliance to what becomes of a client closed."""
    return base.replace(**CLOSED)


def random_clinic(base: Parameters, number: int, seed: int = 0) -> Parameters:
    """Return a clinic whose numbers are drawn without a look at any finding.

    Every number but those of its size is drawn by itself: shares on [0, 1] uniformly between .05 and .95, other
    positive ones log-uniformly within three times the setting's value, those in logits uniformly within 1.5 of it,
    correlations uniformly between -.3 and .3, all within their bounds. Whole numbers, words and switches stay, and
    so does a share or a positive number that is 0: its path stays closed. A draw that contradicts itself, as
    correlations can, is drawn again.

    Parameters
    ----------
    base
        The setting: what stays is taken from it.
    number, seed
        Which of the random clinics; the same clinic for the same two.
    """
    free = [row for row in PARAMETERS.values() if row.kind == "number" and row.name not in OF_SIZE]
    for again in range(TRIES):
        drawn = {}
        for row in free:
            # A stream for each name: a parameter that is new to the model moves no other.
            random = np.random.default_rng([seed, number, again, crc32(row.name.encode())])
            drawn[row.name] = _draw(row, float(getattr(base, row.name)), random)
        try:
            made = base.replace(**drawn)
            coefficients(made)
        except AllianceError:
            continue
        return made
    raise AllianceError(f"No random clinic was possible in {TRIES} draws.")


def _draw(row: Parameter, value: float, random: Generator) -> float:
    assert row.low is not None
    assert row.high is not None
    if row.unit == "correlation":
        return float(random.uniform(-TOGETHER, TOGETHER))
    if row.low < 0.0:
        low, high = max(row.low, value - REACH), min(row.high, value + REACH)
        return float(random.uniform(low, high))
    if (
        value <= 0.0
    ):  # a path that the setting closes: a parameter that is new changes no stored clinic
        return value
    if row.unit == "[0, 1]":
        return float(random.uniform(max(row.low, 0.05), min(row.high, 0.95)))
    low, high = max(row.low, value / RATIO), min(row.high, value * RATIO)
    return float(np.exp(random.uniform(np.log(max(low, 1e-12)), np.log(high))))
