"""Clinically significant change on the CORE-10 (Jacobson & Truax 1991), from scores before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats

__all__ = ["CUT_OFF", "RELIABLE_CHANGE", "clinical", "deteriorated", "improved", "recovered"]

CUT_OFF = 11.0
"""CORE-10 clinical cut-off: 11 and above is clinical (Barkham et al. 2013)."""

RELIABLE_CHANGE = 6.0
"""CORE-10 reliable change index (Barkham et al. 2013)."""


def clinical(score: Floats, cut_off: float = CUT_OFF) -> Booleans:
    """Tell who is at or above the cut-off."""
    with np.errstate(invalid="ignore"):
        return np.asarray(score >= cut_off)


def improved(before: Floats, after: Floats, reliable_change: float = RELIABLE_CHANGE) -> Booleans:
    """Tell who is better by at least the reliable change index."""
    with np.errstate(invalid="ignore"):
        return np.asarray(before - after >= reliable_change)


def deteriorated(
    before: Floats, after: Floats, reliable_change: float = RELIABLE_CHANGE
) -> Booleans:
    """Tell who is worse by at least the reliable change index."""
    return improved(after, before, reliable_change)


def recovered(before: Floats, after: Floats) -> Booleans:
    """Tell who was clinical, is reliably better and is below the cut-off now."""
    with np.errstate(invalid="ignore"):
        below = np.asarray(after < CUT_OFF)
    return clinical(before) & improved(before, after) & below
