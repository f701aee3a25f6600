"""Every measure there is, by name: outcomes of a run, and statistics as published findings have them.

Files declare measures in `experiments.outcomes` and `experiments.statistics`; what is declared there is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.measure import measures_in
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from experiments.quantities.measure import Measure
    from experiments.tables.columns import Floats

__all__ = ["OUTCOMES", "outcome", "tables_needed"]

OUTCOMES: Mapping[str, Measure[Floats]] = measures_in("experiments.outcomes")
"""Outcome by name: from a `RunTables` to one value a replicate, NaN where it is not defined."""


def outcome(name: str) -> Measure[Floats]:
    """Return an outcome by its name.

    Raises
    ------
    AllianceError
        If there is none; with the nearest name.
    """
    if name not in OUTCOMES:
        raise unknown_name(
            name, "an outcome", OUTCOMES, see="There are: " + ", ".join(OUTCOMES) + "."
        )
    return OUTCOMES[name]


def tables_needed(names: Iterable[str]) -> frozenset[str]:
    """Return the tables, beyond the clients, that some outcomes need."""
    return frozenset(table for name in names for table in outcome(name).needs)
