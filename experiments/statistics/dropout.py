"""Who leaves, when, and with what alliance.

Dropout has no single definition (Wierzbicki & Pekarik 1993; evidence fact F25), so every rate
names its own. Clients still in treatment have not ended and are left out of rates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS, LOGITS, RATIO, SHARE
from experiments.statistics.alliance_outcome import last_available
from experiments.statistics.left_out import ALMOST_NOTHING, Dealt, where_sure
from experiments.statistics.outcome import (
    intake_score,
    last_score,
)
from experiments.statistics.pooling import (
    centred,
    differences_without_each,
    standardised_difference,
)
from experiments.statistics.regression import logistic, logistic_of_counts
from experiments.statistics.windows import score_at
from experiments.tables.clinical_change import clinical, improved
from experiments.tables.columns import distinct
from experiments.tables.endings import PLANNED
from experiments.tables.keeping import found_for_all_parts, kept_by_tables
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "Definition",
    "SurvivalCurve",
    "alliance_dropout_d",
    "alliance_dropout_logit_slope",
    "dropout_by_definition",
    "dropout_definition_gap",
    "dropout_rate",
    "early_dropout_share",
    "early_hazard_ratio",
    "event_dropout_d",
    "survival",
]

Definition = Literal[
    "unilateral", "few_sessions", "no_recovery", "unilateral_unimproved", "no_planned_ending"
]


Session = int | Literal["last"]


@dataclass(frozen=True)
class SurvivalCurve:
    """Discrete-time survival in treatment, by session (element ``s - 1`` is session ``s``).

    Attributes
    ----------
    at_risk
        Clients who held the session.
    dropped
        Of those, how many dropped out after it.
    hazard
        dropped ÷ at_risk.
    survival
        Kaplan-Meier share that has not dropped out after the session; planned endings and
        clients still in treatment are censored.
    """

    at_risk: Integers
    dropped: Integers
    hazard: Floats
    survival: Floats


def dropout_by_definition(
    tables: RunTables, definition: Definition = "unilateral", *, sessions: int = 4
) -> Booleans:
    """Who counts as a dropout, among all clients, shape (clients,).

    Parameters
    ----------
    tables
        Whose endings.
    definition
        ``unilateral``: the client stopped coming without agreement;
        ``few_sessions``: attended fewer than `sessions` sessions, for whatever reason;
        ``no_recovery``: at the end no reliable and clinically significant change (for clients
        below the cut-off at intake: no reliable change);
        ``unilateral_unimproved``: stopped coming *and* without reliable change
        (Hatchett & Park 2003 compare such definitions);
        ``no_planned_ending``: neither completed nor at the session limit, whoever broke off: the
        last planned session was missed.
    sessions
        For ``few_sessions`` only.

    Raises
    ------
    AllianceError
        When the definition does not exist.
    """
    if definition == "unilateral":
        return tables.dropped_out
    if definition == "few_sessions":
        return tables.started & (tables.sessions_attended < sessions)
    if definition == "no_planned_ending":
        return tables.ended & ~tables.status_is(*PLANNED)
    if definition not in get_args(Definition):
        raise unknown_name(definition, "a definition of dropout", get_args(Definition))
    x, y = intake_score(tables), last_score(tables)
    better = improved(x, y)
    if definition == "no_recovery":
        return tables.started & np.isfinite(y) & ~(better & ~(clinical(x) & clinical(y)))
    return tables.dropped_out & ~better


def dropout_rate(
    tables: RunTables, definition: Definition = "unilateral", *, sessions: int = 4
) -> float:
    """Share of starters whose treatment is over who dropped out (F23-F27).

    See `dropout_by_definition` for the definitions.
    """
    return _dropout_rate(tables, definition, sessions)


def _dropout_rates_without_each(
    tables: RunTables, deal: Deal, definition: Definition, sessions: int
) -> Sequence[float | None]:
    dealt = Dealt.of(deal, tables.ended)
    left = dealt.of_clients(dropout_by_definition(tables, definition, sessions=sessions)[None])
    dropped, ended = dealt.sums(np.concatenate([left, np.ones_like(left)])).T
    with np.errstate(invalid="ignore"):
        return where_sure(dropped / ended, ended > 0)


@found_for_all_parts(_dropout_rates_without_each)
def _dropout_rate(tables: RunTables, definition: Definition, sessions: int) -> float:
    ended = tables.ended
    if not ended.any():
        return math.nan
    return float(dropout_by_definition(tables, definition, sessions=sessions)[ended].mean())


def dropout_definition_gap(tables: RunTables) -> float:
    """How far the other definitions lie above unilateral dropout (F25).

    The lower of the rates by number of sessions and by missing recovery, minus the rate of
    unilateral endings.
    """
    others = (
        dropout_rate(tables, "few_sessions"),
        dropout_rate(tables, "no_recovery"),
    )
    return min(others) - dropout_rate(tables)


def survival(tables: RunTables) -> SurvivalCurve:
    """Discrete hazard of dropout and Kaplan-Meier survival by session, over all starters (F28)."""
    time = tables.sessions_attended[tables.started]
    event = tables.dropped_out[tables.started]
    width = int(time.max(initial=0))
    left = np.bincount(time, minlength=width + 1)
    at_risk = left[::-1].cumsum()[::-1][1:].astype(np.int64)
    dropped = np.bincount(time[event], minlength=width + 1)[1:].astype(np.int64)
    hazard = np.divide(dropped, at_risk, out=np.zeros(width), where=at_risk > 0)
    staying: Floats = np.asarray(np.cumprod(1.0 - hazard), dtype=np.float64)
    return SurvivalCurve(at_risk, dropped, hazard, staying)


def early_dropout_share(tables: RunTables, *, sessions: int = 2) -> float:
    """Share of unilateral dropouts who attended at most so many sessions (F28)."""
    held = tables.sessions_attended[tables.dropped_out]
    return float((held <= sessions).mean()) if held.size else math.nan


def early_hazard_ratio(tables: RunTables) -> float:
    """Hazard of dropout after sessions 1-2 ÷ hazard after sessions 3-8 (F28: steeply falling)."""
    curve = survival(tables)
    early = _hazard(curve, 0, 2)
    late = _hazard(curve, 2, 8)
    return early / late if late > 0 else math.nan


def _hazard(curve: SurvivalCurve, first: int, last: int) -> float:
    at_risk = int(curve.at_risk[first:last].sum())
    return float(curve.dropped[first:last].sum() / at_risk) if at_risk else math.nan


def alliance_dropout_d(
    tables: RunTables,
    column: str = "wai_sr_client",
    *,
    at: Session = "last",
) -> float:
    """Cohen's d of alliance, clients who stayed minus clients who dropped out (F33).

    Parameters
    ----------
    tables, column
        Whose scores, and which.
    at
        ``"last"``: each client's last available score; a number: the score in that session, of
        the clients who held it.
    """
    return _alliance_dropout_d(tables, column, at)


def _alliance_dropout_d_without_each(
    tables: RunTables, deal: Deal, column: str, at: Session
) -> Sequence[float | None]:
    if tables.studies != 1:
        return ()
    values = _at(tables, column, at)
    dealt = Dealt.of(deal, tables.ended & np.isfinite(values))
    moments = dealt.group_moments(values[None], (~tables.dropped_out).astype(np.int64), 2)
    return differences_without_each(moments, np.ones((deal.parts, 1)))


@found_for_all_parts(_alliance_dropout_d_without_each)
def _alliance_dropout_d(tables: RunTables, column: str, at: Session) -> float:
    values = _at(tables, column, at)
    chosen = tables.ended & np.isfinite(values)
    stayed = ~tables.dropped_out[chosen]
    return standardised_difference(values[chosen], stayed, tables.study[chosen])


def alliance_dropout_logit_slope(
    tables: RunTables, column: str = "wai_sr_client", *, at: Session = "last"
) -> float:
    """Log odds of dropout per standard deviation of alliance (A9, derived from F23 and F33)."""
    return float(_logit(tables, column, at)[1])


def _logits_without_each(
    tables: RunTables, deal: Deal, column: str, at: Session
) -> Sequence[Floats | None]:
    """Return what `_logit` gives without each part, by how many have each score, and how many of these left."""
    of_all = _logit(tables, column, at)
    if tables.studies != 1 or not np.isfinite(of_all).all():
        return ()
    values = _at(tables, column, at)
    dealt = Dealt.of(deal, tables.ended & np.isfinite(values))
    scores, place = distinct(values.take(dealt.rows))
    left = tables.dropped_out.take(dealt.rows).astype(np.float64)
    n, events = dealt.group_sums(
        np.array([np.ones(left.size), left]), place, scores.size
    ).transpose(1, 0, 2)
    clients = n.sum(axis=1)
    everybody = np.bincount(place)
    centre = float((everybody * scores).sum() / place.size)
    unit = math.sqrt(float((everybody * (scores - centre) ** 2).sum()) / place.size)
    z = (scores - centre) / unit
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (n @ z) / clients
        spread = np.sqrt((n @ z**2) / clients - mean**2)
    found = logistic_of_counts(events, n, z, of_all)
    sure = np.isfinite(found).all(axis=1) & (clients >= 10) & (spread**2 > ALMOST_NOTHING)
    return [
        np.array([begin + slope * m, slope * s]) if known else None
        for (begin, slope), m, s, known in zip(found, mean, spread, sure, strict=True)
    ]


@kept_by_tables
@found_for_all_parts(_logits_without_each)
def _logit(tables: RunTables, column: str, at: Session) -> Floats:
    """Return intercept and slope of dropout on standardised alliance, log odds; nan where there are none."""
    nothing = np.full(2, np.nan)
    values = _at(tables, column, at)
    chosen = tables.ended & np.isfinite(values)
    if chosen.sum() < 10:
        return nothing
    z = centred(values[chosen], tables.study[chosen])
    spread = z.std()
    if spread <= 0:
        return nothing
    return logistic(tables.dropped_out[chosen], (z / spread)[:, None])


def _at(tables: RunTables, column: str, at: Session) -> Floats:
    if at == "last":
        return last_available(tables, column)
    return score_at(tables, column, at)


def event_dropout_d(
    tables: RunTables,
    event: Literal["confrontation", "withdrawal", "resolution"] = "confrontation",
    *,
    sessions: int = 6,
) -> float:
    """Cohen's d of early rupture events between dropouts and those who stayed (F70).

    Parameters
    ----------
    tables
        Whose sessions.
    event
        ``confrontation`` or ``withdrawal``: such ruptures per session held, dropouts minus
        stayers; ``resolution``: share of ruptures that were repaired, stayers minus dropouts. All
        three are positive where ruptures cost clients and repairs keep them.
    sessions
        How many early sessions are looked at (Eubanks, Lubitz, Muran & Safran 2019: early
        sessions of cognitive therapy).
    """
    held = tables.attended[:, :sessions]
    ruptures = tables.panel_is("rupture", "withdrawal", "confrontation")[:, :sessions]
    with np.errstate(invalid="ignore", divide="ignore"):
        if event == "resolution":
            repaired = np.nan_to_num(tables.panel("rupture_repaired")[:, :sessions]) > 0
            values = (repaired & ruptures).sum(axis=1) / ruptures.sum(axis=1)
        else:
            kind = tables.panel_is("rupture", event)[:, :sessions]
            values = kind.sum(axis=1) / held.sum(axis=1)
    chosen = tables.ended & np.isfinite(values)
    group = tables.dropped_out[chosen]
    return standardised_difference(
        values[chosen], ~group if event == "resolution" else group, tables.study[chosen]
    )


MEASURES = (
    Measure.of(dropout_rate, "dropout of those whose therapy is over", SHARE, level=True),
    Measure.of(
        dropout_definition_gap,
        "gap between definitions of dropout",
        SHARE.of_differences(),
        needs=("cut_off",),
        level=True,
    ),
    Measure.of(early_dropout_share, "dropouts after one or two sessions", SHARE, level=True),
    Measure.of(early_hazard_ratio, "early against later hazard of dropout", RATIO, level=True),
    Measure.of(alliance_dropout_d, "alliance lead of those who stay", DEVIATIONS),
    Measure.of(alliance_dropout_logit_slope, "dropout by alliance", LOGITS),
    Measure.of(event_dropout_d, "early rupture events and dropout", DEVIATIONS),
)
