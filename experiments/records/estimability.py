"""Which statistics some records cannot give, whatever their formula returns: none is printed as a number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.statistics.alliance_hazards import cox_alliance_dropout
from experiments.statistics.alliance_outcome import early_mean, last_available
from experiments.statistics.caseloads import split
from experiments.statistics.measurement import generalizability
from experiments.statistics.outcome import residual_gain
from experiments.statistics.windows import score_at
from experiments.tables.columns import MissingColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.columns import Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["why_not_estimable"]

WITHIN = frozenset({"alliance_outcome_within", "alliance_outcome_within_between"})
BETWEEN = frozenset({"alliance_outcome_between"})
COX = frozenset({"therapist_dropout_log_ratio", "dropout_hazard_ratio", "cox_alliance_dropout"})
GENERAL = frozenset({"sessions_for_generalizability", "generalizability"})

FEWEST_THERAPISTS = 3
"""From so many on, a slope between therapists is more than a line through two points."""


def why_not_estimable(name: str, arguments: Mapping[str, Any], tables: RunTables) -> str:
    """Return why a statistic cannot be estimated, with n; empty where nothing is known to be in the way.

    Parameters
    ----------
    name, arguments
        The statistic of the catalogue, and what it is called with.
    tables
        The records.
    """
    try:
        with np.errstate(all="ignore"):
            if name in WITHIN | BETWEEN:
                return _therapists(name, tables)
            if name in COX:
                return _hazards(tables, int(arguments.get("at", 1)))
            if name == "alliance_dropout_logit_slope":
                return _separated(
                    last_available(tables, arguments.get("column", "wai_sr_client")), tables
                )
            if name in GENERAL:
                return _ratings(tables)
    except MissingColumnError:
        pass
    return ""


def _therapists(name: str, tables: RunTables) -> str:
    alliance, gain = early_mean(tables, "wai_sr_client"), residual_gain(tables)
    known = np.isfinite(alliance) & np.isfinite(gain) & (tables.therapist >= 0)
    caseloads = np.bincount(tables.therapist[known]) if known.any() else np.zeros(1, dtype=np.int64)
    n = int(known.sum())
    if name in WITHIN and caseloads.max() < 2:
        return f"no therapist has two clients with alliance and outcome (n = {n})"
    therapists = int((caseloads > 0).sum())
    if name in BETWEEN and therapists < FEWEST_THERAPISTS:
        return f"there are {therapists} therapists with alliance and outcome (n = {n} clients)"
    return ""


def _hazards(tables: RunTables, at: int) -> str:
    if tables.panel("wai_sr_client").shape[1] < at:
        return f"nobody rated the alliance of session {at}"
    alliance = score_at(tables, "wai_sr_client", at)
    known = np.isfinite(alliance) & tables.started & (tables.therapist >= 0)
    n, left = int(known.sum()), int((tables.dropped_out & known).sum())
    if n < 20:
        return f"it needs 20 clients with a therapist and an alliance score (n = {n})"
    if left in {0, n}:
        return f"{'nobody' if not left else 'everybody'} dropped out (n = {n})"
    caseloads = np.bincount(tables.therapist[known])
    if caseloads.max() < 2:
        return f"no therapist has two clients with an alliance score (n = {n})"
    within, between = cox_alliance_dropout(tables, at=at).coefficients
    own, caseload, _ = split(tables, alliance, tables.started)
    risk = (within * own + between * caseload)[known]
    dropped = tables.dropped_out[known]
    if not np.isfinite(risk).all() or risk[dropped].min() >= risk[~dropped].max():
        return (
            "alliance, or the therapist, tells all who dropped out from all who did not"
            f" ({left} of n = {n} dropped out)"
        )
    return ""


def _separated(alliance: Floats, tables: RunTables) -> str:
    known = np.isfinite(alliance) & tables.ended
    left, stayed = alliance[known & tables.dropped_out], alliance[known & ~tables.dropped_out]
    n = left.size + stayed.size
    if not left.size or not stayed.size:
        return f"{'nobody' if not left.size else 'everybody'} dropped out (n = {n})"
    if left.max() <= stayed.min() or stayed.max() <= left.min():
        return (
            "alliance tells all who dropped out from all who did not"
            f" ({left.size} of n = {n} dropped out)"
        )
    return ""


def _ratings(tables: RunTables) -> str:
    panel = tables.panel("wai_sr_client")
    twice = int((np.isfinite(panel).sum(axis=1) > 1).sum())
    if twice < 2 or math.isnan(generalizability(tables)):
        return f"fewer than two clients rated the alliance twice (n = {twice})"
    return ""
