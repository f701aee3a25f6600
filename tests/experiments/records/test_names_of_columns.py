"""Columns and endings are known in the spellings of German-speaking clinics, and nothing else is taken for them."""

from __future__ import annotations

import pytest

from experiments.records import read_records
from experiments.records.columns import MEANINGS, find_column
from experiments.records.values import read_ending
from tests.experiments.records.looked_at import said

SPELLINGS = {
    "client": (
        "Patientencode", "PatientenID", "Patienten_ID", "Patientennummer", "patienten-nr.", "Klientencode",
        "KlientInnen-Nr.", "Patient:in", "Patientinnencode", "Fallnr", "Code", "VPN", "VpNr", "Vp-Code", "Pseudonym",
        "Probandennummer", "Teilnehmercode",
    ),
    "session": (
        "Sitzungsnr", "SitzungNr", "Sitzungs-Nr.", "Sitzung_Nr", "Sitzungsnummer", "Therapiestunde",
        "Therapiestundennr", "Messzeitpunkt", "MZP",
    ),
    "therapist": (
        "TherapeutIn", "Therapeut_in", "Therap_ID", "Therapeutencode", "TherapeutInnen-Nr.", "Therapeutenkürzel",
        "Behandlernr",
    ),
    "ended": ("Abschluss", "Ausgang", "Therapieabschluss"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("meaning", "name"), [(meaning, name) for meaning, names in SPELLINGS.items() for name in names]
)
def test_a_compound_with_its_identifier_is_known_in_any_spelling(meaning, name):
    assert [one for one in MEANINGS if find_column((name,), one) is not None] == [meaning]


@pytest.mark.parametrize(
    "name", ["Diagnosecode", "Diagnose_ID", "ICD-Code", "Klinikcode", "Casino", "Postleitzahl"]
)
def test_the_code_of_something_else_is_no_client(name):
    assert [one for one in MEANINGS if find_column((name,), one) is not None] == []


@pytest.mark.parametrize("header", [("Code", "Fallnr"), ("Fallnr", "Code")])
def test_a_code_is_the_client_only_where_nothing_else_is(header):
    place = find_column(header, "client")
    assert place is not None
    assert header[place] == "Fallnr"


def test_a_code_alone_is_taken_for_the_client_and_it_is_said(write):
    records = read_records(write("Code;Sitzungsnr;WAI\n1;1;40\n1;2;41\n2;1;50\n"))
    assert records.columns["client"] == "Code"
    assert "Code is taken for client, for no other column looks like it" in said(records)


def test_intake_is_intake_where_the_session_is_written_as_a_compound(write):
    records = read_records(
        write(
            "Patientencode;Sitzungsnr;Datum;PHQ9\n1;0;01.02.2024;18\n1;1;08.02.2024;15\n1;2;15.02.2024;\n"
        )
    )
    assert records.sessions == 2
    assert records.tables.client("core_10_intake").tolist() == [pytest.approx(11 + 8 * 6 / 6)]
    assert "counted by date" not in said(records)


def test_columns_that_were_not_used_are_named(write):
    records = read_records(write("id,session,wai,semester,age\n1,1,40,S,30\n1,2,41,S,30\n"))
    assert "Not used: semester, age." in records.notes
    assert "Not used" not in said(read_records(write("id,session,wai\n1,1,40\n1,2,41\n")))


def test_questionnaires_of_a_wide_table_that_were_not_used_are_named(write):
    records = read_records(
        write("id,wai_1,wai_2,bdi_1,bdi_2,phq9_1,phq9_2,sessions\n1,40,41,9,8,7,6,5\n")
    )
    assert "Not used: bdi." in records.notes
    assert records.tables.sessions_attended.tolist() == [5]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Abbruch Patient", "dropped_out"),
        ("Abbruch durch Patient:in", "dropped_out"),
        ("Abbruch der Behandlung durch die Klientin", "dropped_out"),
        ("Therapie abgebrochen", "dropped_out"),
        ("Abbruch Therapeut", None),
        ("einvernehmlich beendet", "completed"),
        ("Therapie regulär abgeschlossen", "completed"),
        ("verzogen", "in_treatment"),
        ("moved away", "in_treatment"),
        ("in Behandlung", "in_treatment"),
        ("Behandlung", None),
    ],
)
def test_words_for_endings(word, status):
    assert read_ending(word, "Ausgang") == status


def test_who_moved_away_is_in_no_rate_of_dropout_and_it_is_said(write):
    text = "id;session;wai;Ausgang\n1;1;40;verzogen\n2;1;41;Abbruch Patient\n3;1;50;einvernehmlich beendet\n"
    records = read_records(write(text))
    assert records.tables.ended.tolist() == [False, True, True]
    assert records.tables.dropped_out.tolist() == [False, True, False]
    assert "Ausgang says 'verzogen' in row 2: neither completed nor dropped out" in said(records)
    assert records.mapping.endings["verzogen"] == "in_treatment"
