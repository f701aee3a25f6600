"""Ratings over sessions, of everybody and of those still there: the curve of the alliance and its traps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dashboards.lessons.measures.measure import CLIENTS, RATING, share_where, statistic_of
from experiments.quantities.measure import Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.tables.run_tables import RunTables

__all__ = ["CURVES", "LATE"]

LATE = 16
"""The late session."""


def _head_start(tables: RunTables) -> float:
    """Return the first rating of those still there in the late session, less that of all who began."""
    return _late_rise(tables, same_clients=False) - _late_rise(tables, same_clients=True)


def _present(tables: RunTables) -> NDArray[np.bool_]:
    panel = tables.panel("wai_sr_client")
    if panel.shape[1] < LATE:
        return np.zeros(tables.count, dtype=bool)
    return np.isfinite(panel[:, LATE - 1])


def _late_rise(tables: RunTables, *, same_clients: bool) -> float:
    """Return mean rating in the late session less that in session 1, of everybody or of those still there."""
    panel = tables.panel("wai_sr_client")
    there = _present(tables)
    if not there.any():
        return float("nan")
    first = panel[there, 0] if same_clients else panel[tables.started, 0]
    return float(np.nanmean(panel[there, LATE - 1]) - np.nanmean(first))


def _v_shapes(tables: RunTables) -> float:
    from experiments.statistics.v_detector import v_shapes

    return v_shapes(tables).share


def _v_shapes_in_noise(tables: RunTables) -> float:
    from experiments.statistics.v_detector import v_shapes

    return v_shapes(tables).null


CURVES = (
    Measure(
        "still_there",
        f"still in treatment at session {LATE}",
        f"Clients still in treatment at session {LATE}.",
        CLIENTS.rounded(0),
        share_where(_present, lambda tables: tables.started),
    ),
    Measure(
        "rise_of_curve",
        "rise of the curve",
        f"Rating of those still there at session {LATE}, less that of all at session 1.",
        RATING,
        statistic_of(partial(_late_rise, same_clients=False)),
    ),
    Measure(
        "rise_of_people",
        "rise of the same clients",
        f"Change of the same clients' rating from session 1 to {LATE}.",
        RATING,
        statistic_of(partial(_late_rise, same_clients=True)),
    ),
    Measure(
        "head_start",
        "head start of those still there",
        f"First rating of those still there at session {LATE}, less that of all who began.",
        RATING,
        statistic_of(_head_start),
    ),
    Measure(
        "v_shapes",
        "V-shapes",
        "Clients with a fall and recovery of their alliance rating.",
        CLIENTS.rounded(0),
        statistic_of(_v_shapes, 100.0),
    ),
    Measure(
        "v_shapes_in_noise",
        "V-shapes in random numbers",
        "Falls and recoveries found in random numbers with the spread and memory of the ratings.",
        CLIENTS.rounded(0),
        statistic_of(_v_shapes_in_noise, 100.0),
    ),
)
"""Measures of ratings over sessions."""
