"""How much better clients are in the end, and how satisfied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.kinds import share_of_clients
from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORE_10, DEVIATIONS_AT_INTAKE, SHARE, points_of
from experiments.quantities.writing import significant
from experiments.tables.clinical_change import (
    CUT_OFF,
    RELIABLE_CHANGE,
    clinical,
    deteriorated,
    improved,
    recovered,
)
from experiments.tables.groups import ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["MEASURES"]


def _intake(tables: RunTables) -> Floats:
    return tables.client("core_10_intake")


def _last(tables: RunTables) -> Floats:
    return tables.client("core_10_last")


def _change(tables: RunTables) -> Floats:
    return _intake(tables) - _last(tables)


def _measured(tables: RunTables) -> Booleans:
    """Tell who started and has CORE-10 at intake and last."""
    return tables.started & ~np.isnan(_change(tables))


def _mean(values: Callable[[RunTables], Floats]) -> Callable[[RunTables], Floats]:
    return lambda tables: tables.clients_by_study.mean(values(tables), _measured(tables))


def _effect_size(tables: RunTables) -> Floats:
    by, measured = tables.clients_by_study, _measured(tables)
    return ratio(by.mean(_change(tables), measured), by.deviation(_intake(tables), measured))


def _satisfaction(tables: RunTables) -> Floats:
    last = tables.client("csq_8_last")
    return tables.clients_by_study.mean(last, tables.started & ~np.isnan(last))


RELIABLY = f"by {significant(RELIABLE_CHANGE)} points of CORE-10 or more"

MEASURES = (
    Measure(
        "core_10_intake",
        "distress at intake",
        "CORE-10 at intake of clients who started.",
        CORE_10,
        _mean(_intake),
    ),
    Measure(
        "core_10_last",
        "distress at the last session",
        "CORE-10 at the last session.",
        CORE_10,
        _mean(_last),
    ),
    Measure(
        "core_10_change",
        "fall in distress",
        "Fall of CORE-10 from intake to the last session; positive is better.",
        CORE_10.of_differences(),
        _mean(_change),
    ),
    Measure(
        "effect_size",
        "effect size",
        "Mean fall of CORE-10 in standard deviations at intake.",
        DEVIATIONS_AT_INTAKE,
        _effect_size,
    ),
    Measure(
        "reliable_improvement_rate",
        "reliable improvement",
        f"Clients who improve {RELIABLY}.",
        SHARE,
        share_of_clients(
            lambda tables: improved(_intake(tables), _last(tables)),
            of=_measured,
        ),
    ),
    Measure(
        "reliable_deterioration_rate",
        "reliable deterioration",
        f"Clients who get worse {RELIABLY}.",
        SHARE,
        share_of_clients(
            lambda tables: deteriorated(_intake(tables), _last(tables)),
            of=_measured,
        ),
    ),
    Measure(
        "recovery_rate",
        "recovery",
        f"Clients who start at {significant(CUT_OFF)} or above, improve reliably and end below "
        f"{significant(CUT_OFF)} on CORE-10.",
        SHARE,
        share_of_clients(
            lambda tables: recovered(_intake(tables), _last(tables)),
            of=lambda tables: _measured(tables) & clinical(_intake(tables)),
        ),
    ),
    Measure(
        "mean_csq_8",
        "satisfaction",
        "Satisfaction at the last session.",
        points_of("csq_8"),
        _satisfaction,
    ),
)
