"""How sure a statistic of records is: of a mean, leaving groups out gives the interval of the groups' means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.records.jackknife import GROUPS, grouped_jackknife, without_groups
from experiments.tables.run_tables import RunTables


def records(sessions: np.ndarray) -> RunTables:
    clients = len(sessions)
    return RunTables(
        {
            "replicate": np.zeros(clients, dtype=np.int64),
            "client": np.arange(clients),
            "sessions": sessions,
            "status": np.full(clients, "completed"),
        }
    )


def mean_sessions(tables: RunTables) -> float:
    return float(tables.sessions_attended.mean())


def test_the_interval_of_a_mean_is_students_over_the_means_of_the_groups() -> None:
    held = np.random.default_rng(1).integers(1, 30, 10 * GROUPS)
    tables = records(held)
    found = grouped_jackknife(mean_sessions, tables, without_groups(tables))
    groups = held.reshape(10, GROUPS).mean(axis=0)
    ends = stats.t.interval(0.95, GROUPS - 1, held.mean(), stats.sem(groups))
    assert (found.value, found.low, found.high) == pytest.approx((held.mean(), *ends))


def test_few_clients_have_a_value_but_no_interval() -> None:
    tables = records(np.arange(1, 2 * GROUPS))
    assert without_groups(tables) == ()
    found = grouped_jackknife(mean_sessions, tables, ())
    assert found.value == GROUPS
    assert not found.bounded


def test_a_statistic_that_hangs_on_one_group_has_no_interval() -> None:
    tables = records(np.r_[np.full(59, 2), 9])

    def share_of_long(some: RunTables) -> float:
        held = some.sessions_attended
        return float((held == 9).mean()) if (held > 5).any() else math.nan

    found = grouped_jackknife(share_of_long, tables, without_groups(tables))
    assert found.value == pytest.approx(1 / 60)
    assert not found.bounded
