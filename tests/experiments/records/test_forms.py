"""Typed tables give the same as CSV; a file of another kind is named as what it is."""

from __future__ import annotations

import gc
import gzip
import io
import zipfile

import numpy as np
import polars as pl
import pytest

from experiments.records.reading import read_records
from simulation.errors import AllianceError

FRAME = pl.DataFrame(
    {
        "client": [1, 1, 2],
        "date": ["2024-02-01", "2024-02-08", "2024-02-15"],
        "wai_sr": [50.0, None, 44.5],
        "phq9": [18, 15, 9],
        "ended": ["", "completed", "dropout"],
    }
).with_columns(pl.col("date").str.to_date())


def written(form: str, frame: pl.DataFrame = FRAME) -> bytes:
    content = io.BytesIO()
    {
        "parquet": frame.write_parquet,
        "arrow": frame.write_ipc,
        "arrow stream": frame.write_ipc_stream,
        "feather, compressed": lambda to: frame.write_ipc(to, compression="zstd"),
        "json lines": frame.write_ndjson,
        "json": frame.write_json,
        "csv": frame.write_csv,
    }[form](content)
    return content.getvalue()


@pytest.mark.parametrize(
    "form", ["parquet", "arrow", "arrow stream", "feather, compressed", "json lines", "json"]
)
def test_a_typed_table_gives_the_same_as_csv(write, form):
    tables = read_records(write(written(form), "records.bin")).tables
    csv = read_records(write(written("csv"))).tables
    for name in ("wai_sr_client", "core_10"):
        assert np.array_equal(tables.panel(name), csv.panel(name), equal_nan=True)
    assert tables.dropped_out.tolist() == csv.dropped_out.tolist() == [False, True]
    assert tables.client("week_started").tolist() == [0.0, 2.0]


def test_json_lines_may_change_their_types_and_leave_names_out(write):
    text = '{"client":"a","session":1,"wai_sr":50}\n{"client":"a","session":2,"wai_sr":50.5,"phq9":3}\n'
    tables = read_records(write(text)).tables
    assert tables.panel("wai_sr_client").tolist() == [[50, 50.5]]
    assert tables.panel("core_10")[0, 1] == 4


def test_columns_of_lists_are_left_out_and_said(write):
    frame = FRAME.with_columns(pl.Series("answers", [[1, 2], [3], []]))
    records = read_records(write(written("parquet", frame)))
    assert "Left out columns of lists: answers." in records.notes


def test_damage_is_a_sentence_and_nothing_else_on_the_terminal(write, capfd):
    content = bytearray(written("parquet"))
    refused = 0
    for place in range(4, len(content) - 8, 23):
        damaged = content.copy()
        damaged[place : place + 6] = b"\xff" * 6
        try:
            read_records(write(bytes(damaged)))
        except AllianceError as error:
            refused += "is damaged Parquet" in str(error)
    assert refused > 3
    assert capfd.readouterr().err == ""


def test_the_garbage_collector_is_as_it_was(write):
    read_records(write(written("csv")))
    assert gc.isenabled()
    with pytest.raises(AllianceError):
        read_records(write(b""))
    assert gc.isenabled()


def archive(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(name, "nothing")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (archive("word/document.xml"), "a Word document"),
        (archive("ppt/slides/slide1.xml"), "a presentation"),
        (archive("records.csv"), "a ZIP archive"),
        (gzip.compress(b"client,session\n1,1\n"), "compressed"),
        (b"%PDF-1.7 rest", "a PDF"),
        (b"SQLite format 3\0", "a database"),
        (b"<!DOCTYPE html><p>1,2</p>", "a web page"),
        (b"HEADER RECORD*******LIBRARY HEADER", "a SAS transport file"),
    ],
    ids=lambda one: (
        one if isinstance(one, str) else ""
    ),  # archives have the time in them, by which two collections would differ
)
def test_a_file_of_another_kind_is_named_as_what_it_is(write, content, what):
    with pytest.raises(AllianceError, match=f"is {what}, not CSV"):
        read_records(write(content))
