"""Outcomes session by session: ``alliance@3`` is the mean alliance at session 3, over the clients who came to it.

They are no entries of the catalogue, since there is one for every session. Those who left are missing from later
sessions, so a mean can rise because the unhappy go.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import LATENT, Unit, points_of
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.columns import Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["SERIES", "at_session"]

STATES = (
    *("alliance", "trust", "bond", "task", "goal", "agency", "dependency", "strain", "distress"),
    *("satisfaction", "safety", "disclosure", "attunement", "perceived_empathy"),
)

SERIES: Mapping[str, Unit] = MappingProxyType(
    {**dict.fromkeys(STATES, LATENT), **{name: points_of(name) for name in INSTRUMENTS}}
)
"""Columns of the sessions that there is a series of, with their unit."""


def at_session(name: str) -> Measure[Floats] | None:
    """Return the outcome that ``COLUMN@SESSION`` names; None if it names none."""
    column, _, session = name.rpartition("@")
    if column not in SERIES or not session.isdecimal() or int(session) < 1:
        return None
    return Measure(
        name,
        f"{column.replace('_', ' ')} at session {session}",
        f"Mean {column} at session {session} of the clients who came to it.",
        SERIES[column],
        partial(_mean_at, column, int(session)),
        needs=("sessions",),
    )


def _mean_at(column: str, session: int, tables: RunTables) -> Floats:
    values = tables.session(column)
    there = (tables.session("session") == session) & ~np.isnan(values)
    return tables.sessions_by_study.mean(values, there)
