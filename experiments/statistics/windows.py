"""Windows of sessions: scores, the mean course of all clients, each client's own trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.keeping import kept_by_client, kept_by_tables, summed_over_clients

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "count_by_client",
    "score_at",
    "session_mean",
    "session_sums",
    "trends_taken_out",
    "window",
    "without_trends",
]


@kept_by_client
def score_at(tables: RunTables, column: str, session: int) -> Floats:
    """Scores of one session, shape (clients,); ``nan`` where it was not held or not scored."""
    panel = tables.panel(column)
    if panel.shape[1] < session:
        return np.full(tables.count, np.nan)
    return np.ascontiguousarray(panel[:, session - 1])


@kept_by_tables
def window(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    *,
    session_means: bool = True,
) -> Floats:
    """Scores of a window of sessions, shape (clients, sessions of the window).

    With `session_means`, the mean of each session over all clients is taken out, so that a common
    course (everybody improves) does not count as an effect of one score on another.
    """
    first, last = sessions
    panel = tables.panel(column)[:, first - 1 : last]
    if not session_means or panel.size == 0:
        return panel
    return panel - session_mean(tables, column, sessions)


def session_mean(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return the mean over all clients of each session of a window, 0 where nobody scored."""
    total, count = np.split(session_sums(tables, column, sessions), 2)
    mean: Floats = total / np.maximum(count, 1.0)
    return mean


@summed_over_clients
def session_sums(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Sums of the scores in each session of a window, and how many there are, shape (2 · sessions,)."""
    first, last = sessions
    panel = tables.panel(column)[:, first - 1 : last]
    known = np.isfinite(panel)
    return np.hstack([np.where(known, panel, 0.0), known])


def count_by_client(panel: Booleans) -> Integers:
    """Count what is true in each row, shape (clients,); quicker than a sum along short rows."""
    count: Integers = np.ascontiguousarray(panel.T).sum(axis=0, dtype=np.int64)
    return count


def without_trends(panel: Floats, *, least: int = 4) -> Floats:
    """Take each client's own linear trend out, shape (clients, sessions).

    Clients with fewer than `least` scores become ``nan``: a line through two or three points
    leaves nothing.
    """
    residual: Floats = np.ascontiguousarray(
        trends_taken_out(np.ascontiguousarray(panel.T), least=least).T
    )
    return residual


def trends_taken_out(sessions: Floats, *, least: int = 4) -> Floats:
    """Do what `without_trends` does for scores of shape (sessions, clients), which is quicker."""
    known = np.isfinite(sessions).astype(np.float64)
    scores = np.where(known > 0, sessions, 0.0)
    when = np.arange(len(sessions), dtype=np.float64)
    n, total = known.sum(axis=0), scores.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (when[:, None] * known).sum(axis=0) / n
        level = total / n
        products, squares = np.zeros((2, *n.shape))
        for session, scored_there, number in zip(scores, known, when, strict=True):
            deviation = (number - centre) * scored_there
            products += deviation * session
            squares += deviation * deviation
        slope = products / squares
    slope[n < least] = np.nan
    residual: Floats = sessions - (level - slope * centre)
    residual -= slope * when[:, None]
    return residual
