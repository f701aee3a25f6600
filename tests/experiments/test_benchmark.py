"""The benchmark measures what it says."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from typer.testing import CliRunner

import experiments.benchmark as b
from experiments.cli import app
from simulation.equations import meeting

KEYS = [
    "courses_per_second_one_core",
    "courses_per_second_all_cores",
    "ns_per_client_session",
    "floor_ns_per_client_session",
    "ratio_to_floor",
    "mesa_batch_run_courses_per_second",
    "ratio_to_mesa_batch_run",
]


@pytest.fixture(scope="module")
def measures():
    return b.measure(rounds=3, replicates=100, mesa_replicates=1)


def test_its_keys_are_the_promised_ones(measures) -> None:
    assert [field.name for field in fields(b.Measures)] == KEYS
    assert list(measures.as_json()) == KEYS
    assert all(value > 0 for value in measures.as_json().values())


def test_its_ratios_are_ratios_of_what_it_measured(measures) -> None:
    assert measures.ratio_to_floor == pytest.approx(
        measures.ns_per_client_session / measures.floor_ns_per_client_session
    )
    assert measures.ratio_to_mesa_batch_run == pytest.approx(
        measures.courses_per_second_one_core / measures.mesa_batch_run_courses_per_second
    )


def test_the_floor_is_vectorised_and_lies_below_the_session(measures) -> None:
    # Not vectorised, the draws and logistics alone take longer than a whole session of the engine.
    assert measures.ratio_to_floor > 1.2


def test_the_engine_is_far_faster_than_mesa(measures) -> None:
    assert measures.ratio_to_mesa_batch_run > 50


def test_logistics_are_counted_from_the_equations(monkeypatch) -> None:
    counted = b.logistics_in_a_session()
    assert 8 <= counted <= 30
    original = meeting.safety
    monkeypatch.setattr(
        meeting, "safety", lambda *arguments: b.logistic(original(*arguments) - 0.5)
    )
    b.logistics_in_a_session.cache_clear()
    assert b.logistics_in_a_session() == counted + 1
    monkeypatch.undo()
    b.logistics_in_a_session.cache_clear()


def test_the_clinic_measured_is_the_default_one() -> None:
    clinic = b.default_clinic()
    assert (clinic.clients, clinic.therapists, clinic.session_limit) == (100, 10, 20)
    assert set(clinic.changed()) <= {"clients", "therapists", "session_limit"}


def test_the_command_prints_json_and_lines_for_people(measures, monkeypatch) -> None:
    monkeypatch.setattr(b, "measure", lambda: measures)
    assert json.loads(CliRunner().invoke(app, ["benchmark", "--json"]).stdout) == measures.as_json()
    assert "courses per second" in CliRunner().invoke(app, ["benchmark"]).stdout


def test_the_scaling_table_is_markdown_with_a_row_for_each_size() -> None:
    rows = b.scaling_rows(most_courses=1_000, repeats=1)
    table = b.scaling_table(rows).splitlines()
    assert len(table) == 2 + len(rows)
    assert len({line.count("|") for line in table}) == 1
    assert {(row.clients, row.replicates) for row in rows} == {(100, 1), (100, 10), (1_000, 1)}
    assert {row.session_limit for row in rows} == {10, 20, 40}
    assert all(row.seconds_one_thread > 0 for row in rows)
