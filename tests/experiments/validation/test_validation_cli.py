"""The commands say what they found, or in one sentence what was wrong."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from experiments.cli.program import app
from experiments.evidence import fact


@pytest.fixture
def run(monkeypatch):
    chosen = tuple(fact(name) for name in ("F01", "F23", "F07", "F25"))
    monkeypatch.setattr("experiments.validation.validate.facts_for", lambda *_arguments: chosen)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_validate_prints_a_table_and_a_line_for_each_role(run):
    result = run("validate", "--studies", "20")
    assert result.exit_code == 0, result.output
    assert "F01" in result.output
    assert "fitted:" in result.output
    assert "predicted:" in result.output


def test_validate_prints_json_and_nothing_else_on_the_output(run):
    result = run("validate", "--studies", "20", "--json")
    entries = json.loads(result.stdout)
    assert [entry["id"] for entry in entries] == ["F01", "F23", "F07", "F25"]


def test_validate_writes_a_page(run, tmp_path):
    page = tmp_path / "new" / "page.html"
    assert run("validate", "--studies", "20", "--html", str(page)).exit_code == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_all_and_one_preset_contradict_each_other(run):
    result = run("validate", "--all", "--preset", "youth")
    assert result.exit_code == 2
    assert "not both" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("validate", "--preset", "yuth"), "Did you mean youth"),
        (("validate", "--studies", "1"), "at least 20"),
        (("describe", "nowhere.csv"), "cannot be read"),
        (("describe", "nowhere.csv", "--alliance-range", "60"), "LOW:HIGH"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


def test_describe_prints_what_it_found(run, tmp_path):
    rows = [
        f"{c};{s};{40 + (c * s) % 20},5;{20 - s * (c % 3) + c % 7}"
        for c in range(50)
        for s in range(1, 6)
    ]
    file = tmp_path / "records.csv"
    file.write_text("client;session;wai;phq9\n" + "\n".join(rows), "utf-8")
    result = run("describe", str(file), "--studies", "0", "--json")
    found = json.loads(result.stdout)
    assert (found["clients"], found["sessions"]) == (50, 250)
    assert found["statistics"][0]["id"] == "F01"
    assert "50 clients" in run("describe", str(file), "--studies", "20").output
