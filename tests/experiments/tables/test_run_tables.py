"""A run gives the same tables as columns of codes and as data frames of words."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.catalogue import CONTRASTS, OUTCOMES, STATISTICS, statistic
from experiments.tables.columns import MissingColumnError, numbered
from experiments.tables.groups import Groups, ratio
from experiments.tables.keeping import kept_by_tables
from experiments.tables.run_tables import RunTables
from simulation import Parameters, simulate

RUN = simulate(
    Parameters(clients=40, therapists=4), seed=5, replicates=6, first_replicate=3, histories=True
)
COLUMNS = RunTables.of(RUN)
FRAMES = RunTables(RUN.clients, RUN.sessions, RUN.therapists)


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_has_the_same_bits_from_columns_and_from_frames(name: str) -> None:
    compute = OUTCOMES[name].compute
    assert compute(COLUMNS).tobytes() == compute(FRAMES).tobytes()


@pytest.mark.parametrize("name", [*STATISTICS, *CONTRASTS])
def test_a_statistic_is_the_same_from_columns_and_from_frames(name: str) -> None:
    arms = 1 if name in STATISTICS else 2
    found = [statistic(name)(*[tables] * arms) for tables in (COLUMNS, FRAMES)]
    assert found[0] == found[1] or np.isnan(found).all()


def test_what_was_not_kept_is_said_to_be_missing() -> None:
    bare = RunTables.of(RUN, needs=())
    assert bare.clients_by_study.count == 6
    with pytest.raises(MissingColumnError, match="no table of sessions"):
        bare.panel("wai_sr_client")
    with pytest.raises(MissingColumnError, match="no table of therapists"):
        bare.therapist_column("fatigue_mean")


def test_rows_are_averaged_within_their_group() -> None:
    groups = Groups(np.array([0, 0, 1, 2]), 4)
    values, every = np.array([1.0, 3.0, 5.0, np.inf]), np.array([True, True, True, False])
    assert groups.mean(values, every).tolist()[:2] == [2.0, 5.0]
    assert np.isnan(groups.mean(values, every)[2:]).all()
    assert groups.share(values > 2, every).tolist()[:2] == [0.5, 1.0]
    assert groups.deviation(values, every)[0] == pytest.approx(np.std([1, 3], ddof=1))


def test_nothing_is_divided_by_nobody() -> None:
    with np.errstate(all="raise"):
        assert np.isnan(ratio(np.array([1.0]), np.array([0.0]))).all()


@pytest.mark.parametrize("keys", [[7, 7, 9, 12], [9, 7, 12, 7], []])
def test_groups_are_numbered_in_the_order_of_their_keys(keys: list[int]) -> None:
    expected = [sorted(set(keys)).index(key) for key in keys]
    assert numbered(np.array(keys, dtype=np.int64)).tolist() == expected


def test_what_is_kept_is_found_however_its_arguments_are_given() -> None:
    computed = []

    @kept_by_tables
    def lagged(_tables: RunTables, column: str = "core_10", *, lag: int = 1) -> int:
        computed.append((column, lag))
        return lag

    tables = RunTables.of(RUN)
    assert lagged(tables) == lagged(tables, "core_10") == lagged(tables, lag=1, column="core_10")
    assert lagged(tables, lag=2) == 2
    assert computed == [("core_10", 1), ("core_10", 2)]


def test_what_is_kept_is_not_found_by_arguments_that_do_not_exist() -> None:
    tables = RunTables({"client": np.arange(3)})

    @kept_by_tables
    def doubled(tables: RunTables, number: int = 1, *, times: int = 2) -> int:
        return number * times

    assert doubled(tables, 3) == 6
    for given, named in (((3, 2), {}), ((3,), {"time": 2}), ((3,), {"number": 3})):
        with pytest.raises(TypeError):
            doubled(tables, *given, **named)
