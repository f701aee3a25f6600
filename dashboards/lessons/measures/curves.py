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

__all__ = ["CURVES"]


def _head_start(tables: RunTables, session: int = 16) -> float:
    """Return the first rating of those still there in a late session, less that of all who began."""
    return _late_rise(tables, same_clients=False, session=session) - _late_rise(
        tables, same_clients=True, session=session
    )


def _present(tables: RunTables, session: int) -> NDArray[np.bool_]:
    panel = tables.panel("wai_sr_client")
    if panel.shape[1] < session:
        return np.zeros(tables.count, dtype=bool)
    return np.isfinite(panel[:, session - 1])


def _late_rise(tables: RunTables, *, same_clients: bool, session: int = 16) -> float:
    """Return mean rating in a late session less that in session 1, of everybody or of those still there."""
    panel = tables.panel("wai_sr_client")
    there = _present(tables, session)
    if not there.any():
        return float("nan")
    first = panel[there, 0] if same_clients else panel[tables.started, 0]
    return float(np.nanmean(panel[there, session - 1]) - np.nanmean(first))


def _v_shapes(tables: RunTables) -> float:
    from experiments.statistics.v_detector import v_shapes

    return v_shapes(tables).share


def _v_shapes_in_noise(tables: RunTables) -> float:
    from experiments.statistics.v_detector import v_shapes

    return v_shapes(tables).null


CURVES = (
    Measure(
        "still_there",
        "still in treatment at session 16",
        "Clients still in treatment at session 16.",
        CLIENTS.rounded(0),
        share_where(lambda tables: _present(tables, 16), lambda tables: tables.started),
    ),
    Measure(
        "rise_of_curve",
        "rise of the curve",
        "Rating of those still there at session 16, less that of all at session 1.",
        RATING,
        statistic_of(partial(_late_rise, same_clients=False)),
    ),
    Measure(
        "rise_of_people",
        "rise of the same clients",
        "Change of the same clients' rating from session 1 to 16.",
        RATING,
        statistic_of(partial(_late_rise, same_clients=True)),
    ),
    Measure(
        "head_start",
        "head start of those still there",
        "First rating of those still there at session 16, less that of all who began.",
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
        "The same in random numbers with the same spread and memory.",
        CLIENTS.rounded(0),
        statistic_of(_v_shapes_in_noise, 100.0),
    ),
)
"""Measures of ratings over sessions."""
