"""Records in which sessions are seen through scores alone, because questionnaires are given at some sessions only.

When a client left is then not known: one who left before the first of them has no session at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.columns import names_of
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Integers

__all__ = ["measured_sessions", "measured_text", "with_unseen_sessions"]

FEWEST = 10
"""Clients with a session below which a session that nobody has may be chance."""

ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}

MOST_SHOWN = 5

LAST = frozenset({"core_10_last", "csq_8_last"})
"""Columns of last scores."""


def measured_sessions(client: Integers, session: Integers) -> tuple[int, ...]:
    """Return the sessions at which scores were asked for, in order; empty where sessions are seen one by one.

    Sessions are seen through scores alone if nobody has a row at some session that half of the clients must have
    held, for they have a later one.

    Parameters
    ----------
    client, session
        Whose each row is, and of which session, from 1, shape (rows,) each.
    """
    if not session.size:
        return ()
    last = np.zeros(int(client.max()) + 1, dtype=np.int64)
    np.maximum.at(last, client, session)
    last = last[last > 0]
    seen = np.unique(session)
    half = int(np.median(last))
    if last.size < FEWEST or np.isin(np.arange(1, half), seen).all():
        return ()
    return tuple(seen.tolist())


def measured_text(sessions: Sequence[int]) -> str:
    """Say at which sessions scores were asked for: ``"every third session"``, ``"sessions 1, 4, 8"``."""
    steps = set(np.diff(sessions).tolist())
    if len(steps) == 1 and (step := steps.pop()) in ORDINALS and sessions[0] <= step:
        return f"every {ORDINALS[step]} session"
    shown = ", ".join(map(str, sessions[:MOST_SHOWN]))
    return f"session{'s' * (len(sessions) > 1)} {shown}{', …' * (len(sessions) > MOST_SHOWN)}"


def with_unseen_sessions(tables: RunTables, measured: Sequence[int]) -> tuple[RunTables, ...]:
    """Return the records as they may have been, with the fewest and with the most sessions that nothing was seen of.

    Clients without a session may have left after one, or just before the first that is measured; the others after
    the last that is seen, or just before the next that is measured.

    Parameters
    ----------
    tables
        The records.
    measured
        The sessions that are measured, in order.
    """
    held = tables.sessions_attended
    unseen = held == 0
    before_next = np.append(np.asarray(measured, dtype=np.int64) - 1, 0)[
        np.searchsorted(measured, held, side="right")
    ]
    most = np.maximum(held, before_next)
    return tuple(
        _with_sessions(tables, sessions, unseen) for sessions in (np.where(unseen, 1, held), most)
    )


def _with_sessions(tables: RunTables, sessions: Integers, unseen: Booleans) -> RunTables:
    clients = {name: tables.clients[name] for name in names_of(tables.clients)}
    for name in LAST & set(clients):  # a score at intake is no outcome of those who left at once
        clients[name] = np.where(unseen, np.nan, tables.client(name))
    return RunTables({**clients, "sessions": sessions}, tables.sessions)
