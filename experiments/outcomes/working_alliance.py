"""The alliance: as it is, as it is reported, and how it goes with change and with staying."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.kinds import known_mean, mean_over_sessions
from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS, LATENT, points_of
from experiments.tables.groups import ratio

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["MEASURES"]

EARLY = 3
"""Session at which the early alliance is read (F01: session 3 to 5)."""

SESSIONS = ("sessions",)


def _early(tables: RunTables) -> Floats:
    """Return WAI-SR by the client at session 3, per client; NaN where there was no such session."""
    panel = tables.panel("wai_sr_client")
    if panel.shape[1] < EARLY:
        return np.full(tables.count, np.nan)
    return panel[:, EARLY - 1]


def _last(tables: RunTables) -> Floats:
    """Return WAI-SR by the client at the last session held, per client; NaN where there was none."""
    panel, held = tables.panel("wai_sr_client"), tables.sessions_attended
    if not panel.shape[1]:
        return np.full(tables.count, np.nan)
    last = panel[np.arange(tables.count), np.maximum(held, 1) - 1]
    return np.where(held > 0, last, np.nan)


def _with_outcome(tables: RunTables) -> Floats:
    by, alliance = tables.clients_by_study, _early(tables)
    intake, last = tables.client("core_10_intake"), tables.client("core_10_last")
    both = tables.started & ~np.isnan(intake - last) & ~np.isnan(alliance)
    with_last = by.correlation(alliance, last, both)
    with_intake = by.correlation(alliance, intake, both)
    stability = by.correlation(intake, last, both)
    return -ratio(with_last - with_intake * stability, np.sqrt(np.maximum(1.0 - stability**2, 0.0)))


def _with_staying(tables: RunTables) -> Floats:
    by, alliance = tables.clients_by_study, _last(tables)
    known = tables.started & ~np.isnan(alliance)
    left, stayed = known & tables.dropped_out, known & ~tables.dropped_out
    n_left, n_stayed = by.size(left), by.size(stayed)
    within = n_left * by.moment(alliance, alliance, left) + n_stayed * by.moment(
        alliance, alliance, stayed
    )
    spread = np.sqrt(ratio(within, n_left + n_stayed - 2.0))
    return ratio(by.mean(alliance, stayed) - by.mean(alliance, left), spread)


MEASURES = (
    Measure(
        "mean_alliance",
        "latent alliance",
        "Latent alliance over all sessions held; those who stay weigh more.",
        LATENT,
        mean_over_sessions("alliance"),
        SESSIONS,
    ),
    Measure(
        "mean_trust",
        "latent trust",
        "Latent trust over all sessions held.",
        LATENT,
        mean_over_sessions("trust"),
        SESSIONS,
    ),
    Measure(
        "mean_wai_sr_client",
        "alliance as clients report it",
        "WAI-SR by clients over all sessions held.",
        points_of("wai_sr_client"),
        mean_over_sessions("wai_sr_client"),
        SESSIONS,
    ),
    Measure(
        "mean_blri_empathy",
        "empathy as clients report it",
        "Empathy as clients perceive it, over all sessions held.",
        points_of("blri_empathy"),
        mean_over_sessions("blri_empathy"),
        SESSIONS,
    ),
    Measure(
        "early_wai_sr_client",
        "alliance reported at session 3",
        "WAI-SR by clients at session 3.",
        points_of("wai_sr_client"),
        lambda tables: known_mean(tables.clients_by_study, _early(tables)),
        SESSIONS,
    ),
    Measure(
        "alliance_outcome_r",
        "correlation of alliance and outcome",
        "Correlation of WAI-SR at session 3 with the residual gain on CORE-10 (F01).",
        CORRELATION,
        _with_outcome,
        SESSIONS,
    ),
    Measure(
        "alliance_dropout_d",
        "alliance lead of those who stay",
        "Last WAI-SR of those who stayed against those who dropped out, in SD (F33).",
        DEVIATIONS,
        _with_staying,
        SESSIONS,
    ),
)
