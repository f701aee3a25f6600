"""Pairs of sessions of the same client: what a score is, and what two scores were some sessions before.

Every score is measured from the client's own mean over the pairs, and the mean of each session over all clients
comes out of it. What a client adds to products of such scores depends on those means in a known way, so it is
computed once for all tables that lack a few of the clients.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.windows import session_mean, trends_taken_out
from experiments.tables.columns import distinct
from experiments.tables.groups import first_of_each
from experiments.tables.keeping import kept_by_tables, lacking_few

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "OwnPairs",
    "detrended_products",
    "in_blocks",
    "own_pairs",
    "own_pairs_of",
    "pair_means",
    "products",
    "weighted",
]


@dataclass(frozen=True, slots=True, eq=False)
class OwnPairs:
    """Pairs of sessions by place in the window and client.

    Attributes
    ----------
    own
        Later effect, earlier cause and earlier effect from the client's mean over the pairs; 0 where there is no
        pair. Shape (3, places, clients).
    there
        1 where there is a pair, shape (places, clients). Nobody has a single one.
    n
        Pairs of each client, but at least 1, shape (clients,).
    """

    own: Floats
    there: Floats
    n: Floats

    def only(self, clients: Integers) -> OwnPairs:
        """Return those of some clients."""
        own, there = self.own.take(clients, axis=2), self.there.take(clients, axis=1)
        return OwnPairs(own, there, self.n[clients])

    def stretch(self, begin: int, end: int) -> OwnPairs:
        """Return those of clients who stand one after the other."""
        return OwnPairs(self.own[:, :, begin:end], self.there[:, begin:end], self.n[begin:end])

    def sums(self) -> PairSums:
        """Return the sums over clients."""
        both = np.einsum("sc,tc->st", self.there / self.n, self.there)
        return PairSums(_crossed(self.own), self.own.sum(axis=2), self.there.sum(axis=1), both)


@dataclass(frozen=True, slots=True, eq=False)
class PairSums:
    """Sums of `OwnPairs` over clients.

    Attributes
    ----------
    products
        Of the three scores with each other, shape (3, 3).
    scores
        Of each score at each place, shape (3, places).
    there
        Pairs at each place, shape (places,).
    both
        1 ÷ pairs of the client, for every two places at which a client has one, shape (places, places).
    """

    products: Floats
    scores: Floats
    there: Floats
    both: Floats

    def less(self, few: PairSums) -> PairSums:
        """Return the sums without those of some of the clients."""
        return PairSums(
            self.products - few.products,
            self.scores - few.scores,
            self.there - few.there,
            self.both - few.both,
        )


BLOCK = 256
"""Clients of whom products are computed together."""


def in_blocks(*values: Floats) -> Floats:
    """Return values of shapes (rows, clients), one below the other, as `weighted` takes them.

    Returns
    -------
    ndarray, shape (blocks, rows, `BLOCK`)
        The last block ends in zeros.
    """
    clients = values[0].shape[1]
    blocks = np.zeros((-(-clients // BLOCK), sum(map(len, values)), BLOCK))
    for block, begin in zip(blocks, range(0, clients, BLOCK), strict=True):
        end = min(begin + BLOCK, clients)
        np.concatenate([rows[:, begin:end] for rows in values], out=block[:, : end - begin])
    return blocks


def weighted(weights: Floats, blocks: Floats, clients: int) -> Floats:
    """Return weighted sums of the rows of `in_blocks`, shape (sums, clients).

    The blocks are so small that no library of linear algebra begins threads for one: on a machine with other work
    they wait for each other for longer than the product takes.
    """
    found = (weights @ blocks).transpose(1, 0, 2).reshape(len(weights), -1)
    return np.asarray(found[:, :clients])


def _crossed(own: Floats) -> Floats:
    """Return the products of scores with each other, shape (3, 3); not by linear algebra, see `weighted`."""
    flat = own.reshape(len(own), -1)
    return np.asarray(np.einsum("ac,bc->ab", flat, flat))


def own_pairs_of(x: Floats, y: Floats, lag: int) -> OwnPairs:
    """Return the pairs in panels of cause and effect, of shape (sessions, clients), that are `lag` sessions apart."""
    scores = (y[lag:], x[:-lag], y[:-lag])
    known: Booleans = np.logical_and.reduce([np.isfinite(one) for one in scores])
    known &= known.sum(axis=0) >= 2
    there = known.astype(np.float64)
    n = np.maximum(there.sum(axis=0), 1.0)
    own = np.empty((3, *there.shape))
    for place, one in zip(own, scores, strict=True):
        filled = np.where(known, one, 0.0)
        filled -= filled.sum(axis=0) / n
        np.multiply(filled, there, out=place)
    return OwnPairs(own, there, n)


def _panel(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    return np.ascontiguousarray(tables.panel(column)[:, sessions[0] - 1 : sessions[1]].T)


@kept_by_tables
def own_pairs(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> OwnPairs:
    """Return the pairs in a window of sessions that is longer than the lag."""
    origin = tables.origin
    whole: RunTables | None = origin.tables() if origin is not None else None
    if origin is not None and whole is not None and whole.width == tables.width:
        return own_pairs(whole, cause, effect, lag, sessions).only(origin.rows)
    x, y = (_panel(tables, name, sessions) for name in (cause, effect))
    return own_pairs_of(x, y, lag)


def pair_means(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> Floats:
    """Return the means of sessions that come out of the scores of `OwnPairs`, shape (3, places)."""
    by_cause = session_mean(tables, cause, sessions)
    by_effect = session_mean(tables, effect, sessions)
    means = np.array([by_effect[lag:], by_cause[:-lag], by_effect[:-lag]])
    # What all sessions share is in every client's own mean.
    return np.asarray(means - means.mean(axis=1, keepdims=True))


def products(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> tuple[Floats, float]:
    """Return the products of the three scores, session means removed and added up, and the number of pairs.

    With a the scores of a client from the own mean over the pairs, k 1 where there is a pair, and m the means of
    sessions, which come out of the scores: Σ(a − Km)(b − Kn) = Σab − m·Σb − n·Σa + m'(diag(Σk) − Σkk'/n)n. So each
    sum is over clients alone, whatever the means are.
    """
    width = min(sessions[1], tables.width) - sessions[0] + 1 - lag
    if width < 1:
        return np.zeros((3, 3)), 0.0
    sums = _sums(tables, cause, effect, lag, sessions)
    means = pair_means(tables, cause, effect, lag, sessions)
    crossed = means @ sums.scores.T
    common = means @ (np.diag(sums.there) - sums.both) @ means.T
    return sums.products - crossed - crossed.T + common, float(sums.there.sum())


@kept_by_tables
def _sums(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> PairSums:
    less = lacking_few(tables)
    if less is None:
        return own_pairs(tables, cause, effect, lag, sessions).sums()
    of_parts = _sums_of_parts(less.whole, cause, effect, lag, sessions, less.deal)
    return _sums(less.whole, cause, effect, lag, sessions).less(of_parts[less.number])


@kept_by_tables
def _sums_of_parts(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int], deal: Deal
) -> tuple[PairSums, ...]:
    """Return the sums over the clients of each part."""
    parts = deal.rows_of_parts
    pairs = own_pairs(tables, cause, effect, lag, sessions).only(np.concatenate(parts))
    ends = np.cumsum([0, *map(len, parts)]).tolist()
    return tuple(pairs.stretch(a, b).sums() for a, b in itertools.pairwise(ends))


@dataclass(frozen=True, slots=True, eq=False)
class DetrendedPairs:
    """Pairs of scores without each client's own trend and without means of sessions.

    Attributes
    ----------
    pairs
        The pairs.
    pattern
        Which of the patterns of sessions with scores each client has, shape (clients,).
    bases
        What the own trend leaves of means that are 1 in one session and 0 in all others: of each of the three scores,
        by place of the pair, pattern and session. Shape (3, places, patterns, sessions).
    """

    pairs: OwnPairs
    pattern: Integers
    bases: Floats

    def sums(self, clients: Integers | None = None) -> tuple[Floats, Floats, Floats]:
        """Return what all of the clients, or some of them, add up to.

        Returns
        -------
        products, scores, clients
            Shapes (3, 3), (3, places, patterns) and (patterns,).
        """
        own, pattern = self.pairs.own, self.pattern
        if clients is not None:
            own, pattern = own.take(clients, axis=2), pattern[clients]
        count = self.bases.shape[2]
        scores = [np.bincount(pattern, row, count) for row in own.reshape(-1, pattern.size)]
        return (
            _crossed(own),
            np.reshape(scores, (*own.shape[:2], count)),
            np.bincount(pattern, minlength=count).astype(np.float64),
        )


def detrended_products(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> tuple[Floats, float] | None:
    """Return what `products` does for scores without each client's own trend; None where that is no quicker.

    It is for tables that lack a few of the clients. Means of sessions are then a little different, and taking out
    a trend is linear: what the difference takes out of a client's scores depends on which of them are known, and
    on nothing else of the client.
    """
    less = lacking_few(tables)
    if less is None:
        return None
    whole, few = less.whole, less.lacking
    known = _detrended(whole, cause, effect, lag, sessions)
    if known is None:
        return None
    added, scores, clients = (
        of_all - of_few
        for of_all, of_few in zip(
            _detrended_sums(whole, cause, effect, lag, sessions), known.sums(few), strict=True
        )
    )
    apart = [
        session_mean(tables, name, sessions) - session_mean(whole, name, sessions)
        for name in (effect, cause, effect)
    ]
    taken = np.array([base @ one for base, one in zip(known.bases, apart, strict=True)])
    crossed = np.einsum("asp,bsp->ab", taken, scores)
    common = np.einsum("asp,bsp,p->ab", taken, taken, clients)
    pairs = float(known.pairs.there.sum() - known.pairs.there[:, few].sum())
    return added - crossed - crossed.T + common, pairs


@kept_by_tables
def _detrended(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> DetrendedPairs | None:
    panels = [_panel(tables, name, sessions) for name in (cause, effect)]
    count = len(panels[0])
    if count <= lag:
        return None
    marks = np.concatenate([np.isfinite(panel) for panel in panels])
    codes = np.zeros(tables.count, dtype=np.int64)
    for place, mark in enumerate(marks):
        codes |= mark.astype(np.int64) << place
    different, pattern = distinct(codes)
    first = first_of_each(pattern, different.size)
    # Pattern by pattern, and session by session for each of them.
    there = marks[:, np.repeat(first, count)].reshape(2, count, -1)
    ones = np.tile(np.eye(count), first.size)
    x, y = (trends_taken_out(np.where(one, ones, np.nan)) for one in there)
    bases = own_pairs_of(x, y, lag).own.reshape(3, count - lag, first.size, count)
    means = (session_mean(tables, name, sessions)[:, None] for name in (cause, effect))
    x, y = (trends_taken_out(panel - mean) for panel, mean in zip(panels, means, strict=True))
    return DetrendedPairs(own_pairs_of(x, y, lag), pattern, bases)


@kept_by_tables
def _detrended_sums(
    tables: RunTables, cause: str, effect: str, lag: int, sessions: tuple[int, int]
) -> tuple[Floats, Floats, Floats]:
    known = _detrended(tables, cause, effect, lag, sessions)
    assert known is not None
    return known.sums()
