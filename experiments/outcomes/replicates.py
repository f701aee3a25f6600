"""The tables of a run as columns, and the averages over replicates that outcomes are made of.

Every sum runs over a replicate's own rows in their order (`numpy.bincount`), so an outcome has the
same bits whichever replicates it is computed together with, and on every machine.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Mask", "Numbers", "Tables", "ratio"]

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

ALLIANCE_SESSION = 3
"""Session at which the early alliance is read (F01: session 3 to 5)."""


@dataclass(frozen=True)
class Tables:
    """The tables of some replicates of one clinic, as columns.

    Attributes
    ----------
    first, replicates
        Number of the first replicate, and how many there are.
    clients, therapists, sessions
        Column name to values, one entry a row; empty mappings where an outcome does not need them.
    """

    first: int
    replicates: int
    clients: Mapping[str, NDArray[Any]]
    therapists: Mapping[str, NDArray[Any]]
    sessions: Mapping[str, NDArray[Any]]

    @functools.cached_property
    def of_client(self) -> NDArray[np.intp]:
        """Replicate of each row of clients, counted from 0."""
        return np.asarray(self.clients["replicate"], dtype=np.intp) - self.first

    @functools.cached_property
    def started(self) -> Mask:
        """Clients who came to at least one session."""
        return np.asarray(self.clients["sessions"]) > 0

    @functools.cached_property
    def starters(self) -> Numbers:
        """Number of clients who came to at least one session, per replicate."""
        return self.count(self.started)

    @functools.cached_property
    def statuses(self) -> dict[str, Mask]:
        """Status to the clients who ended in it."""
        status = self.clients["status"]
        from simulation.clinic import STATUSES

        if status.dtype.kind in "iu":
            return {name: status == place for place, name in enumerate(STATUSES)}
        return {name: status == name for name in STATUSES}

    @functools.cached_property
    def change(self) -> Numbers:
        """Fall of CORE-10 from intake to the last session, per client; positive is better."""
        return self.client("core_10_intake") - self.client("core_10_last")

    @functools.cached_property
    def measured(self) -> Mask:
        """Clients who started and have CORE-10 at intake and last."""
        return self.started & ~np.isnan(self.change)

    @functools.cached_property
    def early_alliance(self) -> Numbers:
        """WAI-SR by the client at session 3, per client; NaN where there was no such session."""
        return self._at_clients(np.asarray(self.sessions["session"]) == ALLIANCE_SESSION)

    @functools.cached_property
    def last_alliance(self) -> Numbers:
        """WAI-SR by the client at the last session held, per client; NaN where there was none."""
        key = self._key(self.sessions)
        last = np.zeros(self._keys, dtype=np.int64)
        session = np.asarray(self.sessions["session"], dtype=np.int64)
        np.maximum.at(last, key, session)
        return self._at_clients(session == last[key])

    def client(self, column: str) -> Numbers:
        """Return a column of clients as numbers."""
        return np.asarray(self.clients[column], dtype=np.float64)

    def count(self, mask: Mask) -> Numbers:
        """Count clients in `mask`, per replicate."""
        return np.bincount(self.of_client[mask], minlength=self.replicates).astype(np.float64)

    def total(self, values: Numbers, mask: Mask) -> Numbers:
        """Add up `values` of the clients in `mask`, per replicate."""
        return sums(self.of_client[mask], values[mask], self.replicates)

    def mean(self, values: Numbers, mask: Mask) -> Numbers:
        """Average `values` of the clients in `mask`, per replicate; NaN where there are none."""
        return ratio(self.total(values, mask), self.count(mask))

    def moment(self, one: Numbers, other: Numbers, mask: Mask) -> Numbers:
        """Return the mean product of deviations of the clients in `mask`, per replicate."""
        left = one - self.mean(one, mask)[self.of_client]
        right = other - self.mean(other, mask)[self.of_client]
        return self.mean(left * right, mask)

    def deviation(self, values: Numbers, mask: Mask) -> Numbers:
        """Return the standard deviation (n - 1) of the clients in `mask`, per replicate."""
        count = self.count(mask)
        return np.sqrt(ratio(self.moment(values, values, mask) * count, count - 1.0))

    def correlation(self, one: Numbers, other: Numbers, mask: Mask) -> Numbers:
        """Return Pearson's r over the clients in `mask`, per replicate.

        NaN with fewer than three.
        """
        product = np.sqrt(self.moment(one, one, mask) * self.moment(other, other, mask))
        r = ratio(self.moment(one, other, mask), product)
        return np.where(self.count(mask) >= 3, r, np.nan)

    def over_sessions(self, column: str) -> Numbers:
        """Average a column of sessions, per replicate."""
        return self._average(self.sessions, column)

    def over_therapists(self, column: str) -> Numbers:
        """Average a column of therapists, per replicate."""
        return self._average(self.therapists, column)

    def _average(self, table: Mapping[str, NDArray[Any]], column: str) -> Numbers:
        place = np.asarray(table["replicate"], dtype=np.intp) - self.first
        values = np.asarray(table[column], dtype=np.float64)
        known = ~np.isnan(values)
        count = sums(place[known], np.ones(int(known.sum())), self.replicates)
        return ratio(sums(place[known], values[known], self.replicates), count)

    @functools.cached_property
    def _keys(self) -> int:
        clients = np.asarray(self.clients["client"])
        return self.replicates * (int(clients.max()) + 1 if len(clients) else 1)

    def _key(self, table: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        width = self._keys // self.replicates
        place = np.asarray(table["replicate"], dtype=np.int64) - self.first
        return place * width + np.asarray(table["client"], dtype=np.int64)

    def _at_clients(self, rows: Mask) -> Numbers:
        found = np.full(self._keys, np.nan)
        found[self._key(self.sessions)[rows]] = np.asarray(self.sessions["wai_sr_client"])[rows]
        return found[self._key(self.clients)]


def sums(place: NDArray[np.intp], values: Numbers, replicates: int) -> Numbers:
    """Add up `values` by replicate, each replicate's in their order."""
    return np.asarray(np.bincount(place, values, minlength=replicates), dtype=np.float64)


def ratio(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Divide; NaN where the denominator is not positive."""
    allowed = denominator > 0
    return np.where(allowed, numerator / np.where(allowed, denominator, 1.0), np.nan)
