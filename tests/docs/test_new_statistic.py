"""A statistic is one file, as docs/extending.md shows, and is then wherever statistics are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation import Parameters, simulate
from tests.extending import Copy, copy_of

if TYPE_CHECKING:
    from pathlib import Path

NAME, LABEL = "fall_from_best", "fall from the best alliance"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return copy_of(tmp_path_factory.mktemp("statistic"), "experiments")


@pytest.fixture(scope="module")
def records(copy: Copy) -> Path:
    """Return session records as a clinic might keep them."""
    run = simulate(Parameters(clients=60, therapists=5), seed=4, histories=True)
    columns = ["client", "session", "therapist", "wai_sr_client", "core_10"]
    path = copy.folder / "records.csv"
    run.sessions.select(columns).write_csv(path)
    return path


@pytest.mark.slow
def test_real_records_and_simulated_ones_have_it(copy: Copy, records: Path) -> None:
    asked = ("describe", str(records), "--studies", "0")
    assert NAME not in [row["name"] for row in copy.alliance_json(*asked)["unpublished"]]
    copy.add("A new statistic")
    (row,) = [row for row in copy.alliance_json(*asked)["unpublished"] if row["name"] == NAME]
    assert row["yours_low"] < row["yours"] < row["yours_high"]
    assert row["yours"] > 0.0
    assert f"{LABEL}: " in copy.alliance(*asked)
    assert LABEL in copy.alliance("explain", NAME)
    by_name = copy.run(
        "from experiments.catalogue import statistic\n"
        "from experiments.tables.run_tables import RunTables\n"
        "from simulation import Parameters, simulate\n"
        "run = simulate(Parameters(clients=60, therapists=5), seed=4, histories=True)\n"
        f"print(statistic('{NAME}')(RunTables.of(run)))\n"
    )
    assert float(by_name) == pytest.approx(row["yours"])
