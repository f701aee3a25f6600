"""Shares of the variance of a repeated score: between therapists, between their clients, and between sessions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from experiments.statistics.left_out import ALMOST_NOTHING, Dealt, weighted_products
from experiments.statistics.windows import session_mean
from experiments.tables.columns import numbered
from experiments.tables.keeping import found_for_all_parts, kept_by_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = ["VarianceShares", "nested_shares", "window_shares"]

Level = Literal["therapist", "study"]


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance of a repeated score; they add up to 1 and may be below 0 by chance."""

    therapist: float
    client: float
    session: float


def nested_shares(panel: Floats, therapist: Integers, study: Integers) -> VarianceShares:
    """Variance of a repeated score between therapists, between their clients, and within clients.

    Henderson's first method for sessions nested in clients nested in therapists nested in
    studies, unbalanced (Searle, Casella & McCulloch 1992).

    Parameters
    ----------
    panel
        Shape (clients, sessions), ``nan`` where nothing was scored.
    therapist, study
        Numbers of each client's therapist and study.
    """
    session = np.ascontiguousarray(panel.T)
    known = np.isfinite(session)
    n = known.sum(axis=0).astype(np.float64)
    total = np.where(known, session, 0.0).sum(axis=0)
    deviation = np.where(known, session - total / np.maximum(n, 1.0), 0.0)
    return _shares(n, total, (deviation**2).sum(axis=0), therapist, study)


def window_shares(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    *,
    of: Level = "therapist",
) -> VarianceShares:
    """Return `nested_shares` of a window of sessions, session means removed.

    Parameters
    ----------
    tables, column, sessions
        As for `experiments.statistics.within_client.window`.
    of
        What the first of the three shares is of.
    """
    return _window_shares(tables, column, sessions, of)


def _window_shares_without_each(
    tables: RunTables, deal: Deal, column: str, sessions: tuple[int, int], of: Level
) -> Sequence[VarianceShares | None]:
    """Return the shares by sums of what clients have before means of sessions are taken out.

    With r the sum of a client's scores, k 1 where there is one, n how many, and m the means of sessions, what is
    left of the sum is r − m·k; its square ÷ n, added up over clients, is Σr²/n − 2m·Σrk/n + m'(Σkk'/n)m.
    """
    if tables.studies != 1:
        return ()
    known, scores = _window(tables, column, sessions)
    means = session_mean(tables, column, sessions)[:, None]
    scores = (scores - means) * known
    width = len(known)
    everybody = Dealt.of(deal, np.ones(tables.count, dtype=bool))
    of_sessions = everybody.sums(everybody.of_clients(np.concatenate([scores, known])))
    means = of_sessions[:, :width] / np.maximum(of_sessions[:, width:], 1.0)

    group = tables.therapist if of == "therapist" else tables.study
    chosen = Dealt.of(deal, known.any(axis=0) & (group >= 0))
    if not chosen.rows.size:
        return ()
    known, scores = chosen.of_clients(known), chosen.of_clients(scores)
    n, raw = known.sum(axis=0), scores.sum(axis=0)
    both = np.concatenate([raw[None], known])
    squares = chosen.sums(np.concatenate([(scores**2).sum(axis=0)[None], scores, known]))
    groups = chosen.group_sums(
        np.concatenate([[np.ones(n.size), n, n**2], both]),
        group.take(chosen.rows),
        int(group.max()) + 1,
    )

    weights = np.column_stack([np.ones(deal.parts), -means])
    around = squares[:, 0] - 2.0 * (means * squares[:, 1 : 1 + width]).sum(axis=1)
    around += (means**2 * squares[:, 1 + width :]).sum(axis=1)
    of_clients = weighted_products(chosen.products(both / n, both), weights, weights)
    clients, size, size2 = groups[:, :3].transpose(1, 0, 2)
    total = np.einsum("pi,pig->pg", weights, groups[:, 3:])
    rows = size.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_groups = np.where(size > 0, total**2 / size, 0.0).sum(axis=1)
        sums = np.column_stack(
            [
                rows,
                clients.sum(axis=1),
                (clients > 0).sum(axis=1),
                np.ones(deal.parts),
                around - of_clients,
                of_clients - of_groups,
                of_groups - total.sum(axis=1) ** 2 / rows,
                np.where(size > 0, size2 / size, 0.0).sum(axis=1),
                size2.sum(axis=1) / rows,
                (size**2).sum(axis=1) / rows,
            ]
        )
    sure = around - of_clients > ALMOST_NOTHING * around
    return [
        _shares_by(ShareSums(*one)) if known else None
        for one, known in zip(sums.tolist(), sure, strict=True)
    ]


@found_for_all_parts(_window_shares_without_each)
def _window_shares(
    tables: RunTables, column: str, sessions: tuple[int, int], of: Level
) -> VarianceShares:
    n, total, within = _without_means(tables, column, sessions)
    therapist = tables.therapist if of == "therapist" else tables.study
    return _shares(n, total, within, therapist, tables.study)


def _without_means(
    tables: RunTables, column: str, sessions: tuple[int, int]
) -> tuple[Floats, Floats, Floats]:
    """Return how many scores each client has, their sum, and their squares around the client's own mean.

    They are of a window of sessions, of each of which the mean was taken out.
    """
    mean = session_mean(tables, column, sessions)
    known, scores = _window(tables, column, sessions)
    n, raw, square = _client_sums(tables, column, sessions)
    total = raw - np.einsum("s,sc->c", mean, known)
    crossed = np.einsum("s,sc->c", mean, scores)
    square = square - 2.0 * crossed + np.einsum("s,sc->c", mean**2, known)
    return n, total, square - total**2 / np.maximum(n, 1.0)


@kept_by_tables
def _window(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return 1 for each score of a window and 0 for what is missing, and the scores or 0, (2, sessions, clients)."""
    panel = np.ascontiguousarray(tables.panel(column)[:, sessions[0] - 1 : sessions[1]].T)
    known = np.isfinite(panel)
    return np.array([known, np.where(known, panel, 0.0)])


@kept_by_tables
def _client_sums(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return how many scores of a window each client has, their sum and the sum of their squares, (3, clients)."""
    known, scores = _window(tables, column, sessions)
    return np.array([known.sum(axis=0), scores.sum(axis=0), (scores**2).sum(axis=0)])


def _shares(
    n: Floats, total: Floats, around: Floats, therapist: Integers, study: Integers
) -> VarianceShares:
    """Return the shares by how many scores each client has, their sum, and their squares around the client's mean."""
    chosen = (n > 0) & (therapist >= 0)
    n, total, study = n[chosen], total[chosen], study[chosen]
    if n.size < 3:
        return VarianceShares(math.nan, math.nan, math.nan)
    therapist = numbered(therapist[chosen])
    mean = total / n
    per_therapist = np.bincount(therapist, weights=n)
    therapist_mean = np.bincount(therapist, weights=total) / per_therapist
    home = np.zeros(per_therapist.size, dtype=np.int64)
    home[therapist] = study
    per_study = np.bincount(study, weights=n)
    study_mean = np.bincount(study, weights=total) / np.where(per_study > 0, per_study, 1)

    return _shares_by(
        ShareSums(
            rows=float(n.sum()),
            clients=n.size,
            caseloads=per_therapist.size,
            studies=int((per_study > 0).sum()),
            within=float(around[chosen].sum()),
            between_clients=float((n * (mean - therapist_mean[therapist]) ** 2).sum()),
            between_therapists=float(
                (per_therapist * (therapist_mean - study_mean[home]) ** 2).sum()
            ),
            squares=float((n**2 / per_therapist[therapist]).sum()),
            squares_study=float((n**2 / per_study[study]).sum()),
            squares_caseload=float((per_therapist**2 / per_study[home]).sum()),
        )
    )


class ShareSums(NamedTuple):
    """What variance shares are computed from.

    Attributes
    ----------
    rows, clients, caseloads, studies
        How many there are.
    within, between_clients, between_therapists
        Squares around the means of clients, of those around the means of caseloads, of those around those of studies.
    squares, squares_study, squares_caseload
        Squares of clients' numbers of scores ÷ those of their caseloads and of their studies, and of caseloads'
        numbers ÷ those of their studies.
    """

    rows: float
    clients: float
    caseloads: float
    studies: float
    within: float
    between_clients: float
    between_therapists: float
    squares: float
    squares_study: float
    squares_caseload: float


def _shares_by(sums: ShareSums) -> VarianceShares:
    freedom_therapist = sums.caseloads - sums.studies
    if sums.rows <= sums.clients or sums.clients <= sums.caseloads:
        return VarianceShares(math.nan, math.nan, math.nan)
    session = sums.within / (sums.rows - sums.clients)
    client = sums.between_clients - (sums.clients - sums.caseloads) * session
    client /= sums.rows - sums.squares
    if freedom_therapist > 0:
        rest = sums.between_therapists - freedom_therapist * session
        rest -= (sums.squares - sums.squares_study) * client
        caseload = rest / (sums.rows - sums.squares_caseload)
    else:
        caseload = 0.0
    everything = session + client + caseload
    if not everything > 0.0:  # nobody differs from anybody
        return VarianceShares(math.nan, math.nan, math.nan)
    return VarianceShares(caseload / everything, client / everything, session / everything)
