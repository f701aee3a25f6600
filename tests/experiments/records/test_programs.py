"""Files that R and LibreOffice wrote themselves give the same tables as the records they were made from.

``programs/make.sh`` makes them again; ``programs/versions.txt`` says with which versions they were made.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.records.reading import read_records

pytest.importorskip("pyreadstat")
pytest.importorskip("rdata")
pytest.importorskip("python_calamine")
pytestmark = pytest.mark.usefixtures("in_one_process")

PROGRAMS = Path(__file__).with_name("programs")
FILES = sorted(
    path.name
    for path in PROGRAMS.iterdir()
    if path.suffix in {".sav", ".zsav", ".dta", ".rds", ".RData", ".xlsx", ".xls", ".ods"}
)
LABELLED = ("byte.sav", "none.sav", "zsav.zsav", "labelled.rds")


@pytest.fixture(scope="module")
def plain():
    records = read_records(PROGRAMS / "records.csv")
    assert (records.clients, records.rows_left_out) == (12, 0)
    assert sorted(set(records.tables.clients["status"])) == ["completed", "dropped_out"]
    return records


def test_every_form_of_these_programs_is_there():
    assert len(FILES) == 24
    said = (PROGRAMS / "versions.txt").read_text()
    assert all(name in said for name in ("R version", "haven", "foreign", "LibreOffice"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_its_own_program_gives_the_same_tables(plain, name):
    records = read_records(PROGRAMS / name)
    assert (records.rows, records.rows_left_out) == (plain.rows, 0)
    for panel in ("wai_sr_client", "core_10"):
        assert np.array_equal(
            records.tables.panel(panel), plain.tables.panel(panel), equal_nan=True
        ), panel
    dated = not name.startswith("foreign")  # which gives days no format that says they are days
    for column in ("core_10_intake", "status", "therapist", "sessions", *["week_started"] * dated):
        assert list(records.tables.clients[column]) == list(plain.tables.clients[column]), column
    assert not records.doubtful


@pytest.mark.parametrize("name", LABELLED)
def test_what_haven_declared_missing_is_counted(name):
    notes = read_records(PROGRAMS / name).notes
    lines = (PROGRAMS / "records.csv").read_text("utf-8").splitlines()
    empty = [str(row) for row, line in enumerate(lines) if not line.split(",")[5]]
    said = f"99 (keine Angabe) {len(empty)} times, in rows {', '.join(empty)}."
    assert f"phq9: the file declares as missing {said}" in notes


def test_the_data_frame_of_two_that_has_clients_is_read():
    notes = read_records(PROGRAMS / "two.RData").notes
    assert "Read from the data frame records; others are not read: notes." in notes


def test_days_without_a_format_are_no_dates_and_that_is_said():
    notes = read_records(PROGRAMS / "foreign_12.dta").notes
    assert any(note.startswith("No date can be read in rows 1, 2,") for note in notes)


def test_text_of_stata_before_14_may_be_in_windows_1252(tmp_path, plain):
    content = (PROGRAMS / "haven_12.dta").read_bytes()
    for word in ("Größ", "Béla", "regulär beendet"):
        old = word.encode("cp1252")
        content = content.replace(word.encode(), old + bytes(len(word.encode()) - len(old)))
    path = tmp_path / "windows.dta"
    path.write_bytes(content)
    records = read_records(path)
    assert list(records.tables.clients["status"]) == list(plain.tables.clients["status"])
    assert list(records.tables.therapist) == list(plain.tables.therapist)
