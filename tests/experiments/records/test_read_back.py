"""Simulated records, read back as if they were real, are described as what they were simulated from."""

from __future__ import annotations

import polars as pl
import pytest

from experiments.catalogue import STATISTICS
from experiments.evidence import fact
from experiments.records.describe import describe_records
from experiments.records.reading import read_records
from experiments.tables.run_tables import RunTables
from experiments.validation.seeds import VALIDATION_SEED
from experiments.validation.validate import validate
from simulation.parameters import Parameters
from simulation.running import simulate


@pytest.fixture(scope="module")
def simulated():
    return simulate(Parameters(clients=200, therapists=10), seed=9, histories=True)


@pytest.fixture(scope="module")
def exported(simulated, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "records.csv"
    statuses = simulated.clients.select("client", pl.col("status").cast(str).alias("ended"))
    frame = simulated.sessions.join(statuses, on="client")
    frame.select("client", "session", "therapist", "wai_sr_client", "core_10", "ended").write_csv(
        path
    )
    return path


def test_statistics_of_records_are_those_of_the_tables_they_came_from(simulated, exported):
    clients = simulated.clients.drop("core_10_intake", "core_10_last")
    tables = RunTables(clients, simulated.sessions, simulated.therapists)
    records = read_records(exported)
    for name in ("process_outcome_r", "lagged_beta", "dropout_rate", "generalizability"):
        assert STATISTICS[name](records.tables) == pytest.approx(STATISTICS[name](tables), abs=1e-6)


def test_describing_twice_gives_the_same_and_says_what_is_not_supported(exported):
    records = read_records(exported)
    first, again = (describe_records(records, studies=0) for _ in range(2))
    assert repr(first.rows) == repr(again.rows)
    reasons = {one.id: one.reason for one in first.not_described}
    assert reasons["F91"] == "needs a second arm"
    assert "csq_8" in reasons["F79"]
    assert len(first.rows) >= 30
    alliance = next(row for row in first.rows if row.id == "F01")
    assert alliance.yours_low < alliance.yours < alliance.yours_high
    assert alliance.simulated is None


def test_the_simulation_stands_beside_the_records(exported):
    records = read_records(exported, symptom="-")
    found = describe_records(records, studies=20)
    simulated = {row.id: row.simulated for row in found.rows}
    assert len(simulated) > 5
    facts = tuple(fact(name) for name in simulated)
    beside = validate(studies=20, facts=facts, seed=VALIDATION_SEED)
    assert simulated == {row.id: row.simulated for row in beside.rows}
    assert "F01" not in {row.id for row in found.rows}


def test_without_a_cut_off_nothing_is_said_about_recovery(exported):
    records = read_records(exported, symptom_range=(0, 50))
    assert not records.has_cut_off
    found = describe_records(records, studies=0)
    assert not {"F81", "F86g", "F87n", "F88"} & {row.id for row in found.rows}
    assert "F87" in {row.id for row in found.rows}


@pytest.mark.parametrize(("preset", "name"), [("training_clinic", "F26"), ("stepped_care", "F32r")])
def test_what_is_asked_of_the_recovered_needs_a_cut_off_too(exported, preset, name):
    """Dropout as missing recovery, and sessions of those who recover, by what their statistics are called with."""
    records = read_records(exported, symptom_range=(0, 50))
    reasons = {
        one.id: one.reason
        for one in describe_records(records, preset=preset, studies=0).not_described
    }
    assert reasons[name] == "needs a symptom score with a cut-off"
