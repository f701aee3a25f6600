"""Which columns a statistic reads is seen however often others have read them before."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.statistics.alliance_outcome import process_outcome_r
from experiments.statistics.dropout import dropout_rate
from experiments.tables.columns import MissingColumnError
from experiments.tables.reads import WatchedTables

HELD = np.array([3, 4, 5, 5, 3, 4])
CLIENT = np.repeat(np.arange(HELD.size), HELD)
TABLES = WatchedTables(
    {
        "client": np.arange(HELD.size),
        "sessions": HELD,
        "status": np.array(["completed", "dropped_out"] * 3),
        "core_10_intake": np.array([20.0, 15, 18, 25, 12, 9]),
        "core_10_last": np.array([10.0, 11, 18, 9, 12, 3]),
    },
    {
        "client": CLIENT,
        "session": np.concatenate([np.arange(n) + 1 for n in HELD]),
        "wai_sr_client": 40.0 + CLIENT % 4,
    },
)


def test_what_was_made_before_counts_as_read() -> None:
    read = []
    for _ in range(2):
        tables = TABLES.unread()
        value = process_outcome_r(tables)
        read.append(tables.read)
        assert value == process_outcome_r(TABLES.unread())
    assert read[0] == read[1]
    assert {"wai_sr_client", "core_10_intake", "core_10_last"} <= read[0]


def test_a_column_that_only_another_statistic_reads_does_not_count() -> None:
    process_outcome_r(TABLES.unread())
    tables = TABLES.unread()
    assert not tables.read
    dropout_rate(tables)
    assert "status" in tables.read
    assert not {"wai_sr_client", "core_10_intake"} & tables.read


def test_who_began_is_no_ending() -> None:
    tables = TABLES.unread()
    process_outcome_r(tables)
    assert tables.started.all()
    assert "status" not in tables.read
    assert tables.ended.all()
    assert "status" in tables.read


def test_what_was_read_before_an_error_counts() -> None:
    tables = TABLES.unread()

    def build(of: WatchedTables) -> np.ndarray:
        return of.client("core_10_intake") + of.client("no_such_column")

    with pytest.raises(MissingColumnError):
        tables.kept("sum", build)  # type: ignore[arg-type]
    assert "core_10_intake" in tables.read
    assert "no_such_column" not in tables.read
