"""Data frames of R: factors, days, times, labels and missing values come as they are meant."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.records.r_tables import r_cells
from experiments.records.reading import read_records
from simulation.errors import AllianceError

pytest.importorskip("rdata")

NA = "NA"
WHOLE, REAL, WORDS, LIST = 13, 14, 16, 19


def word(text: str | None) -> list:
    return [9, -1] if text is None else [262153, len(text.encode()), text]


def vector(kind: int, values: list, attributes: dict[str, list] | None = None) -> list:
    """Return R's own text form of a vector (`saveRDS(ascii = TRUE)`)."""
    attributes = attributes or {}
    flags = kind + 512 * bool(attributes) + 256 * ("class" in attributes)
    out: list = [flags, len(values)]
    for value in values:
        if kind == WORDS:
            out += word(value)
        else:
            out += value if kind == LIST else [value]
    for name, content in attributes.items():
        out += [1026, 1, *word(name), *content]
    return [*out, 254] if attributes else out


def words(*texts: str) -> list:
    return vector(WORDS, list(texts))


def frame(columns: dict[str, list], rows: int) -> list:
    about = {
        "names": words(*columns),
        "class": words("tbl_df", "tbl", "data.frame"),
        "row.names": vector(WHOLE, [NA, -rows]),
    }
    return vector(LIST, list(columns.values()), about)


def rds(content: list) -> bytes:
    return ("A\n2\n262657\n131840\n" + "\n".join(map(str, content)) + "\n").encode()


def columns() -> dict[str, list]:
    codes = {
        "labels": vector(REAL, [99], {"names": words("nicht erhoben")}),
        "na_values": vector(REAL, [99]),
        "class": words("haven_labelled_spss", "haven_labelled", "vctrs_vctr", "double"),
    }
    endings = {
        "labels": vector(REAL, [1, 2], {"names": words("completed", "abgebrochen")}),
        "class": words("haven_labelled", "vctrs_vctr", "double"),
    }
    return {
        "client": vector(WHOLE, [1, 1, 2]),
        "datum": vector(REAL, [19754, 19761, NA], {"class": words("Date")}),
        "wai_sr": vector(REAL, [50, 99, 44.5], codes),
        "phq9": vector(WHOLE, [18, NA, 9]),
        "therapist": vector(WHOLE, [2, 2, 1], {"levels": words("Ada", "Berta"), "class": words("factor")}),
        "session": vector(WHOLE, [1, 2, 1]),
        "ended": vector(REAL, [NA, 1, 2], endings),
    }  # fmt: skip


def check(records) -> None:
    tables = records.tables
    nan = np.nan
    assert np.array_equal(tables.panel("wai_sr_client"), [[50, nan], [44.5, nan]], equal_nan=True)
    assert np.array_equal(tables.panel("core_10"), [[19, nan], [10, nan]], equal_nan=True)
    assert tables.dropped_out.tolist() == [False, True]
    assert tables.therapist.tolist() == [1, 0]
    assert np.array_equal(tables.client("week_started"), [0, nan], equal_nan=True)
    assert (
        "wai_sr: the file declares as missing 99 (nicht erhoben) once, in row 2." in records.notes
    )


@pytest.mark.parametrize("packed", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_data_frame_is_read_as_it_is_meant(write, packed):
    check(read_records(write(packed(rds(frame(columns(), 3))), "records.rds")))


def test_times_are_days_of_their_own_zone(write):
    late = {"class": words("POSIXct", "POSIXt"), "tzone": words("Europe/Berlin")}
    dates = vector(REAL, [1706828400, 1706832000], late)
    text = rds(
        frame({"client": vector(WHOLE, [1, 1]), "date": dates, "phq9": vector(WHOLE, [9, 8])}, 2)
    )
    records = read_records(write(text))
    assert "date: days are those of the time zone Europe/Berlin." in records.notes
    assert records.tables.sessions["week"].tolist() == [0.0, 0.0]


def test_client_numbers_of_64_bits_are_whole_numbers(write):
    """``fread`` of data.table makes such numbers of every column with a number above two thousand million."""
    numbers = (
        np.array([20260000000000001, 20260000000000002, 7, -(2**63)]).view(np.float64).tolist()
    )
    long = {"class": words("integer64")}
    columns = {
        "client": vector(REAL, numbers[:2] * 2, long),
        "session": vector(WHOLE, [1, 1, 2, 2]),
        "phq9": vector(REAL, [numbers[2], numbers[3], numbers[2], numbers[2]], long),
    }
    content = rds(frame(columns, 4))
    cells = r_cells(Path("records.rds"), content, None)
    assert cells.columns[0] == ("20260000000000001", "20260000000000002") * 2
    tables = read_records(write(content, "records.rds")).tables
    assert np.array_equal(tables.panel("core_10"), [[8, 8], [np.nan, 8]], equal_nan=True)


@pytest.mark.parametrize(
    ("zones", "note"), [(["Asia/Tokyo"], ["date: days are those of the time zone Asia/Tokyo."]), ([""], [])]
)  # fmt: skip
def test_times_of_strptime_are_the_days_of_the_clock(write, zones, note):
    """The third has no time, the fourth is an hour after the last day of a month, written as hour 25."""
    parts = {
        "sec": vector(REAL, [0, 59.5, NA, 0]),
        "min": vector(WHOLE, [0, 59, NA, 0]),
        "hour": vector(WHOLE, [0, 23, NA, 25]),
        "mday": vector(WHOLE, [1, 8, NA, 31]),
        "mon": vector(WHOLE, [0, 0, NA, 12]),
        "year": vector(WHOLE, [126, 126, NA, 125]),
    }
    about = {"class": words("POSIXlt", "POSIXt"), "tzone": words(*zones)}
    times = vector(LIST, list(parts.values()), {"names": words(*parts), **about})
    columns = {"client": vector(WHOLE, [1, 1, 2, 3]), "date": times}
    cells = r_cells(Path("records.rds"), rds(frame(columns, 4)), None)
    assert cells.columns[1] == ("2026-01-01", "2026-01-08", "", "2026-02-01")
    assert [one for one in cells.notes if one.startswith("date")] == note


def test_nobody_who_did_not_answer_has_a_word(write):
    """A level may stand for no answer (``addNA``), and rdata writes 0 for it."""
    levels = vector(WORDS, ["always", None, "never"])
    factor = {"levels": levels, "class": words("ordered", "factor")}
    columns = {
        "client": vector(WHOLE, [1, 2, 3, 4, 5]),
        "asked": vector(WHOLE, [1, 2, 3, NA, 0], factor),
    }
    cells = r_cells(Path("records.rds"), rds(frame(columns, 5)), None)
    assert cells.columns[1] == ("always", "", "never", "", "")


def test_a_cell_that_holds_a_list_or_a_table_is_empty_and_durations_say_their_unit(write):
    inner = frame({"item": vector(WHOLE, [1, 2])}, 2)
    columns = {
        "client": vector(WHOLE, [1, 2]),
        "ratings": vector(LIST, [vector(REAL, [1, 2]), words("a")]),
        "forms": vector(LIST, [inner, inner]),
        "away": vector(REAL, [26, NA], {"class": words("difftime"), "units": words("hours")}),
    }
    cells = r_cells(Path("records.rds"), rds(frame(columns, 2)), None)
    assert cells.columns[1:] == (("", ""), ("", ""), ("26", ""))
    assert "away: durations are in hours." in cells.notes


def test_of_several_data_frames_the_one_with_clients_is_read_or_the_one_named(tmp_path):
    rdata, pd = pytest.importorskip("rdata"), pytest.importorskip("pandas")
    good = pd.DataFrame({"client": ["a", "a"], "session": [1.0, 2.0], "wai_sr": [40.0, 44.0]})
    other = pd.DataFrame({"item": ["a", "b"], "text": ["c", "d"]})
    path = tmp_path / "records.RData"
    rdata.write_rda(path, {"codebook": other, "sessions": good})
    records = read_records(path)
    assert records.tables.panel("wai_sr_client").tolist() == [[40, 44]]
    assert "Read from the data frame sessions; others are not read: codebook." in records.notes
    rdata.write_rda(path, {"old": good, "sessions": good})
    with pytest.raises(
        AllianceError, match=r"several tables: old, sessions\. Say which with --table"
    ):
        read_records(path)
    assert read_records(path, table="old").clients == 1
    with pytest.raises(AllianceError, match="Did you mean sessions"):
        read_records(path, table="session")


def test_what_is_no_data_frame_is_refused(write):
    with pytest.raises(AllianceError, match="cannot be read as a file of R"):
        read_records(write(b"RDX3\nrest"))
    with pytest.raises(AllianceError, match="no data frame with rows"):
        read_records(write(rds(vector(REAL, [1, 2]))))


def test_what_is_not_installed_is_named(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "rdata", None)
    with pytest.raises(
        AllianceError, match=r"needs rdata: pip install 'alliance-dynamics\[data\]'"
    ):
        read_records(write(rds(vector(REAL, [1, 2]))))


def test_a_data_frame_with_columns_of_different_lengths_is_refused(write):
    uneven = {**columns(), "phq9": vector(REAL, [1, 2])}
    with pytest.raises(AllianceError, match="not of the same length"):
        read_records(write(rds(frame(uneven, 3))))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not held to a bound")
def test_a_damaged_file_cannot_take_the_memory_of_the_machine(write):
    # Compiled code that says it repeats two thousand million of its parts: rdata sets room aside for all of them.
    code = [21, 2**31 - 1, 254]
    uneven = vector(LIST, [*columns().values(), code], {"names": words(*columns(), "f")})
    with pytest.raises(AllianceError, match="far more memory than a file of its size needs"):
        read_records(write(rds(uneven)))
