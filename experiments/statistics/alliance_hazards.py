"""Hazards of dropout by alliance, within caseloads and between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.caseloads import split
from experiments.statistics.left_out import Dealt
from experiments.statistics.pooling import centred
from experiments.statistics.regression import CoxFit, cox
from experiments.statistics.risk_sets import RiskSets, in_order_of_risk
from experiments.statistics.windows import score_at
from experiments.tables.keeping import found_for_all_parts, kept_by_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = ["cox_alliance_dropout"]


def cox_alliance_dropout(
    tables: RunTables, column: str = "wai_sr_client", *, at: int = 1
) -> CoxFit:
    """Cox regression of unilateral dropout on alliance within and between therapists (F34).

    Time is the number of sessions; the alliance of session `at` is split into the caseload's mean
    and the client's deviation (Huppert et al. 2014). Clients enter at session `at`.

    Returns
    -------
    CoxFit
        Log hazard ratios per point of the instrument: within therapists, between therapists.
    """
    return _cox(tables, column, at)


def _cox_without_each(
    tables: RunTables, deal: Deal, column: str, at: int
) -> Sequence[CoxFit | None]:
    near = _cox(tables, column, at).coefficients
    if tables.studies != 1 or not np.isfinite(near).all():
        return ()
    scores = score_at(tables, column, at)
    dealt = Dealt.of(deal, tables.started & (tables.therapist >= 0) & np.isfinite(scores))
    if not dealt.rows.size:
        return ()
    scores, therapist = scores.take(dealt.rows), tables.therapist.take(dealt.rows)
    scores = scores - scores.mean()
    each = np.array([np.ones(scores.size), scores])
    clients, total = dealt.group_sums(each, therapist, int(therapist.max()) + 1).transpose(1, 0, 2)
    means = total / np.maximum(clients, 1.0)

    time, left = tables.sessions_attended.take(dealt.rows), tables.dropped_out.take(dealt.rows)
    order = in_order_of_risk(time, left)
    part = np.repeat(np.arange(-1, deal.parts), np.diff(dealt.ends))[order]
    scores, therapist = scores[order], therapist[order]
    everybody = RiskSets.of(time[order], left[order])
    found: list[CoxFit | None] = []
    for number, enough in enumerate(clients.sum(axis=1) >= 20):
        caseload = means[number].take(therapist)
        columns = np.array([scores - caseload, caseload])
        stay = (part != number).astype(np.float64)
        found.append(everybody.fit(columns, stay, near) if enough else None)
    return found


@kept_by_tables
@found_for_all_parts(_cox_without_each)
def _cox(tables: RunTables, column: str, at: int) -> CoxFit:
    within, between, _ = split(tables, score_at(tables, column, at), tables.started)
    known = np.isfinite(within)
    if known.sum() < 20:
        return CoxFit((math.nan, math.nan), (math.nan, math.nan))
    columns = np.column_stack([within[known], centred(between[known], tables.study[known])])
    return cox(tables.sessions_attended[known], tables.dropped_out[known], columns)
