"""The columns of the table of sessions, from the rows that the engine writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.instruments import SessionReports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["LATENT_COLUMNS", "SESSION_COLUMNS", "session_column"]

KEYS = ("replicate", "client", "therapist", "week", "session")
LATENT_COLUMNS = (
    "trust",
    "bond",
    "task",
    "goal",
    "alliance",
    "agency",
    "dependency",
    "strain",
    "distress",
    "satisfaction",
    "safety",
    "disclosure",
    "attunement",
    "perceived_empathy",
    "dropout_probability",
)
"""Columns of what nobody sees, each from 0 to 1."""

YES_OR_NO = ("rupture_noticed", "rupture_repaired")
EVENTS = ("rupture", *YES_OR_NO, "boundary_event")

SESSION_COLUMNS = (*KEYS, *LATENT_COLUMNS, *EVENTS, *SessionReports._fields)
"""Names of the columns after ``run``, in their order."""


def session_column(rows: Array | Mapping[str, Array], name: str) -> Array:
    """Return a column of `SESSION_COLUMNS` of rows of sessions, or of their fields, one value a row."""
    if name == "alliance":
        alliance: Array = (rows["bond"] + rows["task"] + rows["goal"]) / 3.0
        return alliance
    column: Array = rows[name]
    return column > 0 if name in YES_OR_NO else column
