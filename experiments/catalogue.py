"""Every measure there is, by name: outcomes of a run, and statistics as published findings have them.

Files declare measures in `experiments.outcomes` and `experiments.statistics`; what is declared there is here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from experiments.quantities.measure import measures_in
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from experiments.quantities.measure import Measure
    from experiments.tables.columns import Floats

__all__ = ["CONTRASTS", "OUTCOMES", "STATISTICS", "outcome", "statistic", "tables_needed"]

OUTCOMES: Mapping[str, Measure[Floats]]
"""Outcome by name: from a `RunTables` to one value a replicate, NaN where it is not defined.

Their files are read when they are first asked for; statistics of findings do without.
"""

STATISTICS: Mapping[str, Measure[float]] = measures_in("experiments.statistics")
"""Statistic by name: from a `RunTables`, and arguments that say which, to one number over all of it."""

CONTRASTS: Mapping[str, Measure[float]] = measures_in("experiments.statistics", "CONTRASTS")
"""Contrast by name: from the tables of an arm with a policy and of one without to one number."""


@cache
def _outcomes() -> Mapping[str, Measure[Floats]]:
    return measures_in("experiments.outcomes")


def __getattr__(name: str) -> Any:
    if name == "OUTCOMES":
        return _outcomes()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def outcome(name: str) -> Measure[Floats]:
    """Return an outcome by its name, or by a name such as ``alliance@3`` the one of a session.

    Raises
    ------
    AllianceError
        If there is none; with the nearest name.
    """
    from experiments.outcomes.series import SERIES, at_session

    known = _outcomes()
    found = known.get(name) or at_session(name)
    if found is None:
        there = [*known, *(f"{column}{'@' + name.partition('@')[2]}" for column in SERIES)]
        see = (
            f"There are: {', '.join(known)}; at a session, such as alliance@3: {', '.join(SERIES)}."
        )
        raise unknown_name(name, "an outcome", there if "@" in name else known, see=see)
    return found


def tables_needed(names: Iterable[str]) -> frozenset[str]:
    """Return the tables, beyond the clients, that some outcomes need."""
    return frozenset(table for name in names for table in outcome(name).needs)


def statistic(name: str) -> Measure[float]:
    """Return the statistic or contrast of this name.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    found = STATISTICS.get(name) or CONTRASTS.get(name)
    if found is None:
        raise unknown_name(name, "a statistic", [*STATISTICS, *CONTRASTS])
    return found
