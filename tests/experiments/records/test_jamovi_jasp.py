"""jamovi and JASP: labels, missing values, filters and versions; damage, bombs and newer versions are refused."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from experiments.records.archives import Archive
from experiments.records.files import table_of_cells
from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records.archives import (
    archive,
    identity,
    jasp,
    jasp_before_018,
    number,
    omv,
    whole,
    words,
)

CODES = {0: "abgebrochen", 1: "regulär beendet"}
COLUMNS = [
    whole("client", [1, 1, 2, 2]),
    whole("session", [1, 2, 1, 2], {1: "1", 2: "2"}),
    number("wai_sr", [50.5, None, 44, 41]),
    number("phq9", [18, 15, 9, 99]),
    words("therapist", ["B", "B", "A", None]),
    whole("ended", [None, 1, None, 0], CODES),
]
WRITERS = {"jamovi": omv, "JASP before 0.18": jasp_before_018, "JASP": jasp}


def cells_of(write, content: bytes) -> dict[str, tuple[str, ...]]:
    found = table_of_cells(write(content, "records.bin"))
    return dict(zip(found.header, found.columns, strict=True))


@pytest.mark.parametrize("program", WRITERS)
def test_values_words_and_labels_are_read(write, program):
    found = table_of_cells(write(WRITERS[program](COLUMNS), "records.bin"))
    assert dict(zip(found.header, found.columns, strict=True)) == {
        "client": ("1", "1", "2", "2"),
        "session": ("1", "2", "1", "2"),
        "wai_sr": ("50.5", "", "44", "41"),
        "phq9": ("18", "15", "9", "99"),
        "therapist": ("B", "B", "A", ""),
        "ended": ("", "1", "", "0"),
    }
    assert dict(found.labels) == {"ended": {"0": "abgebrochen", "1": "regulär beendet"}}
    assert found.lines == (1, 2, 3, 4)
    assert f"Read as a file of {program.partition(' ')[0]}." in found.notes


@pytest.mark.parametrize("program", WRITERS)
def test_labels_say_how_treatment_ended(write, program):
    records = read_records(write(WRITERS[program](COLUMNS), "records.bin"), missing="99")
    assert records.tables.dropped_out.tolist() == [False, True]
    assert np.array_equal(records.tables.panel("core_10")[1], [10.0, np.nan], equal_nan=True)


@pytest.mark.parametrize("version", ["1.0", "5.0", "7.0", "11.0"])
def test_every_version_of_jamovi(write, version):
    assert cells_of(write, omv(COLUMNS, version))["wai_sr"] == ("50.5", "", "44", "41")


def test_old_jamovi_names_words_by_their_measure_alone(write):
    old = [
        {key: value for key, value in one.items() if key not in {"dataType", "columnType"}}
        for one in COLUMNS
    ]
    old[4]["measureType"] = "NominalText"
    assert cells_of(write, omv(old, "1.0"))["therapist"] == ("B", "B", "A", "")


@pytest.mark.parametrize("letters", [False, True])
def test_texts_of_jamovi_are_found_by_bytes_or_by_letters(write, letters):
    names = ["Müller", "Ä", None, "ß ö"]
    columns = [*COLUMNS[:4], identity("therapist", names), identity("ended", ["a", None, "b", "c"])]
    found = cells_of(write, omv(columns, letters=letters))
    assert found["therapist"] == ("Müller", "Ä", "", "ß ö")
    assert found["ended"] == ("a", "", "b", "c")


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (["== 99"], ("18", "15", "9", "")),
        ([">= 15", "< 10"], ("", "", "", "")),
        (["== '99'"], ("18", "15", "9", "99")),
    ],
)
def test_missing_values_that_jamovi_declares_are_missing_and_counted(write, rules, left):
    columns = [*COLUMNS[:3], number("phq9", [18, 15, 9, 99], missingValues=rules)]
    found = table_of_cells(write(omv(columns), "records.bin"))
    assert found.columns[3] == left
    assert any("phq9: the file declares as missing" in note for note in found.notes) == ("" in left)


def test_a_rule_for_missing_values_that_is_not_known_is_said(write):
    columns = [*COLUMNS[:3], number("phq9", [18, 15, 9, 99], missingValues=["is.na(x)"])]
    notes = table_of_cells(write(omv(columns), "records.bin")).notes
    assert "phq9: missing values declared as 'is.na(x)' are not known here." in notes


def test_a_filter_is_said_and_not_applied(write):
    filtered = [whole("Filter 1", [1, 0, 1, 0], columnType="Filter", active=True), *COLUMNS]
    found = table_of_cells(write(omv(filtered), "records.bin"))
    assert "Filter 1" not in found.header
    assert "Filter 1 leaves out rows 2, 4 in jamovi; they are read here." in found.notes
    said = "A filter leaves out rows 2, 4 in JASP; they are read here."
    assert said in table_of_cells(write(jasp(COLUMNS, kept=[1, 0, 1, 0]), "a.jasp")).notes
    old = jasp_before_018(COLUMNS, filterVector=[True, False, True, False])
    assert said in table_of_cells(write(old, "b.jasp")).notes


@pytest.mark.parametrize(
    "empty",
    ['["99", "nan"]', '{"strings": ["99"], "custom": true}', '{"workspaceEmptyValues": ["99"]}'],
)
def test_empty_values_of_jasp_are_missing_and_counted(write, empty):
    found = table_of_cells(write(jasp(COLUMNS, empty=empty), "records.jasp"))
    assert found.columns[3] == ("18", "15", "9", "")
    assert "phq9: the file declares as missing 99 once, in row 4." in found.notes


def test_a_column_of_jasp_has_empty_values_of_its_own(write):
    columns = [
        *COLUMNS[:3],
        number("phq9", [18, 15, 9, 99], empty='{"strings": ["9"], "custom": true}'),
    ]
    assert cells_of(write, jasp(columns, empty='["99"]'))["phq9"] == ("18", "15", "", "99")


def test_what_old_jasp_took_for_missing_is_counted(write):
    old = jasp_before_018(COLUMNS, empty={"wai_sr": {"1": "k.A."}})
    assert (
        "wai_sr: the file declares as missing k.A. once, in row 2."
        in table_of_cells(write(old, "a.jasp")).notes
    )


def test_a_word_that_was_given_another_label_keeps_its_own(write):
    changed = words("ended", [None, "c", None, "d"], shown={"c": "completed", "d": "dropped out"})
    for content in (jasp([*COLUMNS[:5], changed]), jasp_before_018([*COLUMNS[:5], changed])):
        found = table_of_cells(write(content, "records.jasp"))
        assert found.columns[5] == ("", "c", "", "d")
        assert found.labels["ended"] == {"c": "completed", "d": "dropped out"}


BAD = {
    "newer jamovi": (omv(COLUMNS, "12.0"), "newer jamovi"),
    "newer JASP": (jasp(COLUMNS, version="7.0.0"), "newer JASP"),
    "no version": (omv(COLUMNS, meta="Manifest-Version: 1.0\n"), "does not say by which jamovi"),
    "cut data": (omv(COLUMNS, **{"data.bin": b"\0" * 7}), "7 bytes of data where its description makes 128"),
    "no data": (omv(COLUMNS, **{"data.bin": None}), "there is no data.bin in it"),
    "no columns": (omv(COLUMNS, **{"metadata.json": "{}"}), "names no columns and rows"),
    "rows beyond all": (
        omv(COLUMNS, **{"metadata.json": '{"dataSet": {"rowCount": 1000000000000000, "fields": [{}]}}'}),
        "bytes of data where",
    ),
    "no JSON": (omv(COLUMNS, **{"metadata.json": "["}), "no JSON object"),
    "deep JSON": (omv(COLUMNS, **{"metadata.json": "[" * 100_000}), "no JSON object"),
    "bad labels": (omv(COLUMNS, **{"xdata.json": '{"ended": {"labels": [["a"]]}}'}), "labels cannot be read"),
    "word without label": (omv(COLUMNS, **{"xdata.json": "{}"}), "a value of therapist has no label"),
    "no database": (
        archive({"manifest.json": '{"jaspArchiveVersion": "6.0.0"}', "internal.sqlite": b"SQLite format 3\0"}),
        "database cannot be read",
    ),
    "another database": (
        archive({"manifest.json": '{"jaspArchiveVersion": "6.0.0"}', "internal.sqlite": b""}),
        "database cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_refused_in_one_sentence(write, name):
    content, says = BAD[name]
    with pytest.raises(AllianceError, match=says) as error:
        table_of_cells(write(content, "records.bin"))
    assert "\n" not in str(error.value)
    assert "as CSV" in str(error.value)


def test_a_view_in_the_database_is_no_table(write):
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE Columns (id, dataSet, name, columnType, colIdx);"
        "CREATE TABLE Labels (columnId, value, label, originalValueJson);"
        "CREATE VIEW DataSets AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
        " SELECT id, '' AS emptyValuesJson FROM n;"
    )
    manifest = '{"jaspArchiveVersion": "6.0.0"}'
    content = archive({"manifest.json": manifest, "internal.sqlite": connection.serialize()})
    with pytest.raises(AllianceError, match="database cannot be read"):
        table_of_cells(write(content, "records.jasp"))


def test_a_part_that_unpacks_to_too_much_is_refused_whatever_the_contents_say(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.bin", bytes(2_000_000))
    packed = content.getvalue()
    assert len(packed) < 5000
    with pytest.raises(AllianceError, match="too large once it is unpacked"):
        Archive(tmp_path, packed, "jamovi").part("data.bin", 1_000_000)
