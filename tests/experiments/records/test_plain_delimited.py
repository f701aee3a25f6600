"""CSV that is read at once has the cells, the lines and the notes that reading it row by row gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.records import delimited, plain_delimited
from experiments.records.coded import CodedCells, coded, in_order
from experiments.records.plain_delimited import plain_columns

PATH = Path("records.csv")
cell = st.one_of(
    st.sampled_from(["", " ", "1", "2.5", "12,5", "C10", "2024-01-01", "über", " a ", "a", "x" * 64, "y" * 65]),
    st.text(st.characters(exclude_characters='\r\n\x00', exclude_categories=["Cs"]), max_size=20),
)  # fmt: skip


def row_by_row(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(delimited, "plain_columns", lambda text, separator: None)
        return outcome(content)


def outcome(content: bytes) -> Any:
    try:
        cells = delimited.delimited_cells(PATH, content)
    except ValueError as error:
        return str(error)
    return (
        cells.header,
        [tuple(one) for one in cells.columns],
        cells.lines,
        cells.notes,
        cells.left_out,
    )


quoted = cell.map(lambda text: f'"{text}"' if '"' not in text else text)


@given(
    table=st.lists(
        st.lists(
            cell | quoted | st.sampled_from(['""', '"a""b"', '"a,b;c"', 'a"b', '"x" ']),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=12,
    ),
    separator=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
    end=st.sampled_from(["", "\n", "\n\n"]),
)
def test_it_is_what_reading_row_by_row_gives(
    table: list[list[str]], separator: str, newline: str, end: str
) -> None:
    rows = [["client", "session", "score"], *table]
    content = (newline.join(map(separator.join, rows)) + end).encode()
    with pytest.MonkeyPatch.context() as patch:
        expected = row_by_row(content, patch)
    assert outcome(content) == expected


LONG = "client,session,score\n" + "".join(
    f"C{client},{session},{(client * 7 + session) % 41}.0\n" for client in range(400) for session in range(9)
)  # fmt: skip


@pytest.mark.parametrize("bits", [1, 2, 18])
@pytest.mark.parametrize("factor", [plain_delimited.FACTOR, 0])
def test_different_cells_are_told_apart_where_their_products_are_alike(
    monkeypatch: pytest.MonkeyPatch, bits: int, factor: int
) -> None:
    monkeypatch.setattr(plain_delimited, "BITS", bits)
    monkeypatch.setattr(plain_delimited, "FACTOR", factor)
    found = plain_columns(LONG, ",")
    assert found is not None
    header, columns, lines = found
    assert header == ["client", "session", "score"]
    rows = [line.split(",") for line in LONG.splitlines()[1:]]
    assert [list(row) for row in zip(*columns, strict=True)] == rows
    assert lines.tolist() == list(range(2, len(rows) + 2))
    assert [column.words for column in columns] == [
        tuple(dict.fromkeys(one)) for one in zip(*rows, strict=True)
    ]


@pytest.mark.parametrize("row", ['"1,5",2', '"1""",2', '1"2,3', '"1" ,2', '"1,2', '"1\n2",3'])
def test_a_file_with_quotation_marks_inside_cells_is_read_row_by_row(row: str) -> None:
    assert plain_columns(f"a,b\n{row}\n", ",") is None


def test_quotation_marks_around_whole_cells_are_taken_off() -> None:
    found = plain_columns('"a","b"\n"1",2\n"",""\n" x ",3\n', ",")
    assert found is not None
    header, columns, lines = found
    assert header == ["a", "b"]
    assert [list(one) for one in columns] == [["1", "x"], ["2", "3"]]
    assert lines.tolist() == [2, 4]


def test_a_file_with_rows_of_another_length_is_read_row_by_row() -> None:
    assert plain_columns("a,b\n1,2\n3\n", ",") is None
    assert plain_columns("a,b\n1,2,3\n3\n", ",") is None
    assert plain_columns("a,b,c\n1\n2,3\n", ",") is None
    assert plain_columns("a,b\n", ",") is None
    assert plain_columns("a,b\n1,2\n", ",") is not None


@given(cells=st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1), seed=st.integers(0, 99))
def test_coded_cells_are_the_cells(cells: list[str], seed: int) -> None:
    column = coded(tuple(cells))
    assert list(column) == cells
    assert column == coded(cells)
    assert [column[row] for row in range(len(cells))] == cells
    assert column.words == tuple(dict.fromkeys(cells))
    rows = np.sort(np.random.default_rng(seed).integers(0, len(cells), 3))
    some = column.at(rows)
    assert list(some) == [cells[row] for row in rows]
    assert some.words == tuple(dict.fromkeys(cells[row] for row in rows))
    assert isinstance(some, CodedCells)


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_rows_are_ordered_as_sorting_orders_them(rows: list[tuple[int, int]]) -> None:
    keys = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    expected = sorted(range(len(rows)), key=lambda row: rows[row])
    assert in_order(*keys).tolist() == expected
