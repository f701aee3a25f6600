"""Relationship variables and outcome: the correlations that meta-analyses of the alliance pool."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION
from experiments.statistics.gains import gain_lines_without_each
from experiments.statistics.left_out import Dealt
from experiments.statistics.outcome import (
    carried_forward,
    intake_score,
    last_score,
    residual_gain,
)
from experiments.statistics.pooling import (
    correlation_of,
    correlations_of_studies,
    correlations_without_each,
    pooled,
    pooled_correlation,
)
from experiments.statistics.regression import least_squares
from experiments.statistics.windows import score_at
from experiments.tables.keeping import found_for_all_parts, kept_by_client, kept_by_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.statistics.pooling import PooledCorrelation
    from experiments.tables.columns import Floats
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "EARLY",
    "MEASURES",
    "early_mean",
    "early_mean_and_gain",
    "empathy_accuracy_gap",
    "last_available",
    "process_outcome",
    "process_outcome_r",
    "relationship_measures_r",
    "task_goal_minus_bond",
    "trait_alliance_r",
]

EARLY = (3, 5)
"""Sessions at which early alliance is measured: later scores are coloured by improvement."""


@kept_by_client
def early_mean(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int] = EARLY,
    *,
    otherwise: Literal["nothing", "last"] = "nothing",
) -> Floats:
    """Mean score of each client over a window of sessions, shape (clients,).

    Parameters
    ----------
    tables, column
        Which score.
    sessions
        First and last session of the window, both included.
    otherwise
        What clients who left before the window get: ``nan`` (as in studies that measure the
        alliance in session 3), or their last score before it.
    """
    panel = tables.panel(column)
    first, last = sessions
    mean: Floats = np.full(tables.count, np.nan)
    if panel.shape[1] >= first:
        window = panel[:, first - 1 : last]
        held = (~np.isnan(window)).sum(axis=1)
        np.divide(np.nansum(window, axis=1), held, out=mean, where=held > 0)
    if otherwise == "last":
        for session in range(min(first - 1, panel.shape[1]) - 1, -1, -1):
            mean = np.where(np.isnan(mean), panel[:, session], mean)
    return mean


@kept_by_client
def last_available(tables: RunTables, column: str) -> Floats:
    """Last score of each client, shape (clients,); ``nan`` for clients without any."""
    panel = tables.panel(column)
    if panel.shape[1] == 0:
        return np.full(tables.count, np.nan)
    place = panel.shape[1] - 1 - np.isfinite(panel)[:, ::-1].argmax(axis=1)
    last: Floats = panel[np.arange(tables.count), place]
    return last


def _process_outcome_without_each(
    tables: RunTables,
    deal: Deal,
    column: str,
    sessions: tuple[int, int],
    symptom: str,
    otherwise: Literal["nothing", "last"],
) -> Sequence[PooledCorrelation | None]:
    if tables.studies != 1:
        return ()
    early = early_mean(tables, column, sessions, otherwise=otherwise)
    scores = np.array([early, intake_score(tables, symptom), last_score(tables, symptom)])
    moments = Dealt.of(deal, np.isfinite(scores).all(axis=0)).moments(scores)
    lines = gain_lines_without_each(tables, symptom, deal)
    process, gain = np.zeros((2, deal.parts, 3))
    process[:, 0], gain[:, 1:] = 1.0, lines.weights
    found = correlations_without_each(moments, process, gain)
    return [one if sure else None for one, sure in zip(found, lines.sure, strict=True)]


@found_for_all_parts(_process_outcome_without_each)
def _process_outcome(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    symptom: str,
    otherwise: Literal["nothing", "last"],
) -> PooledCorrelation:
    given = column, sessions, symptom, otherwise
    return pooled(correlations_of_studies(tables, early_mean_and_gain, given))


def early_mean_and_gain(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    symptom: str,
    otherwise: Literal["nothing", "last"],
) -> Floats:
    """Return `early_mean` and `experiments.statistics.outcome.residual_gain`, shape (clients, 2)."""
    early = early_mean(tables, column, sessions, otherwise=otherwise)
    return np.column_stack([early, residual_gain(tables, symptom)])


@kept_by_tables
def process_outcome(
    tables: RunTables,
    column: str = "wai_sr_client",
    sessions: tuple[int, int] = EARLY,
    *,
    symptom: str = "core_10",
    otherwise: Literal["nothing", "last"] = "nothing",
) -> PooledCorrelation:
    """Correlation of an early process score with residual gain, per study, pooled with Fisher's z.

    The statistic of F01-F03 and F07-F10 (alliance), F11 (empathy), F15 (goal), F16 (task),
    F17 (bond as the nearest report of regard), F20 (disclosure). Higher is better on both sides,
    so a helpful process has a positive correlation.
    """
    return _process_outcome(tables, column, sessions, symptom, otherwise)


def process_outcome_r(
    tables: RunTables,
    column: str = "wai_sr_client",
    sessions: tuple[int, int] = EARLY,
    *,
    otherwise: Literal["nothing", "last"] = "nothing",
) -> float:
    """Pooled correlation of `process_outcome` (F01, F11, F15, F16)."""
    return process_outcome(tables, column, sessions, otherwise=otherwise).r


def empathy_accuracy_gap(tables: RunTables, sessions: tuple[int, int] = EARLY) -> float:
    """How much better perceived empathy predicts outcome than true attunement does (F11).

    r(client-rated empathy, gain) minus r(latent attunement, gain); published: tests of empathic
    accuracy predict worst. This fact asks for the latent value.
    """
    perceived = process_outcome_r(tables, "blri_empathy", sessions)
    return perceived - process_outcome_r(tables, "attunement", sessions)


def relationship_measures_r(
    tables: RunTables,
    first: str = "wai_sr_client",
    second: str = "blri_empathy",
    sessions: tuple[int, int] = (3, 3),
) -> float:
    """Concurrent correlation of two client-rated relationship measures, between clients (F14)."""
    return correlation_of(tables, _early_means, first, second, sessions).r


@kept_by_client
def _early_means(tables: RunTables, one: str, other: str, sessions: tuple[int, int]) -> Floats:
    return np.column_stack([early_mean(tables, name, sessions) for name in (one, other)])


def trait_alliance_r(
    tables: RunTables,
    trait: str = "attachment_anxiety",
    column: str = "wai_sr_client",
    sessions: tuple[int, int] = (3, 3),
) -> float:
    """Correlation of a client trait with early alliance (F77).

    ``attachment_security`` stands for low anxiety and low avoidance: the turned mean of the two
    standardised dimensions (Diener & Monroe 2011 pool such measures).
    """
    if trait != "attachment_security":
        return correlation_of(tables, _trait_and_early_mean, trait, column, sessions).r
    parts = [tables.client("attachment_anxiety"), tables.client("attachment_avoidance")]
    values = -sum((part - part.mean()) / part.std() for part in parts)
    return pooled_correlation(
        np.asarray(values, dtype=np.float64), early_mean(tables, column, sessions), tables.study
    ).r


@kept_by_client
def _trait_and_early_mean(
    tables: RunTables, trait: str, column: str, sessions: tuple[int, int]
) -> Floats:
    return np.column_stack([tables.client(trait), early_mean(tables, column, sessions)])


def task_goal_minus_bond(tables: RunTables, session: int = 3, *, symptom: str = "core_10") -> float:
    """Whether agreement on task and goal predicts later change better than the bond (F22).

    Change from `session` to the end is regressed on the symptom score at that session, on task
    and goal together, and on bond, all standardised within studies (Webb et al. 2011).

    Returns
    -------
    float
        β of task and goal minus β of bond.
    """
    score = score_at(tables, symptom, session)
    if tables.width <= session:
        return math.nan
    later = np.where(
        tables.sessions_attended > session, score - carried_forward(tables, symptom)[:, -1], np.nan
    )
    task, goal, bond = (
        score_at(tables, f"wai_sr_client_{part}", session) for part in ("task", "goal", "bond")
    )
    fit = least_squares(later, (task + goal, bond, score), tables.study, standardise=True)
    return float(fit[0] - fit[1])


MEASURES = (
    Measure.of(process_outcome_r, "correlation of early process and outcome", CORRELATION),
    Measure.of(
        empathy_accuracy_gap,
        "lead of perceived over accurate empathy",
        CORRELATION.of_differences(),
    ),
    Measure.of(
        relationship_measures_r, "correlation of two ratings of the relationship", CORRELATION
    ),
    Measure.of(trait_alliance_r, "correlation of a trait and alliance", CORRELATION),
    Measure.of(
        task_goal_minus_bond, "lead of task and goal over bond", CORRELATION.of_differences()
    ),
)
