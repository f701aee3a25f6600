"""The benchmark measures what it says."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from experiments.benchmarks import engine, lower_bound, scaling
from simulation.equations import meeting
from simulation.errors import AllianceError
from simulation.numerics import logistic
from simulation.running import simulate
from tests.programs import alliance

KEYS = [
    "courses_per_second_one_core",
    "courses_per_second_all_cores",
    "ns_per_client_session",
    "lower_bound_ns_per_client_session",
    "ratio_to_lower_bound",
    "mesa_batch_run_courses_per_second",
    "ratio_to_mesa_batch_run",
]


@pytest.fixture(scope="module")
def measures():
    return engine.measure(rounds=3, replicates=100, mesa_replicates=1)


def test_its_keys_are_the_promised_ones(measures) -> None:
    assert [field.name for field in fields(engine.EngineSpeed)] == KEYS
    assert list(measures.as_json()) == KEYS
    assert all(value > 0 for value in measures.as_json().values())


def test_its_ratios_are_ratios_of_what_it_measured(measures) -> None:
    assert measures.ratio_to_lower_bound == pytest.approx(
        measures.ns_per_client_session / measures.lower_bound_ns_per_client_session
    )
    assert measures.ratio_to_mesa_batch_run == pytest.approx(
        measures.courses_per_second_one_core / measures.mesa_batch_run_courses_per_second
    )


def test_the_lower_bound_is_vectorised_and_lies_below_the_session(measures) -> None:
    # Not vectorised, the draws and logistics alone take longer than a whole session of the engine.
    assert measures.ratio_to_lower_bound > 1.2


def test_the_engine_is_far_faster_than_mesa(measures) -> None:
    assert measures.ratio_to_mesa_batch_run > 50


def test_functions_are_counted_from_the_equations(monkeypatch) -> None:
    def counted() -> dict[str, tuple[int, int]]:
        lower_bound._calls.cache_clear()
        return dict(lower_bound._calls())

    before = counted()
    assert 8 <= before["session"][0] <= 30
    assert before["client"] == (10, 0)
    assert before["presence"] == (3, 2)  # two exponentials, one logistic, two logits
    original = meeting.safety
    monkeypatch.setattr(meeting, "safety", lambda *arguments: logistic(original(*arguments) - 0.5))
    after = counted()
    monkeypatch.undo()
    lower_bound._calls.cache_clear()
    assert after["session"][0] == before["session"][0] + 1
    assert {**after, "session": 0} == {**before, "session": 0}


def test_the_work_of_a_run_is_that_of_its_tables() -> None:
    result = simulate(engine.default_clinic(), seed=3, replicates=3, histories=True)
    work = {one.what: one for one in lower_bound.work_of(result)}
    sessions = result.session_rows
    assert sessions is not None
    assert work["session"].times == len(sessions)
    assert work["client"].times == 300
    assert work["therapist"].times == 30
    weeks = sum(1 + int(sessions["week"][sessions["replicate"] == k].max()) for k in range(3))
    assert work["week of a therapist"].times == 10 * weeks
    assert work["beginning"].times == work["last questionnaires"].times <= 300


def test_the_clinic_measured_is_the_default_one() -> None:
    clinic = engine.default_clinic()
    assert (clinic.clients, clinic.therapists, clinic.session_limit) == (100, 10, 20)
    assert set(clinic.changed()) <= {"clients", "therapists", "session_limit"}


def test_the_command_prints_json_and_lines_for_people(measures, monkeypatch) -> None:
    monkeypatch.setattr(engine, "measure", lambda: measures)
    assert json.loads(alliance("benchmark", "--json").stdout) == measures.as_json()
    assert "courses per second" in alliance("benchmark").stdout


def test_the_scaling_table_is_markdown_with_a_row_for_each_size() -> None:
    rows = scaling.scaling_rows(most_courses=1_000, repeats=1)
    table = scaling.scaling_table(rows).splitlines()
    assert len(table) == 2 + len(rows)
    assert len({line.count("|") for line in table}) == 1
    assert {(row.clients, row.replicates) for row in rows} == {(100, 1), (100, 10), (1_000, 1)}
    assert {row.session_limit for row in rows} == {10, 20, 40}
    assert all(row.seconds_one_thread > 0 for row in rows)


def test_a_page_gets_the_measures_between_its_marks_and_keeps_the_rest(measures, tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        f"# Speed\n\n{scaling.BEGIN}\n\nold\n\n{scaling.END}\n\nafter\n", encoding="utf-8"
    )
    rows = [scaling.ScalingRow(100, 20, 1, 800, 0.5, 0.25)]
    for _ in range(2):
        scaling.write_page(page, measures, rows)
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# Speed\n\n" + scaling.BEGIN)
        assert text.endswith(scaling.END + "\n\nafter\n")
        assert text.count(scaling.scaling_table(rows)) == text.count(measures.text()) == 1
        assert "old" not in text
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(AllianceError, match="no place for the table"):
        scaling.write_page(page, measures, rows)
    with pytest.raises(AllianceError, match="cannot be read"):
        scaling.write_page(tmp_path / "none.md", measures, rows)
