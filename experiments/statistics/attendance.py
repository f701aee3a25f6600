"""How many sessions clients come to, and what staying goes with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS_AT_INTAKE, RATIO, SESSIONS, SHARE
from experiments.statistics.left_out import Dealt
from experiments.statistics.outcome import Group, among, intake_score, last_score
from experiments.statistics.pooling import centred, correlation_of
from experiments.statistics.quantiles import quantile_of_counts
from experiments.statistics.regression import least_squares
from experiments.statistics.windows import score_at
from experiments.tables.clinical_change import CUT_OFF, clinical
from experiments.tables.columns import distinct
from experiments.tables.keeping import found_for_all_parts, kept_by_client, kept_by_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "finished_share",
    "first_session_extremity_ratio",
    "mean_sessions",
    "mode_sessions",
    "noncompletion_cost",
    "one_session_share",
    "satisfaction_completion_r",
    "session_gain_slope",
]


def one_session_share(
    tables: RunTables, *, of: Literal["starters", "assigned"] = "starters"
) -> float:
    """Share of clients with one session only (F29), or at most one of all assigned (F30).

    ``assigned`` also counts those who never started; clients still waiting or in treatment are
    left out.
    """
    if of == "starters":
        held = tables.sessions_attended[tables.ended]
    else:
        held = tables.sessions_attended[tables.ended | tables.status_is("never_started")]
    return float((held <= 1).mean()) if held.size else math.nan


def first_session_extremity_ratio(tables: RunTables, column: str = "wai_sr_client") -> float:
    """How much commoner extreme first alliances are among those who do not return (F29).

    The share of first-session scores in the lowest or the highest tenth of all, among clients
    who held one session only, divided by the same share among those who came back. Simon et al.
    (2012) found leavers likelier to report both the best and the worst.
    """
    return _extremity_ratio(tables, column)


def _extremity_ratios_without_each(
    tables: RunTables, deal: Deal, column: str
) -> Sequence[float | None]:
    """Return the ratios by how many have each score, and how many of these came once."""
    scores = score_at(tables, column, 1)
    dealt = Dealt.of(deal, tables.ended & np.isfinite(scores))
    if not dealt.rows.size:
        return ()
    values, place = distinct(scores.take(dealt.rows))
    once = (tables.sessions_attended.take(dealt.rows) == 1).astype(np.float64)
    ones = np.ones(once.size)
    return [
        _extremity_ratio_of(values, n, left)
        for n, left in dealt.group_sums(np.array([ones, once]), place, values.size)
    ]


def _extremity_ratio_of(values: Floats, n: Floats, left: Floats) -> float:
    """Return the ratio by ascending scores, how many clients have each, and how many of these came once."""
    until, leavers = np.cumsum(n), float(left.sum())
    size = float(until[-1])
    if not 0.0 < leavers < size:
        return math.nan
    low, high = (quantile_of_counts(values, until, share) for share in (0.1, 0.9))
    extreme = (values <= low) | (values >= high)
    of_all, of_leavers = float(n[extreme].sum()), float(left[extreme].sum())
    returned = (of_all - of_leavers) / (size - leavers)
    return of_leavers / leavers / returned if returned > 0 else math.nan


@found_for_all_parts(_extremity_ratios_without_each)
def _extremity_ratio(tables: RunTables, column: str) -> float:
    scores = score_at(tables, column, 1)
    known = tables.ended & np.isfinite(scores)
    if not known.any():
        return math.nan
    values, place = distinct(scores[known])
    once = tables.sessions_attended[known] == 1
    n, left = (np.bincount(some, minlength=values.size) for some in (place, place[once]))
    return _extremity_ratio_of(values, n.astype(np.float64), left.astype(np.float64))


def mean_sessions(tables: RunTables, *, who: Literal[Group, "recovered"] = "starters") -> float:
    """Mean number of sessions of clients whose treatment is over (F31, F32).

    Parameters
    ----------
    tables
        Whose sessions.
    who
        All starters, completers, or starters who crossed the cut-off from above.
    """
    if who == "recovered":
        with np.errstate(invalid="ignore"):
            chosen = clinical(intake_score(tables)) & (last_score(tables) < CUT_OFF)
    else:
        chosen = among(tables, who)
    held = tables.sessions_attended[chosen & tables.ended]
    return float(held.mean()) if held.size else math.nan


def mode_sessions(tables: RunTables) -> float:
    """Commonest number of sessions of starters whose treatment is over (F31)."""
    held = tables.sessions_attended[tables.ended]
    return float(np.bincount(held).argmax()) if held.size else math.nan


def finished_share(tables: RunTables) -> float:
    """Finished treatments ÷ started treatments (F32)."""
    ended = tables.ended
    return float(among(tables, "completers")[ended].mean()) if ended.any() else math.nan


def noncompletion_cost(tables: RunTables) -> float:
    """How much less those without a planned ending change, in SD at intake (F38).

    Change is regressed on completion, number of sessions and intake (Saxon, Firth & Barkham
    2017); the coefficient of completion, divided by the standard deviation at intake.
    """
    return _change_model(tables)[0]


def session_gain_slope(tables: RunTables) -> float:
    """Further change per further session, in SD at intake, from the same regression (F38)."""
    return _change_model(tables)[1]


@kept_by_tables
def _change_model(tables: RunTables) -> tuple[float, float]:
    x, y = intake_score(tables), last_score(tables)
    chosen = tables.ended & np.isfinite(x) & np.isfinite(y)
    if chosen.sum() < 10:
        return math.nan, math.nan
    x, y, study = x[chosen], y[chosen], tables.study[chosen]
    spread = float(np.sqrt((centred(x, study) ** 2).mean()))
    completed = among(tables, "completers")[chosen].astype(np.float64)
    held = tables.sessions_attended[chosen].astype(np.float64)
    fit = least_squares(x - y, (completed, held, x), study)
    return (float(fit[0] / spread), float(fit[1] / spread)) if spread > 0 else (math.nan, math.nan)


def satisfaction_completion_r(tables: RunTables) -> float:
    """Correlation of satisfaction (CSQ-8) with having completed treatment (F79)."""
    return correlation_of(tables, _satisfaction_and_completion).r


@kept_by_client
def _satisfaction_and_completion(tables: RunTables) -> Floats:
    completed = among(tables, "completers").astype(np.float64)
    stayed = np.where(tables.ended, completed, np.nan)
    return np.column_stack([tables.client("csq_8_last"), stayed])


MEASURES = (
    Measure.of(one_session_share, "clients who come once", SHARE, level=True),
    Measure.of(
        first_session_extremity_ratio, "extreme first alliances of those who do not return", RATIO
    ),
    Measure.of(mean_sessions, "sessions of those whose therapy is over", SESSIONS, level=True),
    Measure.of(mode_sessions, "commonest number of sessions", SESSIONS, level=True),
    Measure.of(finished_share, "finished treatments", SHARE, level=True),
    Measure.of(noncompletion_cost, "cost of an ending that was not planned", DEVIATIONS_AT_INTAKE),
    Measure.of(session_gain_slope, "further change a session", DEVIATIONS_AT_INTAKE),
    Measure.of(
        satisfaction_completion_r, "correlation of satisfaction and completion", CORRELATION
    ),
)
