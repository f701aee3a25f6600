"""A mapping is made once, changed by hand and used again: the same reading, with what the user knows."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records import mapping_text, read_mapping, read_records
from experiments.records.mapping import DataMapping
from experiments.records.scores import Scale
from simulation.errors import AllianceError
from tests.programs import alliance

GERMAN = (
    "Patnr;Sitzungsnummer;Therapeutin;Datum;WAI;Belastung;Ende\n"
    "1;1;A;01.02.2024;50;12,5;\n1;2;A;08.02.2024;99;10;planmäßig beendet\n"
    "2;1;B;15.02.2024;44;14;abgebrochen\n3;1;B;16.02.2024;40;11;Discharged\n4;1;B;16.02.2024;41;15;1\n"
)


def test_german_columns_and_endings_are_known(write):
    records = read_records(write(GERMAN))
    assert dict(records.columns) == {
        "client": "Patnr", "session": "Sitzungsnummer", "therapist": "Therapeutin", "date": "Datum",
        "alliance": "WAI", "symptom": "Belastung", "ended": "Ende",
    }  # fmt: skip
    statuses = records.tables.clients["status"].tolist()
    assert statuses == ["completed", "dropped_out", "in_treatment", "in_treatment"]
    assert any("'1', 'Discharged'" in note and "--map" in note for note in records.notes)


def test_what_was_read_is_stored_and_reads_the_same_again(write):
    records = read_records(write(GERMAN))
    path = write(mapping_text(records.mapping), "map.toml")
    again = read_records(records.path, path)
    assert read_mapping(path) == records.mapping
    assert again.columns == records.columns
    for name in ("wai_sr_client", "core_10"):
        one, other = records.tables.panel(name), again.tables.panel(name)
        assert np.array_equal(one, other, equal_nan=True)
    assert "The range could not be told" in path.read_text("utf-8")


def test_what_the_user_changes_counts(write):
    records = read_records(write(GERMAN))
    text = mapping_text(records.mapping)
    text = text.replace('"Discharged" = ""', '"Discharged" = "completed"')
    text = text.replace('"1" = ""', '"1" = "dropped_out"')
    text = text.replace("# cut_off = ", "low = 0\nhigh = 20\ncut_off = 12")
    text = text.replace("# reliable_change = ", "reliable_change = 3")
    changed = read_records(records.path, write(text, "map.toml"))
    statuses = changed.tables.clients["status"].tolist()
    assert statuses == ["completed", "dropped_out", "completed", "dropped_out"]
    assert changed.has_cut_off
    assert not records.has_cut_off
    assert "core_10" in records.doubtful
    assert "core_10" not in changed.doubtful
    assert changed.tables.panel("core_10")[1, 0] == 15.0, "2 above the cut-off, of a reliable 3"


@pytest.mark.parametrize("words", [60, 30, 21])
def test_free_text_about_endings_is_neither_shown_nor_copied(write, words):
    rows = "".join(f"{i},1,40,went to town {i} with family\n" for i in range(words))
    records = read_records(write("client,session,wai_sr,ended\n" + rows))
    everything = " ".join(records.notes) + mapping_text(records.mapping)
    assert "went to" not in everything
    assert "ended says what is free text in rows 2, 3" in everything
    few = read_records(write("client,session,wai_sr,ended\n1,1,40,stopped\n"))
    assert "'stopped' in row 2" in " ".join(few.notes)
    assert '"stopped" = ""' in mapping_text(few.mapping)


def test_an_option_goes_before_the_mapping(write):
    path = write(GERMAN)
    mapping = DataMapping(columns={"alliance": "-"}, scales={"alliance": Scale((12, 84))}, pause=5)
    assert "alliance" not in read_records(path, mapping).columns
    records = read_records(path, mapping, alliance="WAI", alliance_range=(12, 60), pause=365)
    assert records.tables.panel("wai_sr_client")[0, 0] == 50
    assert records.clients == 4
    assert read_records(path, mapping).clients == 5


def test_dates_are_read_as_the_mapping_says(write):
    path = write("client,date,phq9\n1,03/02/2024,9\n1,04/02/2024,8\n")
    days = read_records(path).tables.sessions["week"]
    months = read_records(path, DataMapping(dates="month/day/year")).tables.sessions["week"]
    assert days.tolist() == [0.0, pytest.approx(1 / 7)]
    assert months.tolist() == [0.0, pytest.approx(31 / 7)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colums = {}", "columns"),
        ("[columns]\nclint = 'a'", "client"),
        ("[columns]\nclient = 3", "no table of texts"),
        ("[scales.wai]\nlow = 1", "alliance"),
        ("[scales.alliance]\nlow = 1", "low and high"),
        ("[scales.alliance]\nlow = 5\nhigh = 1", "low below high"),
        ("[scales.symptom]\ncut_off = 'ten'", "no number"),
        ("[scales.symptom]\nreliable_change = 0", "not above 0"),
        ("[scales.alliance]\nmissing = 99", "no list"),
        ("[endings]\nabgebrochen = 'dropout'", "dropped_out"),
        ("pause = -1", "no number of days"),
        ("dates = 'US'", "month/day/year"),
        ("table = 1", "no name"),
        ("pause = ", "not valid TOML"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_in_one_sentence(write, text, message):
    with pytest.raises(AllianceError, match=message):
        read_mapping(write(text, "map.toml"))


def test_the_command_writes_the_mapping_beside_the_records_and_uses_it(write):
    path = write(GERMAN)
    first = alliance("describe", path, "--studies", 0, "--save-map")
    assert first.exit_code == 0, first.output
    stored = path.with_name("records.csv.map.toml")
    assert read_mapping(stored).columns["client"] == "Patnr"
    text = stored.read_text("utf-8")
    stored.write_text(text.replace('"Discharged" = ""', '"Discharged" = "completed"'), "utf-8")
    again = alliance("describe", path, "--studies", 0, "--map", stored)
    assert again.exit_code == 0, again.output
    assert "'Discharged'" in first.output
    assert "'Discharged'" not in again.output
    outside = alliance("calibrate", "--data", path, "--alliance-range", "0:5", "--members", 8)
    assert outside.exit_code == 2
    assert "outside the declared range of 0 to 5" in " ".join(outside.output.split())


def test_a_mapping_is_written_again_with_overwrite_alone(write):
    path = write(GERMAN)
    stored = path.with_name("records.csv.map.toml")
    stored.write_text("old", "utf-8")
    words = ("describe", path, "--studies", 0)
    refused = alliance(*words, "--save-map")
    assert refused.exit_code == 2
    assert "add --overwrite" in " ".join(refused.output.split())
    assert stored.read_text("utf-8") == "old"
    again = alliance(*words, "--save-map", "--overwrite")
    assert again.exit_code == 0, again.output
    assert read_mapping(stored).columns["client"] == "Patnr"
    alone = alliance(*words, "--overwrite")
    assert alone.exit_code == 2
    assert "--save-map" in alone.output


def test_what_therapists_say_of_themselves_is_said_in_plain_words(write):
    found = alliance("describe", write(GERMAN), "--studies", 0)
    assert "needs what therapists report of themselves: F100" in found.output
    assert "needs=" not in found.output


def test_an_error_names_no_option_that_the_command_does_not_have(write, tmp_path):
    path = write("who,session,wai\n1,1,40\n")
    script = write("def analyse(sessions, clients, therapists):\n    return 0.0\n", "analysis.py")
    commands = (
        ("alliance twin", ("twin", path, "--out", tmp_path / "twin.csv")),
        ("alliance audition", ("audition", script, "--like", path)),
    )
    for command, words in commands:
        found = alliance(*words)
        said = " ".join(found.output.split())
        assert found.exit_code == 2
        assert "No column looks like the client" in said
        assert said.endswith(
            "--client is an option of alliance describe: give it there with --save-map, and the mapping that it"
            f" writes to {command} with --map."
        )
    assert "is an option of" not in alliance("describe", path, "--studies", 0).output
