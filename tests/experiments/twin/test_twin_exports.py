"""A twin of an export of REDCap or Qualtrics is such an export: read alike, empty where it is, and about nobody."""

from __future__ import annotations

import csv
import io
import random
import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.records import read_records
from experiments.records.columns import find_column
from experiments.twin.files import file_columns
from experiments.twin.learning import learn
from experiments.twin.maker import Maker
from experiments.twin.original import read_original, refuse_few
from experiments.twin.report import codebook_text
from experiments.twin.who import says_who
from simulation.errors import AllianceError
from tests.experiments.records.mutations import _changed
from tests.experiments.twin.exports import (
    EMPTY,
    EXPORTS,
    FRAME,
    MAPPING,
    QUALTRICS,
    lines_of,
    survey,
    survey_of_clients,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from experiments.records.reading import Records
    from experiments.twin.fitting import QuickFit


@pytest.mark.parametrize("name", EXPORTS)
def test_describe_reads_the_twin_of_an_export_as_the_export(name: str, twins) -> None:
    path, target, twin = twins[name]
    real = read_records(path, MAPPING)
    # Without the twin's own mapping, too: all is seen from the file itself.
    for again in (read_records(target, MAPPING), read_records(target, path.with_name("twin.map.toml"))):  # fmt: skip
        assert again.columns == real.columns
        assert again.rows_left_out == 0
        assert again.clients == real.clients
        assert again.therapists == real.therapists
        assert again.mapping.scales.keys() == real.mapping.scales.keys()
        assert again.rows == pytest.approx(real.rows, rel=0.25)
        assert again.sessions == pytest.approx(real.sessions, rel=0.25)
        if name != "arms":  # Rare events are not in it.
            assert_as_long(again, real)
        rate = real.tables.dropped_out.mean()
        assert again.tables.dropped_out.mean() == pytest.approx(rate, abs=0.12)
        ours, theirs = (one.tables.client("core_10_intake") for one in (again, real))
        assert np.nanmean(ours) == pytest.approx(np.nanmean(theirs), abs=2.5)
        assert np.nanstd(ours) == pytest.approx(np.nanstd(theirs), rel=0.25)
    assert _shapes(read_records(target, MAPPING)) == _shapes(real)
    judged = [one for one in twin.statistics if np.isfinite(one.low)]
    assert len(judged) > 10
    assert sum(one.preserved for one in judged) >= 0.6 * len(judged)


def assert_as_long(twin: Records, real: Records) -> None:
    """Therapies of a twin have their ends: the longest is the mean of the five longest."""
    ours, theirs = (np.sort(one.tables.sessions_attended) for one in (twin, real))
    assert ours.max() == pytest.approx(theirs[-5:].mean(), abs=2)
    assert (ours >= 8).mean() == pytest.approx((theirs >= 8).mean(), abs=0.08)


def _shapes(records) -> list[str]:
    """Return what was said of the shape, without rows and counts."""
    words = (
        "REDCap",
        "Qualtrics",
        "wide",
        "Put together",
        "Taken for",
        "after the last",
        "not used",
    )
    return [
        re.sub(r"rows? [\d, ]+( and \d+ more)?|\d+", "N", note)
        for note in records.notes
        if any(word in note for word in words)
    ]  # fmt: skip


@pytest.mark.parametrize("name", QUALTRICS)
def test_the_header_of_qualtrics_has_its_three_rows(name: str, twins) -> None:
    path, target, twin = twins[name]
    assert lines_of(path)[:3] == lines_of(target)[:3]
    assert any("copied word for word" in note for note in twin.notes)
    rows = table_of(target, 3)
    assert {row["Status"] for row in rows} == {"IP Address"}
    assert {row["Finished"] for row in rows} == {"True"}
    assert len({row["ResponseId"] for row in rows}) == len(rows)


@pytest.mark.parametrize("words_alone", [False, True])
def test_a_record_among_the_headers_of_qualtrics_is_not_copied(
    words_alone: bool, tmp_path: Path
) -> None:
    """Somebody sorted the file: a response stands where the texts of the questions should be."""
    lines = list(csv.reader(io.StringIO(survey())))
    lines[1], lines[4] = lines[4], lines[1]
    if words_alone:
        # Nothing in it but words, of which others gave the same.
        lines[1] = [cell if cell in {"IP Address", "email", "EN"} else "" for cell in lines[1]]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    path = tmp_path / "records.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    found = read_original(path, MAPPING).survey
    assert found is not None
    assert found.heads[0] == tuple(lines[0])


IDENTIFYING = {
    *EMPTY, "record_id", "Record ID", "client", "therapist", "redcap_data_access_group", "StartDate", "EndDate",
    "IPAddress", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
    "ExternalReference", "LocationLatitude", "LocationLongitude", "Q12_TEXT", "Survey Identifier",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_that_says_who_reaches_a_twin_or_what_is_beside_it(name: str, twins) -> None:
    path, target, twin = twins[name]
    heads = 3 if name in QUALTRICS else 1
    secret = {
        cell
        for row in table_of(path, heads)
        for column, cell in row.items()
        if column in IDENTIFYING and len(cell) > 3
    }
    assert len(secret) > 300
    cells = {cell for row in table_of(target, heads) for cell in row.values()}
    assert not secret & cells
    files = (twin.truth, twin.codebook, twin.report, twin.mapping, target.read_text("utf-8"))
    found = re.compile("|".join(re.escape(one) for one in sorted(secret) if not one.isdigit()))
    for text in files:
        assert not found.search(text)


def test_days_of_an_export_are_other_days(twins) -> None:
    """Times of day go, and the calendar begins half a year earlier at least."""
    for name, column, heads in (("survey", "RecordedDate", 3), ("instruments", "session_date", 1)):
        path, target, _ = twins[name]
        real, made = (
            [row[column] for row in table_of(one, heads) if row[column]] for one in (path, target)
        )
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in made)
        assert min(made) < min(real)


@pytest.mark.parametrize(
    "name",
    ["RecipientEmail", "e-mail", "Phone", "LocationLatitude", "IP address", "FirstName", "last_name", "MRN", "dob",
     "Post code", "External Data Reference", "Response ID", "survey_identifier", "name", "Names", "initials",
     "Kontakt", "tel", "Handy", "fax", "mobile phone", "phone2", "E-Mail 1", "city", "Wohnort", "Ort", "Straße",
     "birthdate", "birth_date", "Date of birth", "place of birth", "name_first", "client's name",
     "Name of the client", "therapist_name", "patientName", "Vor- und Nachname", "Name, Vorname",
     "What is your name?", "NHS number", "Versichertennummer", "insurance_id", "Anschrift",
     "emergency contact", "user_id", "employer"],
)  # fmt: skip
def test_columns_that_say_who_are_known_by_their_names(name: str) -> None:
    assert says_who(name)


@pytest.mark.parametrize(
    "name",
    ["age", "medication_name", "Name of the medication", "questionnaire name", "diagnosis_code", "clinic", "gender",
     "session_format", "contact_with_family", "first_session", "Kontakte", "client_group", "first_language",
     "mailing"],
)  # fmt: skip
def test_other_columns_do_not_say_who(name: str) -> None:
    assert not says_who(name)


def test_entries_that_are_days_are_not_copied_among_words(tmp_path: Path) -> None:
    """REDCap writes a word where a survey was not finished, and the time where it was."""
    client = FRAME["client"].str.slice(1).cast(int)
    # Mostly words: as a column of days it would be left empty.
    stamps = [
        f"2023-02-0{1 + one % 3}" if one % 3 and n % 4 == 0 else "[not completed]"
        for n, one in enumerate(client)
    ]
    path = tmp_path / "records.csv"
    FRAME.with_columns(session_timestamp=pl.Series(stamps)).write_csv(path)
    other = learn(read_original(path)).others["session_timestamp"]
    assert other.categories.entries == ("[not completed]",)


LONG = (
    "Wie häufig fühlten Sie sich in den vergangenen zwei Wochen überfordert, müde, gereizt | erschöpft? "
    * 3
)


@pytest.mark.parametrize("ending", [".sav", ".dta", ".xlsx"])
def test_exports_can_have_twins_of_other_forms(ending: str, tmp_path: Path, fit: QuickFit) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pytest.importorskip("xlsxwriter")
    from experiments.twin.files import file_bytes
    from experiments.twin.labels import shared_forms

    path, target = tmp_path / "records.csv", tmp_path / f"twin{ending}"
    path.write_text(
        survey()
        .replace("Duration (in seconds)", "Duration")
        .replace("Q12_TEXT", "Q12")
        .replace("How about Q9,\nin your own words?", LONG),
        encoding="utf-8",
    )
    maker = Maker(read_original(path, MAPPING), fit, 1)
    columns = file_columns(maker.original, maker.drawn(0).table)
    forms = shared_forms(maker.original, learn(maker.original))
    target.write_bytes(file_bytes(maker.original, columns, target, forms))
    again = read_records(target, maker.mapping)
    assert again.clients == 160
    assert again.rows_left_out == 0
    if ending != ".xlsx":
        read = pyreadstat.read_sav if ending == ".sav" else pyreadstat.read_dta
        labels = read(str(target))[1].column_names_to_labels
        assert labels["wai_sr"] == "How about wai_sr, in your own words?"
        assert LONG.startswith(labels["Q9"])
        # Stata counts letters, SPSS bytes.
        assert (
            len(labels["Q9"]) == 80
            if ending == ".dta"
            else len(labels["Q9"].encode()) in {255, 256}
        )
    codebook = codebook_text(
        target.name, maker.original, learn(maker.original), list(columns), forms, 1
    )
    rows = [line for line in codebook.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert sum(r"gereizt \| erschöpft?" in row for row in rows) == 1


def test_a_wide_survey_in_which_somebody_answered_twice_is_none(tmp_path: Path) -> None:
    header, *rest = survey_of_clients().splitlines(keepends=True)
    path = tmp_path / "records.csv"
    path.write_text("".join([header, *rest, rest[-1].replace("R_", "R_9")]), encoding="utf-8")
    original = read_original(path, MAPPING)
    assert not original.is_wide
    assert any("looks like a wide table" in note for note in original.records.notes)


def mutated(number: int) -> bytes:
    draw = random.Random(number)
    content = EXPORTS[draw.choice(sorted(EXPORTS))]().encode()
    if number % 3 == 0:
        lines = content.split(b"\n")
        content = b"\n".join([*lines[:3], *draw.sample(lines[3:], len(lines) // 2)])
    return _changed(draw, content)


@pytest.mark.parametrize("numbers", [range(16), pytest.param(range(16, 140), marks=pytest.mark.slow)])  # fmt: skip
def test_a_damaged_export_has_a_twin_or_is_refused_in_a_sentence(
    numbers: Iterable[int], tmp_path: Path, fit: QuickFit
) -> None:
    path = tmp_path / "records.csv"
    made = 0
    for number in numbers:
        path.write_bytes(mutated(number))
        try:
            original = read_original(path, MAPPING)
            refuse_few(original)
            maker = Maker(original, fit, 1)
            again = maker.read(maker.drawn(0).table)
        except AllianceError as error:
            assert "\n" not in str(error)
            continue
        made += 1
        assert again.rows.columns.names == original.rows.columns.names
        assert find_column(again.file.header, "client") == find_column(original.file.header, "client")  # fmt: skip
    assert made > 5
