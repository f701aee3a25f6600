"""The commands say what they found, or in one sentence what was wrong."""

from __future__ import annotations

import json

import pytest

from experiments.evidence import fact
from tests.programs import alliance, refused


@pytest.fixture(autouse=True)
def four_findings(monkeypatch):
    chosen = tuple(fact(name) for name in ("F01", "F23", "F07", "F25"))
    monkeypatch.setattr("experiments.validation.validate.facts_for", lambda *_arguments: chosen)


def test_validate_prints_a_table_and_a_line_for_each_role():
    result = alliance("validate", "--studies", "20")
    assert result.exit_code == 0, result.output
    assert "F01" in result.output
    assert "fitted:" in result.output
    assert "predicted:" in result.output


def test_validate_prints_json_and_nothing_else_on_the_output():
    result = alliance("validate", "--studies", "20", "--json")
    entries = json.loads(result.stdout)
    assert [entry["id"] for entry in entries] == ["F01", "F23", "F07", "F25"]


def test_validate_writes_a_page(tmp_path):
    page = tmp_path / "new" / "page.html"
    assert alliance("validate", "--studies", "20", "--html", str(page)).exit_code == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_all_and_one_preset_contradict_each_other():
    assert "not both" in refused("validate", "--all", "--preset", "youth")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("validate", "--preset", "yuth"), "Did you mean youth"),
        (("validate", "--studies", "1"), "at least 20"),
        (("describe", "nowhere.csv"), "cannot be read"),
        (("describe", "nowhere.csv", "--alliance-range", "60"), "LOW:HIGH"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments, message):
    assert message in refused(*arguments)


def test_describe_prints_what_it_found(tmp_path):
    rows = [
        f"{c};{s};{40 + (c * s) % 20},5;{20 - s * (c % 3) + c % 7}"
        for c in range(50)
        for s in range(1, 6)
    ]
    file = tmp_path / "records.csv"
    file.write_text("client;session;wai;phq9\n" + "\n".join(rows), "utf-8")
    result = alliance("describe", str(file), "--studies", "0", "--json")
    found = json.loads(result.stdout)
    assert (found["clients"], found["sessions"]) == (50, 250)
    assert found["statistics"][0]["id"] == "F01"
    assert "50 clients" in alliance("describe", str(file), "--studies", "20").output
