"""Real records are read with care: nothing is repaired in silence, and nothing crashes."""

from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.cli.options import read_range
from experiments.records.describe import describe_records
from experiments.records.questionnaires import SYMPTOM_QUESTIONNAIRES
from experiments.records.reading import read_records
from experiments.records.recognition import find_questionnaire
from simulation.errors import AllianceError
from tests.experiments.records.looked_at import panel, said

HEADER = "client,session,therapist,date,wai,phq9,ended\n"
GOOD = (
    "1,1,A,2024-01-01,40,18,\n"
    "1,2,A,2024-01-08,42,15,\n"
    "1,3,A,2024-01-15,45,9,completed\n"
    "2,1,B,2024-01-02,30,20,\n"
    "2,2,B,2024-01-09,28,21,dropout\n"
)


def test_good_records_become_tables(write):
    records = read_records(write(HEADER + GOOD))
    tables = records.tables
    assert (records.clients, records.sessions, records.therapists) == (2, 5, 2)
    assert records.rows_left_out == 0
    assert tables.panel("wai_sr_client")[0].tolist() == [40, 42, 45]
    assert tables.panel("wai_sr_client")[1, :2].tolist() == [30, 28]
    assert np.isnan(tables.panel("wai_sr_client")[1, 2])
    assert tables.dropped_out.tolist() == [False, True]
    assert tables.client("week_started").tolist() == [0.0, pytest.approx(1 / 7)]


@pytest.mark.parametrize(
    ("codec", "word"),
    [
        ("utf-8", None),
        ("utf-8-sig", "byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("latin-1", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_change_nothing_but_the_notes(write, codec, word, separator):
    text = (HEADER + GOOD.replace("A", "Müller")).replace(",", separator)
    records = read_records(write(text.encode(codec)))
    plain = read_records(write(HEADER + GOOD))
    assert records.columns == plain.columns
    assert np.array_equal(panel(records), plain.tables.panel("wai_sr_client"), equal_nan=True)
    assert word is None or word in said(records)
    assert separator == "," or "separated by" in said(records)


def test_decimal_commas_are_numbers_and_are_said(write):
    text = "client;session;wai\n1;1;40,5\n1;2;41,25\n"
    records = read_records(write(text))
    assert panel(records)[0].tolist() == [40.5, 41.25]
    assert "decimal commas" in said(records)


def test_points_and_commas_in_one_column_are_not_guessed_at(write):
    records = read_records(write("client;session;wai\n1;1;40,5\n1;2;41.25\n"))
    assert np.isnan(panel(records)[0, 0])
    assert "no number in row 2" in said(records)


@pytest.mark.parametrize(
    ("rows", "message", "left_out"),
    [
        ("1,1,A,,40,18,\n", "copies of a row above", None),
        (",4,A,,40,18,\n", "Left out row 7: no client", 1),
        ("1,x,A,,40,18,\n", "Left out row 7: the session number", 1),
        ("1,2.5,A,,40,18,\n", "Left out row 7: the session number", 1),
        ("1,-1,A,,40,18,\n", "Left out row 7: the session number", 1),
        ("1,99999999,A,,40,18,\n", "Left out row 7: the session number", 1),
        ("1,4,A\n", "Fewer than the 7 cells of the header in row 7", 0),
        ("1,4,A,,40,9,,x\n", "Left out row 7: more than the 7 cells", 1),
        ("1,2,A,2024-01-08,11.5,15,\n", "Left out rows 3, 7: the same session", 2),
        ("1,5,A,2024-02-01,40,9,\n", "missing before row 7 (1 in all)", 0),
        ("1,4,A,2024-02-01,99,9,\n", "wai: 99 (once) taken as codes for missing", 0),
        ("1,4,A,2024-02-01,5,9,\n", "wai is not from 12 to 60 in row 7; taken as missing", 0),
        ("1,4,A,2024-02-01,many,9,\n", "wai is no number in row 7; taken as missing", 0),
        ("1,4,A,2023-02-01,40,9,\n", "before that of an earlier session in row 7", 0),
        ("1,4,A,soon,40,9,\n", "No date can be read in row 7", 0),
        ("1,4,B,2024-02-01,40,9,\n", "therapist is another", 0),
        ("2,4,B,2024-02-01,40,9,vanished\n", "'vanished' in row 7, which is no known ending", 0),
    ],
)
def test_what_is_wrong_is_named_by_its_row(write, rows, message, left_out):
    extra = "1,1,A,2024-01-01,40,18,\n" if "copies" in message else rows
    records = read_records(write(HEADER + GOOD + extra))
    assert message in said(records)
    if left_out is not None:
        assert records.rows_left_out == left_out
    clean = read_records(write(HEADER + GOOD))
    assert message not in said(clean)


def test_session_numbers_that_go_back_are_said_and_sorted(write):
    lines = GOOD.splitlines(keepends=True)
    records = read_records(write(HEADER + lines[1] + lines[0] + "".join(lines[2:])))
    assert "Session numbers go back in row 3" in said(records)
    assert panel(records)[0].tolist() == [40, 42, 45]


def test_row_numbers_are_those_of_the_file_even_below_a_cell_of_two_lines(write):
    text = 'client,session,wai,note\n1,1,40,"two\nlines"\n1,x,40,\n'
    assert "Left out row 4" in said(read_records(write(text)))


def test_without_session_numbers_sessions_are_counted_by_date(write):
    text = "patient,date,wai\na,03.02.2024,40\na,27.01.2024,30\n"
    records = read_records(write(text))
    assert panel(records)[0].tolist() == [30, 40]
    assert "counted by date" in said(records)


def test_dates_that_could_be_read_two_ways_are_said(write):
    text = "client,session,date,wai\n1,1,03/02/2024,40\n1,2,04/02/2024,41\n"
    assert "could be month/day/year, too" in said(read_records(write(text)))


def test_session_0_is_intake(write):
    records = read_records(write("client,session,core10,wai\n1,0,25,\n1,1,20,40\n2,1,10,41\n"))
    assert records.tables.client("core_10_intake").tolist() == [25.0, 10.0]
    assert records.tables.sessions_attended.tolist() == [1, 1]
    assert "1 clients without it" in said(records)


def test_declared_columns_go_before_guesses(write):
    text = "a,b,c\n1,1,40\n1,2,44\n"
    with pytest.raises(AllianceError, match="--client"):
        read_records(write(text))
    records = read_records(write(text), client="a", session="b", alliance="c")
    assert panel(records)[0].tolist() == [40, 44]
    with pytest.raises(AllianceError, match="Did you mean"):
        read_records(write(HEADER + GOOD), client="clent")


def test_a_column_can_be_declared_away(write):
    assert "ended" in read_records(write(HEADER + GOOD)).columns
    records = read_records(write(HEADER + GOOD), ended="-")
    assert "ended" not in records.columns
    assert "status" not in records.tables.clients


def test_an_instrument_is_declared_or_guessed_and_said(write):
    text = "client,session,srs\n1,1,20\n1,2,40\n"
    records = read_records(write(text))
    assert "guessed to be SRS, 0 to 40" in said(records)
    assert panel(records)[0].tolist() == [36, 60]
    declared = read_records(write(text), alliance_range=(0, 80))
    assert panel(declared)[0].tolist() == [24, 36]
    with pytest.raises(AllianceError, match="--alliance-range"):
        read_records(
            write("client,session,trust_alliance_x\n1,1,900\n"), alliance="trust_alliance_x"
        )


@pytest.mark.parametrize("one", SYMPTOM_QUESTIONNAIRES, ids=lambda one: one.name)
def test_recovery_is_that_of_the_instrument_itself(one):
    """A score at the cut-off is clinical; a change of the index is reliable, a smaller one is not."""
    sign = 1.0 if not one.more_is_better else -1.0
    step = 0.1 if one.name == "ORS" else 1.0
    at = one.to_symptom(np.array([one.cut_off, one.cut_off - sign * step]))
    assert (at >= 11.0).tolist() == [True, False]
    start = one.cut_off + sign * 8
    better = np.array(
        [start, start - sign * one.reliable_change, start - sign * (one.reliable_change - step)]
    )
    change = one.to_symptom(better)[0] - one.to_symptom(better)
    assert (change >= 6.0).tolist() == [False, True, False]


def test_correlations_do_not_depend_on_the_instrument():
    scores = np.linspace(5, 25, 9)
    for one in SYMPTOM_QUESTIONNAIRES:
        sign = -1 if one.more_is_better else 1
        assert np.corrcoef(scores, one.to_symptom(scores))[0, 1] == pytest.approx(sign)


def test_no_cut_off_is_lent_to_a_column_whose_name_says_nothing():
    found = find_questionnaire("symptom", "total", np.array([0.0, 1.0, 38.0]), None)
    assert found.doubtful
    assert not found.questionnaire.has_cut_off
    assert "total runs from 0 to 38" in found.note


@pytest.mark.parametrize("text", ["60", "60:12", "a:b", ":", "nan:5", "12:60:3"])
def test_a_range_is_low_and_high(text):
    with pytest.raises(AllianceError, match="LOW:HIGH"):
        read_range(text, "--alliance-range")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"%PDF-1.7 rest", "is a PDF"),
        (b"ARROW1rest", "damaged Arrow"),
        (b"PAR1rest", "damaged Parquet"),
        (b"just one column\n1\n", "only one column"),
        (b"client,session\n", "no rows"),
        (b"client,session\nx,y\n", "no row that can be used"),
        (b"client,client,session\n1,1,1\n", "Two columns"),
        (b"12,1,40\n13,2,50\n", "first row looks like a record"),
        (b"Ada,2024-02-01,40\nBen,2024-02-02,50\n", "first row looks like a record"),
        (b"a,b\n1,2\n", "No column looks like"),
        (b"a,b\n1,\x00\n", "bytes that no text has"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(write, content, message):
    with pytest.raises(AllianceError, match=message):
        read_records(write(content))


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(AllianceError, match="cannot be read"):
        read_records(tmp_path)


def test_parquet_is_read_like_csv(tmp_path, write):
    frame = pl.read_csv(write(HEADER + GOOD), try_parse_dates=True)
    frame.write_parquet(tmp_path / "records.parquet")
    parquet = read_records(tmp_path / "records.parquet").tables
    csv = read_records(write(HEADER + GOOD)).tables
    assert np.array_equal(parquet.panel("core_10"), csv.panel("core_10"), equal_nan=True)
    assert parquet.dropped_out.tolist() == csv.dropped_out.tolist()
    assert parquet.client("week_started").tolist() == csv.client("week_started").tolist()


def test_two_sites_may_number_their_clients_alike(write):
    text = "site,client,session,wai\nA,1,1,40\nB,1,1,50\n"
    records = read_records(write(text))
    assert (records.clients, records.studies) == (2, 2)


# -- never a crash ----------------------------------------------------------------------------

ODD_CELLS = (
    "", "1", "2", "3", "0", "-1", "1e9", "1e400", "nan", "inf", "40,5", "1.234,5", "99", "x",
    "2024-01-01", "31.12.2023", "02/03/24", "completed", "dropout", "NA", "٣", '"', "'", ";",
)  # fmt: skip
CELL = st.one_of(st.sampled_from(ODD_CELLS), st.text(max_size=6))
NAMES = st.sampled_from(
    [
        "client",
        "session",
        "therapist",
        "date",
        "wai",
        "phq9",
        "ended",
        "site",
        "Client",
        "note",
        "",
        "core_10",
        "csq_8",
    ]
)


def read_and_describe(path) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            records = read_records(path)
    except AllianceError:
        return
    assert records.rows_left_out <= records.rows
    found = describe_records(records, studies=0)
    assert len(found.rows) + len(found.not_described) > 40


@settings(max_examples=150)
@given(
    header=st.lists(NAMES, min_size=1, max_size=7),
    rows=st.lists(st.lists(CELL, min_size=0, max_size=7), max_size=14),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_table_of_anything_is_read_or_refused_but_never_a_crash(
    tmp_path_factory, header, rows, separator, codec, newline
):
    text = newline.join(separator.join(row) for row in [["client", "session", *header], *rows])
    path = tmp_path_factory.mktemp("fuzz") / "any.csv"
    path.write_bytes(text.encode(codec, errors="replace"))
    read_and_describe(path)


@settings(max_examples=200)
@given(
    head=st.sampled_from(
        [b"", b"PAR1", b"client,session\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff"]
    ),
    body=st.binary(max_size=400),
)
def test_bytes_of_anything_are_read_or_refused_but_never_a_crash(tmp_path_factory, head, body):
    path = tmp_path_factory.mktemp("fuzz") / "any.bin"
    path.write_bytes(head + body)
    read_and_describe(path)


@settings(max_examples=60)
@given(data=st.data())
def test_damage_to_good_records_is_named_or_harmless(tmp_path_factory, data):
    content = bytearray((HEADER + GOOD * 3).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("fuzz") / "damaged.csv"
    path.write_bytes(bytes(content))
    read_and_describe(path)
