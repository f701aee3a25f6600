"""Findings that informed a number set by hand: neither fitted nor quite predicted."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.evidence.facts import Fact

__all__ = ["ROLE_WORDS", "FullRole", "full_role", "informed_parameters"]

FullRole = Literal["fit", "informed", "predict"]

ROLE_WORDS: Mapping[FullRole, str] = MappingProxyType(
    {"fit": "fitted", "informed": "informed", "predict": "predicted"}
)
"""What each role is called in a sentence. *Informed*: some parameter that was set by hand names it as its source."""

FINDING = re.compile(r"F\d+")


@cache
def informed_parameters() -> Mapping[str, tuple[str, ...]]:
    """Return by the number of a finding (``"F33"``) the parameters set by hand that name it as their source."""
    named: dict[str, tuple[str, ...]] = {}
    for name, row in PARAMETERS.items():
        if row.status != "calibrated":
            for number in FINDING.findall(row.source):
                named[number] = (*named.get(number, ()), name)
    return MappingProxyType(named)


def full_role(one: Fact) -> FullRole:
    """Return the role of a finding; a predicted one whose number informed a parameter is *informed*.

    All statistics of a finding share its number (``F46r``, ``F46d``), and so its role.
    """
    if one.role == "fit":
        return "fit"
    number = FINDING.match(one.id)
    return "informed" if number and number[0] in informed_parameters() else "predict"
