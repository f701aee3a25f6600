"""How most outcomes are computed: a share of clients, sessions or events, or a mean over sessions or therapists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.groups import ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.groups import Groups
    from experiments.tables.run_tables import RunTables

__all__ = [
    "Share",
    "known_mean",
    "mean_over_sessions",
    "mean_over_therapists",
    "per_event",
    "share_of_clients",
    "share_of_events",
    "share_of_sessions",
    "share_with_status",
    "started",
]


@dataclass(frozen=True, slots=True)
class Share:
    """A share in each replicate.

    Attributes
    ----------
    counts
        From tables to how many cases there are, and of how many, both of shape (replicates,).
    """

    counts: Callable[[RunTables], tuple[Floats, Floats]]

    def __call__(self, tables: RunTables) -> Floats:
        """Return the shares, NaN of nobody, shape (replicates,)."""
        return ratio(*self.counts(tables))


def started(tables: RunTables) -> Booleans:
    """Tell who came to a session."""
    return tables.started


def share_of_clients(
    part: Callable[[RunTables], Booleans], of: Callable[[RunTables], Booleans] = started
) -> Share:
    """Return how many clients are in `part`, too, of those in `of`."""

    def counts(tables: RunTables) -> tuple[Floats, Floats]:
        by, whole = tables.clients_by_study, of(tables)
        return by.size(part(tables) & whole), by.size(whole)

    return Share(counts)


def share_with_status(status: str) -> Share:
    """Return how many clients of those who started ended so; see `simulation.clinic.STATUSES`."""
    return share_of_clients(lambda tables: tables.status_is(status))


def share_of_events(part: str, of: str) -> Share:
    """Return how many of the events of one column of the clients are events of another."""
    return Share(lambda tables: _totals(tables, part, of))


def per_event(part: str, of: str) -> Callable[[RunTables], Floats]:
    """Return how many events of one column of the clients there are for each of another."""
    return lambda tables: ratio(*_totals(tables, part, of))


def share_of_sessions(part: Callable[[RunTables], Booleans]) -> Share:
    """Return in how many of all sessions held `part` is so, from tables to shape (sessions held,)."""

    def counts(tables: RunTables) -> tuple[Floats, Floats]:
        by, held = tables.sessions_by_study, part(tables)
        return by.size(held), by.size(np.ones_like(held))

    return Share(counts)


def mean_over_sessions(column: str) -> Callable[[RunTables], Floats]:
    """Return the mean of a column over all sessions held."""
    return lambda tables: known_mean(tables.sessions_by_study, tables.session(column))


def mean_over_therapists(column: str) -> Callable[[RunTables], Floats]:
    """Return the mean of a column over the therapists."""
    return lambda tables: known_mean(tables.therapists_by_study, tables.therapist_column(column))


def known_mean(groups: Groups, values: Floats) -> Floats:
    """Average what is known; NaN where nothing is."""
    return groups.mean(values, ~np.isnan(values))


def _totals(tables: RunTables, part: str, of: str) -> tuple[Floats, Floats]:
    by = tables.clients_by_study
    one, other = (by.total(tables.client(name), tables.started) for name in (part, of))
    return one, other
