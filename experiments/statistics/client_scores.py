"""What each client scored before treatment, at the end, and up to each session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.columns import MissingColumnError
from experiments.tables.keeping import kept_by_client

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["carried_forward", "filled_forward", "intake_score", "last_score"]


@kept_by_client
def intake_score(tables: RunTables, symptom: str = "core_10") -> Floats:
    """Score before treatment; the first session's score where no intake column exists."""
    try:
        intake = tables.client(f"{symptom}_intake")
    except MissingColumnError:
        intake = _first(tables.panel(symptom))
    return np.where(tables.started, intake, np.nan)


@kept_by_client
def last_score(tables: RunTables, symptom: str = "core_10") -> Floats:
    """Last reported score of each starter (last observation carried forward)."""
    try:
        last = tables.client(f"{symptom}_last")
    except MissingColumnError:
        last = _first(tables.panel(symptom)[:, ::-1])
    return np.where(tables.started, last, np.nan)


def _first(panel: Floats) -> Floats:
    known = np.isfinite(panel)
    if panel.shape[1] == 0:
        return np.full(panel.shape[0], np.nan)
    place = known.argmax(axis=1)
    first: Floats = panel[np.arange(panel.shape[0]), place]
    return first


@kept_by_client
def carried_forward(tables: RunTables, symptom: str = "core_10") -> Floats:
    """Scores with the last one carried forward, shape (clients, 1 + sessions).

    Column 0 is intake, column ``s`` the last score at or before session ``s``.
    """
    panel = filled_forward(np.column_stack([intake_score(tables, symptom), tables.panel(symptom)]))
    panel[~tables.started] = np.nan
    return panel


def filled_forward(panel: Floats) -> Floats:
    """Return a copy of scores, shape (clients, occasions), where each missing one is the last known before it."""
    filled = panel.copy()
    for occasion in range(1, filled.shape[1]):
        missing = np.isnan(filled[:, occasion])
        filled[missing, occasion] = filled[missing, occasion - 1]
    return filled
