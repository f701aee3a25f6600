"""Who comes, how long they stay, and how therapies end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.kinds import Share, share_of_clients, share_with_status
from experiments.quantities.measure import Measure
from experiments.quantities.unit import SESSIONS, SHARE

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["MEASURES"]

SEVERE = 20.0
"""CORE-10 score at intake from which this module calls a client severely distressed."""


def _dropout_where(column: str, chosen: Callable[[Floats], Booleans]) -> Share:
    return share_of_clients(
        lambda tables: tables.dropped_out,
        of=lambda tables: tables.started & chosen(tables.client(column)),
    )


def _mean_sessions(tables: RunTables) -> Floats:
    return tables.clients_by_study.mean(tables.client("sessions"), tables.started)


MEASURES = (
    Measure(
        "dropout_rate",
        "dropout",
        "Clients who end on their own, of those who started (F23).",
        SHARE,
        share_with_status("dropped_out"),
    ),
    Measure(
        "completion_rate",
        "planned endings",
        "Clients who end by plan, of those who started.",
        SHARE,
        share_with_status("completed"),
    ),
    Measure(
        "session_limit_rate",
        "endings at the session limit",
        "Clients stopped by the session limit, of those who started.",
        SHARE,
        share_with_status("session_limit"),
    ),
    Measure(
        "never_started_rate",
        "clients who never start",
        "Clients who asked and never came, of all who asked.",
        SHARE,
        share_of_clients(
            lambda tables: tables.status_is("never_started"),
            of=lambda tables: np.ones(tables.count, bool),
        ),
    ),
    Measure(
        "early_dropout_rate",
        "dropout after one or two sessions",
        "Clients who drop out after one or two sessions, of those who started.",
        SHARE,
        share_of_clients(
            lambda tables: tables.dropped_out & (tables.sessions_attended <= 2),
        ),
    ),
    Measure(
        "early_dropout_share",
        "early ones among dropouts",
        "Dropouts after one or two sessions, of all dropouts (F28).",
        SHARE,
        share_of_clients(
            lambda tables: tables.sessions_attended <= 2, of=lambda tables: tables.dropped_out
        ),
    ),
    Measure(
        "one_session_rate",
        "clients who come once",
        "Clients who came once, of those who started (F29).",
        SHARE,
        share_of_clients(lambda tables: tables.sessions_attended == 1),
    ),
    Measure(
        "dropout_rate_severe",
        "dropout of severely distressed clients",
        "Dropout of clients with CORE-10 of 20 or more at intake.",
        SHARE,
        _dropout_where("core_10_intake", lambda score: score >= SEVERE),
    ),
    Measure(
        "dropout_rate_milder",
        "dropout of less distressed clients",
        "Dropout of clients with CORE-10 below 20 at intake.",
        SHARE,
        _dropout_where("core_10_intake", lambda score: score < SEVERE),
    ),
    Measure(
        "dropout_rate_anxious",
        "dropout of anxiously attached clients",
        "Dropout of clients with attachment anxiety of .5 or more.",
        SHARE,
        _dropout_where("attachment_anxiety", lambda anxiety: anxiety >= 0.5),
    ),
    Measure(
        "dropout_rate_secure",
        "dropout of securely attached clients",
        "Dropout of clients with attachment anxiety below .5.",
        SHARE,
        _dropout_where("attachment_anxiety", lambda anxiety: anxiety < 0.5),
    ),
    Measure(
        "mean_sessions",
        "sessions a client",
        "Sessions of a client who started.",
        SESSIONS,
        _mean_sessions,
    ),
)
