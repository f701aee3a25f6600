"""Scores within caseloads and between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.left_out import Dealt
from experiments.statistics.pooling import centred, group_mean

if TYPE_CHECKING:
    from experiments.statistics.left_out import GroupMoments
    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = ["moments_by_therapist", "split"]


def split(tables: RunTables, alliance: Floats, also: Booleans) -> tuple[Floats, Floats, float]:
    """Return alliance within caseloads, caseload means, and the SD between clients."""
    known = np.isfinite(alliance) & also & (tables.therapist >= 0)
    within, between = np.full((2, tables.count), np.nan)
    if not known.any():
        return within, between, math.nan
    group = tables.therapist[known]
    means = group_mean(alliance[known], group, int(group.max()) + 1)
    between[known] = means[group]
    within[known] = alliance[known] - means[group]
    spread = float(np.sqrt((centred(alliance[known], tables.study[known]) ** 2).mean()))
    return within, between, spread if spread > 0 else math.nan


def moments_by_therapist(tables: RunTables, columns: Floats, deal: Deal) -> GroupMoments | None:
    """Return moments of columns of the clients who have all of them and a therapist; None if nobody has."""
    known = np.isfinite(columns).all(axis=0) & (tables.therapist >= 0)
    if not known.any():
        return None
    therapist = tables.therapist
    return Dealt.of(deal, known).group_moments(columns, therapist, int(therapist.max()) + 1)
