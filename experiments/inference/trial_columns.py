"""Columns that analyses make of the rows of trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["numbered_therapists", "own_clusters", "predictors_of"]

SMALL_NUMBER = 1_000
"""Of a therapist, up to which compiled code keeps a place for each number."""


def predictors_of(rows: TrialRows, covariates: Sequence[str]) -> Floats:
    """Return covariates, then a column for each arm after the first, shape (rows, covariates + arms - 1)."""
    arm = rows.whole("arm")
    columns = [rows.floats(name) for name in covariates]
    columns += [(arm == one).astype(np.float64) for one in range(1, rows.arms)]
    return np.column_stack(columns)


def own_clusters(rows: TrialRows) -> Integers:
    """Return therapists as clusters; a client without one is a cluster of their own, negative."""
    therapist = rows.whole("therapist")
    client = rows.whole("client") if "client" in rows.columns else np.arange(len(therapist))
    return np.where(therapist >= 0, therapist, -1 - client)


def numbered_therapists(rows: TrialRows) -> tuple[Integers, int]:
    """Return therapists numbered from 0 in each trial, where their numbers are not small already; below 0 for none.

    Beside them stands how many numbers there are.
    """
    therapist = rows.whole("therapist")
    wide = int(therapist.max(initial=0)) + 1
    if wide <= SMALL_NUMBER:
        return therapist, wide
    trial = rows.trial
    there = therapist >= 0
    pairs, place = np.unique((trial * wide + therapist)[there], return_inverse=True)
    first = np.searchsorted(pairs, np.arange(rows.trials) * wide)
    numbered = np.full(len(therapist), -1, dtype=np.int64)
    numbered[there] = place - first[trial[there]]
    return numbered, int(numbered.max()) + 1
