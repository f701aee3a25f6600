"""Data frames of R: factors, days, times, labels and missing values come as they are meant."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys

import numpy as np
import pytest

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
