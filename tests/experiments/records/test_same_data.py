"""The same 200 clients in many forms, dialects and shapes give the same tables, to the last bit.

Statistics read nothing else, so they are the same, too.
"""

from __future__ import annotations

import gzip
import io
import random
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from experiments.records.describe import describe_records
from experiments.records.reading import read_records
from tests.experiments.records.archives import (
    identity,
    jasp,
    jasp_before_018,
    number,
    omv,
    whole,
)
from tests.experiments.records.archives import (
    words as levels,
)
from tests.experiments.records.test_r_tables import REAL, WORDS, frame, rds, vector, words
from tests.experiments.records.test_workbooks import opendocument, workbook

NAMES = ("client", "session", "date", "therapist", "wai_sr", "phq9", "ended")

CLIENTS = 200


def _rows() -> list[tuple]:
    draw = random.Random(7)
    rows = []
    for client in range(1, CLIENTS + 1):
        day, length = date(2024, 1, 1) + timedelta(days=client), draw.randint(1, 9)
        for session in range(length + 1):
            wai = None if session == 0 or draw.random() < 0.1 else draw.randint(24, 120) / 2
            ended = ("completed" if length > 4 else "dropped out") if session == length else None
            rows.append(
                (client, session, day + timedelta(days=7 * session), f"Th{client % 6}",
                 wai, draw.randint(2, 27), ended)
            )  # fmt: skip
    return rows


ROWS = _rows()
FRAME = pl.DataFrame(ROWS, schema=NAMES, orient="row", infer_schema_length=None)


def csv(frame: pl.DataFrame = FRAME, **options) -> bytes:
    return frame.write_csv(**options).encode()


def semicolons() -> str:
    return FRAME.write_csv(separator=";", decimal_comma=True)


def written(method: str, frame: pl.DataFrame = FRAME, **options) -> bytes:
    content = io.BytesIO()
    getattr(frame, method)(content, **options)
    return content.getvalue()


def renamed(**names: str) -> pl.DataFrame:
    return FRAME.rename(names)


def coded(code: float) -> bytes:
    return csv(FRAME.with_columns(pl.col("wai_sr").fill_null(code)))


def wide() -> bytes:
    scores = FRAME.with_columns(pl.col("session").cast(pl.String))
    first = FRAME.group_by("client", maintain_order=True).agg(
        pl.col("therapist").first(), pl.col("ended").last()
    )
    for name in ("wai_sr", "phq9", "date"):
        columns = scores.pivot("session", index="client", values=name)
        columns = columns.rename({c: f"{name}_{c}" for c in columns.columns if c != "client"})
        first = first.join(columns, on="client")
    return csv(first)


def redcap() -> bytes:
    intake = pl.col("session") == 0
    table = FRAME.rename({"client": "record_id"}).with_columns(
        redcap_event_name=pl.when(intake).then(pl.lit("baseline_arm_1")).otherwise(pl.lit("therapy_arm_1")),
        redcap_repeat_instrument=pl.when(intake).then(pl.lit("")).otherwise(pl.lit("session")),
        redcap_repeat_instance=pl.when(intake).then(None).otherwise(pl.col("session")),
    )  # fmt: skip
    return csv(table.drop("session"))


def qualtrics() -> bytes:
    head, *rows = csv().decode().splitlines()
    ids = ",".join('"{""ImportId"":""q""}"' for _ in NAMES)
    return "\n".join([head, ",".join("x" * len(NAMES)), ids, *rows]).encode()


def of_r() -> bytes:
    def column(name: str) -> list:
        values = FRAME[name].to_list()
        if name == "date":
            days = [(one - date(1970, 1, 1)).days for one in values]
            return vector(REAL, days, {"class": words("Date")})
        if name in {"therapist", "ended"}:
            return vector(WORDS, values)
        return vector(REAL, ["NA" if one is None else one for one in values])

    return rds(frame({name: column(name) for name in NAMES}, FRAME.height))


def typed() -> list[dict]:
    """Return the records as columns of jamovi and JASP."""
    scores = [number(name, FRAME[name].to_list()) for name in ("wai_sr", "phq9")]
    return [
        whole("client", FRAME["client"].to_list()),
        whole("session", FRAME["session"].to_list()),
        levels("date", FRAME["date"].cast(pl.String).to_list()),
        levels("therapist", FRAME["therapist"].to_list()),
        *scores,
        levels("ended", FRAME["ended"].to_list()),
    ]


def shuffled() -> bytes:
    return csv(FRAME.sample(fraction=1.0, shuffle=True, seed=1))


def german_dates() -> bytes:
    return csv(FRAME.with_columns(pl.col("date").dt.strftime("%d.%m.%Y")))


def session_words() -> bytes:
    return csv(
        FRAME.with_columns(
            pl.when(pl.col("session") == 0)
            .then(pl.lit("Intake"))
            .otherwise("Session " + pl.col("session").cast(pl.String))
            .alias("session")
        )
    )


SHEET = [list(NAMES), *map(list, ROWS)]

FORMS = {
    "commas": csv,
    "semicolons, decimal commas": lambda: semicolons().encode(),
    "Excel's first line": lambda: b"sep=;\n" + semicolons().encode(),
    "tabs": lambda: csv(separator="\t"),
    "bars": lambda: csv(separator="|"),
    "UTF-16 of Excel": lambda: FRAME.write_csv(separator="\t").encode("utf-16"),
    "UTF-16 without its mark": lambda: csv().decode().encode("utf-16-le"),
    "byte order mark": lambda: csv(include_bom=True),
    "Windows line ends": lambda: csv(line_terminator="\r\n"),
    "all in quotation marks": lambda: csv(quote_style="always"),
    "separators at the end": lambda: csv().replace(b"\n", b",\n"),
    "index": lambda: csv(FRAME.with_row_index("")),
    "NA": lambda: csv(null_value="NA"),
    "k.A.": lambda: csv(null_value="k.A."),
    "99": lambda: coded(99),
    "-99": lambda: coded(-99),
    "999": lambda: coded(999),
    "rows in any order": shuffled,
    "days of German": german_dates,
    "words for sessions": session_words,
    "German names": lambda: csv(
        renamed(client="Patnr", session="Sitzung", date="Datum", therapist="Therapeutin", ended="Ende")
    ),
    "names of camels": lambda: csv(renamed(client="UniqueClientID", therapist="TherapistID")),
    "Parquet": lambda: written("write_parquet"),
    "Arrow": lambda: written("write_ipc"),
    "Arrow stream": lambda: written("write_ipc_stream"),
    "Feather, compressed": lambda: written("write_ipc", compression="lz4"),
    "JSON lines": lambda: written("write_ndjson"),
    "JSON": lambda: written("write_json"),
    "Excel": lambda: workbook({"Daten": SHEET}),
    "Excel, second sheet": lambda: workbook({"Info": [["a", "b"], [1, 2]], "Daten": SHEET}),
    "Excel with a title": lambda: workbook({"Daten": [["Ambulanz"], [], *SHEET]}),
    "OpenDocument": lambda: opendocument(SHEET),
    "R": of_r,
    "R, compressed": lambda: gzip.compress(of_r()),
    "jamovi": lambda: omv(typed()),
    "jamovi, clients as texts": lambda: omv([identity("client", [f"{c}" for c in FRAME["client"]]), *typed()[1:]]),
    "JASP": lambda: jasp(typed()),
    "JASP before 0.18": lambda: jasp_before_018(typed()),
    "wide": wide,
    "REDCap": redcap,
    "Qualtrics": qualtrics,
}  # fmt: skip


def spss(path, **options) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    filled = FRAME.with_columns(pl.col("wai_sr").fill_null(99.0))
    pyreadstat.write_sav(filled, path, missing_ranges={"wai_sr": [99]}, **options)


def compressed_spss(path) -> None:
    spss(path, compress=True)


def stata(path) -> None:
    pytest.importorskip("pyreadstat").write_dta(FRAME, path)


def columns_of(tables) -> dict[str, np.ndarray]:
    """Return every column of both tables, sessions in order: all that a statistic can read."""
    order = np.lexsort((tables.sessions["session"], tables.sessions["client"]))
    return {
        **{f"clients, {name}": np.asarray(one) for name, one in tables.clients.items()},
        **{f"sessions, {name}": np.asarray(one)[order] for name, one in tables.sessions.items()},
    }


def check(records, plain) -> None:
    assert records.rows_left_out == 0
    found, wanted = columns_of(records.tables), columns_of(plain.tables)
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        is_number = values.dtype.kind == "f"
        assert np.array_equal(found[name], values, equal_nan=is_number), name
    assert (records.doubtful, records.has_cut_off) == (plain.doubtful, plain.has_cut_off)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "records.csv"
    path.write_bytes(csv())
    return read_records(path)


def test_the_plain_form_is_what_was_written(plain):
    assert (plain.clients, plain.rows, plain.rows_left_out) == (CLIENTS, len(ROWS), 0)
    assert plain.sessions == sum(session > 0 for _, session, *_ in ROWS)
    scores = [wai for _, session, _, _, wai, *_ in ROWS if session and wai is not None]
    assert np.nansum(plain.tables.panel("wai_sr_client")) == sum(scores)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_tables(write, plain, form):
    check(read_records(write(FORMS[form](), "records.bin")), plain)


OF_PROGRAMS = {"SPSS": spss, "SPSS, compressed": compressed_spss, "Stata": stata}


def test_there_are_forty_forms():
    assert len(FORMS) + len(OF_PROGRAMS) >= 40


@pytest.mark.parametrize("write_it", OF_PROGRAMS.values(), ids=OF_PROGRAMS)
def test_files_of_other_programs_give_the_same_tables(tmp_path, plain, write_it):
    path = tmp_path / "records.bin"
    write_it(path)
    check(read_records(path), plain)


def test_the_same_tables_give_the_same_statistics(write, plain):
    wanted = describe_records(plain, studies=0)
    assert len(wanted.rows) > 20
    for form in ("wide", "rows in any order"):
        found = describe_records(read_records(write(FORMS[form]())), studies=0)
        for part in ("rows", "unpublished", "not_described"):
            assert repr(getattr(found, part)) == repr(getattr(wanted, part)), (form, part)
