"""Commands that read records take the same options, say what was done, and are not silent while they do it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from experiments.cli import record_progress
from experiments.cli.record_options import RecordOptions
from simulation.errors import AllianceError
from tests.programs import alliance

OPTIONS = [f"--{one.name.replace('_', '-')}" for one in fields(RecordOptions)]
ROWS = "who,nr,mein_wert,phq9,note\na,1,50,,x\na,2,400,18,\na,3,51,17,\nb,1,44,99,\n,2,40,3,\n"


@pytest.mark.parametrize("command", ["describe", "calibrate"])
def test_every_option_is_there(command):
    said = alliance(command, "--help").output
    assert [option for option in OPTIONS if f"{option} " not in said] == []


@pytest.mark.parametrize("option", OPTIONS)
def test_calibrate_takes_no_option_for_records_that_it_does_not_read(option):
    without = alliance("calibrate", option, "7")
    assert without.exit_code == 2
    assert f"{option} says how records are read" in " ".join(without.output.split())


def test_calibrate_says_what_describe_says(write, monkeypatch):
    def read_and_no_more(*_, **__):
        raise AllianceError("This is enough.")

    monkeypatch.setattr("experiments.calibration.calibrate", read_and_no_more)
    path = write(ROWS)
    given = ("--client", "who", "--session", "nr", "--alliance", "mein_wert")
    monkeypatch.setenv("COLUMNS", "400")
    described = alliance("describe", path, "--studies", 0, *given)
    calibrated = alliance("calibrate", "--data", path, *given)
    assert described.exit_code == 0, described.output
    for text in (described.output, calibrated.output):
        assert "5 rows, 1 left out." in text
        assert "Left out row 6: no client." in text
        assert "phq9: 99 (once) taken as codes for missing in row 5" in text


def test_a_long_file_is_not_read_in_silence(write, monkeypatch):
    monkeypatch.setattr(record_progress, "LONG", 10)
    monkeypatch.setattr(record_progress, "EVERY", 0.0)
    said = alliance("describe", write(ROWS), "--studies", "0", "--client", "who", "--session", "nr")
    assert "Reading " in said.output
    assert "statistics: 1 of " in said.output
