"""Ruptures and repairs, as the client, the therapist and an observer would report them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, SHARE
from experiments.statistics.outcome import residual_gain
from experiments.statistics.pooling import pooled_correlation

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "Rater",
    "repair_outcome_r",
    "rupture_rater_order",
    "rupture_share",
    "withdrawal_share",
]

Rater = Literal["client", "therapist", "observer"]


def _ruptures(tables: RunTables) -> Booleans:
    return tables.panel_is("rupture", "withdrawal", "confrontation")


def rupture_share(
    tables: RunTables,
    rater: Rater = "client",
    *,
    sessions: tuple[int, int] = (1, 20),
    drop: float = 0.5,
    strain: float | None = None,
) -> float:
    """Share of sessions with a rupture in the eyes of a rater (F65).

    Three observers of the same event. The observer sees every rupture. The therapist reports those
    that were noticed. The client reports one when it was felt: the reported alliance fell by at
    least `drop` within-client standard deviations from the session before (so the first session,
    which has none before it, is left out for the client).

    Parameters
    ----------
    tables, rater
        Whose sessions; who reports.
    sessions
        First and last session that count.
    drop
        For the client: size of the fall, in pooled within-client SD.
    strain
        For the client, instead of a fall: report every rupture that leaves the latent strain at
        or above this threshold (0-1). This asks for the latent value, so it is not the default.
    """
    first, last = sessions
    place = slice(first - 1, last)
    held, ruptured = tables.attended[:, place], _ruptures(tables)[:, place]
    if rater == "therapist":
        ruptured = ruptured & _yes(tables, "rupture_noticed")[:, place]
    elif rater == "client" and strain is not None:
        ruptured = ruptured & (np.nan_to_num(tables.panel("strain")[:, place]) >= strain)
    elif rater == "client":
        alliance = tables.panel("wai_sr_client")
        change = np.full(alliance.shape, np.nan)
        change[:, 1:] = alliance[:, 1:] - alliance[:, :-1]
        fell = np.nan_to_num(change[:, place], nan=np.inf) <= -drop * _within_sd(alliance)
        held = held & np.isfinite(change[:, place])
        ruptured = ruptured & fell
    return float(ruptured[held].mean()) if held.any() else math.nan


def rupture_rater_order(tables: RunTables) -> float:
    """Smaller of the two steps client → therapist → observer in rupture shares (F65).

    Above 0 when clients report fewest and observers most; sessions 2 and later for all three.
    """
    window = (2, 20)
    client, therapist, observer = (
        rupture_share(tables, rater, sessions=window)
        for rater in ("client", "therapist", "observer")
    )
    return min(therapist - client, observer - therapist)


def withdrawal_share(tables: RunTables, *, sessions: tuple[int, int] = (1, 20)) -> float:
    """Share of ruptures that are withdrawals rather than confrontations (F71)."""
    place = slice(sessions[0] - 1, sessions[1])
    withdrawals = int(tables.panel_is("rupture", "withdrawal")[:, place].sum())
    every = int(_ruptures(tables)[:, place].sum())
    return withdrawals / every if every else math.nan


def repair_outcome_r(
    tables: RunTables, *, measure: Literal["majority", "share"] = "majority"
) -> float:
    """Correlation of repair with residual gain, among clients who had a rupture (F68).

    Parameters
    ----------
    tables
        Whose ruptures.
    measure
        ``majority``: point-biserial, whether at least half of a client's ruptures were repaired;
        ``share``: the share itself.
    """
    ruptured = _ruptures(tables)
    repaired = ruptured & _yes(tables, "rupture_repaired")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = repaired.sum(axis=1) / ruptured.sum(axis=1)
    if measure == "majority":
        share = np.where(np.isfinite(share), (share >= 0.5).astype(np.float64), np.nan)
    return pooled_correlation(share, residual_gain(tables), tables.study).r


def _yes(tables: RunTables, name: str) -> Booleans:
    yes: Booleans = np.nan_to_num(tables.panel(name)) > 0
    return yes


def _within_sd(panel: Floats) -> float:
    known = np.isfinite(panel)
    n = known.sum(axis=1)
    total = np.where(known, panel, 0.0).sum(axis=1)
    mean = total / np.maximum(n, 1)
    freedom = int(n.sum() - (n > 0).sum())
    square = float(((panel - mean[:, None])[known] ** 2).sum())
    return math.sqrt(square / freedom) if freedom > 0 else math.inf


MEASURES = (
    Measure.of(rupture_share, "sessions with a rupture", SHARE),
    Measure.of(rupture_rater_order, "order of raters who see ruptures", SHARE.of_differences()),
    Measure.of(withdrawal_share, "ruptures that are withdrawals", SHARE),
    Measure.of(repair_outcome_r, "correlation of repair and outcome", CORRELATION),
)
