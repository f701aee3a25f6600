"""What a run returns: the tables as promised, in memory and on disk, and a manifest that repeats it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from simulation.clinic import STATUSES
from simulation.engine.records import (
    BOUNDARY_EVENTS,
    CLIENT_ROW,
    RUPTURES,
    SESSION_ROW,
    THERAPIST_ROW,
)
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.running import simulate, simulate_spaced

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.results.result import Result

CLIENTS = [
    "run",
    "replicate",
    "seed",
    "client",
    "therapist",
    "status",
    "sessions",
    "week_started",
    "week_ended",
    "attachment_anxiety",
    "attachment_avoidance",
    "propensity_to_trust",
    "severity",
    "motivation",
    "social_support",
    "core_10_intake",
    "core_10_last",
    "csq_8_last",
    "ruptures",
    "ruptures_noticed",
    "ruptures_repaired",
    "boundary_tests",
    "boundary_crossings",
    "boundary_violation",
]
SESSIONS = [
    "run",
    "replicate",
    "client",
    "therapist",
    "week",
    "session",
    "trust",
    "bond",
    "task",
    "goal",
    "alliance",
    "agency",
    "dependency",
    "strain",
    "distress",
    "safety",
    "disclosure",
    "attunement",
    "dropout_probability",
    "rupture",
    "rupture_noticed",
    "rupture_repaired",
    "boundary_event",
    "wai_sr_client",
    "wai_sr_therapist",
    "blri_empathy",
    "core_10",
    "csq_8",
]
THERAPISTS = [
    "run",
    "replicate",
    "therapist",
    "empathy",
    "acceptance",
    "collaboration",
    "boundary",
    "repair_skill",
    "clients_seen",
    "fatigue_mean",
    "fatigue_last",
    "skill_gain",
]

PARAMETERS = Parameters(
    clients=20, therapists=3, caseload_cap=3, waiting_loss=0.2, weeks=14, arrivals_per_week=5
)


@pytest.fixture(scope="module")
def result() -> Result:
    """Three clinics whose follow-up ends while people wait and are in treatment."""
    return simulate(PARAMETERS, seed=2**63 + 1, replicates=3, first_replicate=4, histories=True)


@pytest.mark.parametrize(
    ("table", "promised"),
    [("clients", CLIENTS), ("sessions", SESSIONS), ("therapists", THERAPISTS)],
)
def test_the_promised_columns_are_there_in_the_promised_order(
    result: Result, table: Any, promised: list[str]
) -> None:
    names = getattr(result, table).columns
    assert [name for name in names if name in promised] == promised
    assert list(result.columns(table)) == names
    assert len(set(names)) == len(names)


def test_every_client_and_therapist_of_every_replicate_has_a_row(result: Result) -> None:
    for frame, label, each in ((result.clients, "client", 20), (result.therapists, "therapist", 3)):
        keys = list(frame.select("replicate", label).iter_rows())
        assert keys == [(r, i) for r in (4, 5, 6) for i in range(each)]
        assert frame["seed"].unique().to_list() == [2**63 + 1]
        assert frame["run"].unique().to_list() == [0]


def test_who_never_began_has_no_therapist_week_or_score(result: Result) -> None:
    clients = result.clients
    absent = clients.filter(clients["status"].is_in(["waiting", "never_started"]))
    assert absent.height > 0
    for name in ("therapist", "week_started", "core_10_last", "csq_8_last"):
        assert absent[name].null_count() == absent.height, name
    began = clients.filter(~clients["status"].is_in(["waiting", "never_started"]))
    for name in clients.columns:
        assert name == "week_ended" or began[name].null_count() == 0, name
    going_on = clients.filter(clients["status"].is_in(["waiting", "in_treatment"]))
    assert going_on["week_ended"].null_count() == going_on.height
    assert clients["core_10_intake"].null_count() == 0


def test_no_cell_is_not_a_number(result: Result) -> None:
    for frame in (result.clients, result.sessions, result.therapists):
        for column in frame.get_columns():
            if column.dtype.is_float():
                assert column.is_nan().sum() == 0, column.name


def test_words_are_words_of_a_closed_list(result: Result) -> None:
    assert result.clients.schema["status"] == pl.Enum(STATUSES)
    assert result.sessions.schema["rupture"] == pl.Enum(RUPTURES)
    assert result.sessions.schema["boundary_event"] == pl.Enum(BOUNDARY_EVENTS)
    assert STATUSES == ("waiting", "in_treatment", "completed", "dropped_out", "session_limit",
                        "boundary_violation", "never_started")  # fmt: skip
    assert RUPTURES == ("none", "withdrawal", "confrontation")
    assert BOUNDARY_EVENTS == ("none", "held", "crossing", "rebuff", "violation")
    codes = result.columns("clients")["status"]
    assert [STATUSES[code] for code in codes] == result.clients["status"].to_list()


def test_yes_and_no_are_booleans(result: Result) -> None:
    for name in ("rupture_noticed", "rupture_repaired"):
        assert result.sessions.schema[name] == pl.Boolean
    assert result.clients.schema["boundary_violation"] == pl.Boolean


def test_alliance_is_the_mean_of_bond_task_and_goal(result: Result) -> None:
    s = result.columns("sessions")
    assert np.allclose(s["alliance"], (s["bond"] + s["task"] + s["goal"]) / 3)


def test_sessions_can_be_joined_to_their_clients_and_therapists(result: Result) -> None:
    keys = ["run", "replicate"]
    clients = result.sessions.join(result.clients, on=[*keys, "client"])
    assert clients.height == result.sessions.height
    assert (clients["therapist"] == clients["therapist_right"]).all()
    team = result.sessions.join(result.therapists, on=[*keys, "therapist"])
    assert team.height == result.sessions.height


def test_what_is_written_is_what_was_run(result: Result, tmp_path: Path) -> None:
    folder = result.write(tmp_path / "deep" / "run", command="alliance run --seed 3")
    assert sorted(path.name for path in folder.iterdir()) == [
        "clients.parquet", "manifest.json", "sessions.parquet", "therapists.parquet",
    ]  # fmt: skip
    for table in ("clients", "sessions", "therapists"):
        written = pl.read_parquet(folder / f"{table}.parquet")
        assert written.schema == getattr(result, table).schema
        assert written.equals(getattr(result, table)), table


def test_a_run_without_histories_writes_no_sessions(tmp_path: Path) -> None:
    bare = simulate(PARAMETERS)
    assert not (bare.write(tmp_path) / "sessions.parquet").exists()
    for ask in (lambda: bare.sessions, lambda: bare.columns("sessions")):
        with pytest.raises(AllianceError, match="histories=True"):
            ask()


def test_the_manifest_repeats_the_run(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path, command="alliance run --seed 3")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    again = simulate(
        Parameters(**manifest["parameters"]),
        seed=manifest["seed"],
        replicates=manifest["replicates"],
        first_replicate=manifest["first_replicate"],
    )
    assert again.clients.equals(result.clients)
    assert Parameters(**manifest["changed"]) == PARAMETERS
    assert manifest["command"] == "alliance run --seed 3"
    assert manifest["platform"]
    assert len(manifest["model_sources"]) == 16
    assert {"python", "numpy", "numba", "mesa", "polars"} <= set(manifest["versions"])
    assert manifest["clients"] == result.clients.height == 60
    assert manifest["sessions"] == result.sessions.height
    assert str(tmp_path) not in json.dumps(manifest)


def test_a_place_that_cannot_be_written_is_named(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(AllianceError, match="cannot be written"):
            result.write(place)
    assert (tmp_path / "file").read_text() == "here already"


def test_a_table_is_made_once(result: Result) -> None:
    assert result.clients is result.clients


@pytest.mark.parametrize(
    "layout", [CLIENT_ROW, THERAPIST_ROW, SESSION_ROW], ids=["clients", "therapists", "sessions"]
)
def test_equal_rows_are_equal_bytes(layout: np.dtype) -> None:  # type: ignore[type-arg]
    assert sum(layout[name].itemsize for name in layout.names) == layout.itemsize


@pytest.mark.parametrize("room", [0, 2**25])
@pytest.mark.parametrize(("clients", "threads"), [(1, 1), (30, 1), (120, 2)])
def test_sessions_with_room_between_them_are_those_of_a_history(
    monkeypatch: pytest.MonkeyPatch, room: int, clients: int, threads: int
) -> None:
    monkeypatch.setattr("simulation.reused_memory.MOST_FRESH", room)
    parameters = Parameters(clients=clients, therapists=3, session_limit=9, weeks=20)
    usual = simulate(parameters, seed=4, replicates=20, histories=True, threads=threads)
    result, spaced = simulate_spaced(parameters, seed=4, replicates=20, threads=threads)
    assert result.client_rows.tobytes() == usual.client_rows.tobytes()
    assert result.therapist_rows.tobytes() == usual.therapist_rows.tobytes()
    columns = usual.columns("sessions")
    assert list(spaced) == list(columns)
    for name, column in columns.items():
        assert spaced[name].dtype == column.dtype
        assert spaced[name].tobytes() == np.ascontiguousarray(column).tobytes(), name
    client, number = spaced.places
    np.testing.assert_array_equal(number, columns["session"])
    np.testing.assert_array_equal(usual.client_rows["sessions"][client] >= number, True)
    with pytest.raises(KeyError):
        spaced["no such column"]
