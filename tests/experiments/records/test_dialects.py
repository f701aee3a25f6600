"""CSV as programs write it: every dialect gives the same tables, and every departure is said."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records.looked_at import panel, said

PLAIN = "client,session,wai_sr,phq9\n1,0,,18\n1,1,50,17\n1,2,51.5,15\n2,0,,12\n2,1,48,12\n"
SEMICOLONS = PLAIN.replace(",", ";").replace("51.5", "51,5")


def numbered(text: str, header: str) -> str:
    first, *rows = text.splitlines()
    return "\n".join([header + first, *(f"{i},{row}" for i, row in enumerate(rows))]) + "\n"


DIALECTS = {
    "Excel's first line": ("sep=;\r\n" + SEMICOLONS.replace("\n", "\r\n"), "columns are separated by ';'"),
    "decimal commas": (SEMICOLONS, "decimal commas"),
    "quoted decimal commas": (PLAIN.replace("51.5", '"51,5"'), "decimal commas"),
    "UTF-16 of Excel": (PLAIN.replace(",", "\t").encode("utf-16"), "UTF-16"),
    "byte order mark": (PLAIN.encode("utf-8-sig"), "byte order mark"),
    "empty cell after the last": (PLAIN.replace("\n1,1,50,17", "\n1,1,50,17,"), "in row 3"),
    "separator at every end": (PLAIN.replace("\n", ",\n"), "without name and cells are dropped: 1"),
    "last cell missing": (PLAIN + "2,2,49\n", "Fewer than the 4 cells of the header in row 7"),
    "index of pandas": (numbered(PLAIN, ","), "only numbers the rows"),
    "row names of R": (numbered(PLAIN, ""), "only numbers the rows"),
    "old Macintosh": (PLAIN.replace("\n", "\r"), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_changes_nothing_but_the_notes(write, name):
    content, note = DIALECTS[name]
    records, plain = read_records(write(content)), read_records(write(PLAIN, "plain.csv"))
    wanted = panel(plain)
    if name == "last cell missing":
        wanted = np.array([[50, 51.5], [48, 49]])
    assert np.array_equal(panel(records), wanted, equal_nan=True)
    assert records.rows_left_out == 0
    assert note in said(records)
    assert not note or note not in said(plain)


def test_rows_with_too_many_cells_are_left_out_and_counted(write):
    records = read_records(write(PLAIN + "2,2,49,11,12\n"))
    assert (records.rows, records.rows_left_out) == (6, 1)
    assert "Left out row 7: more than the 4 cells" in said(records)


def test_below_the_line_of_excel_rows_keep_their_numbers(write):
    assert "Left out row 4: the session number" in said(
        read_records(write("sep=,\nclient,session,wai_sr\n1,1,40\n1,x,41\n"))
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1-Feb-2024", "8-Feb-2024"),
        ("1. Februar 2024", "8. Februar 2024"),
        ("01.02.2024", "08.02.2024"),
        ("Feb 1, 2024", "Feb 8, 2024"),
        ("1 Mrz 24", "8 Mrz 24"),
        ("2024-02-01T10:00:00", "2024-02-08T10:00:00"),
        ("2024-02-01 00:00:00", "2024-02-08 00:00:00"),
    ],
)
def test_dates_with_months_as_words_are_dates(write, first, second):
    text = f'client,date,phq9\n1,"{second}",15\n1,"{first}",18\n2,"{second}",9\n'
    tables = read_records(write(text)).tables
    assert tables.panel("core_10")[0].tolist() == [19.0, 16.0]
    assert tables.client("week_started").tolist() == [0.0, 1.0]


def test_a_name_of_a_column_that_runs_over_lines_is_one_line(write):
    text = 'client,session,"WAI\n total ",phq9,x\n1,1,50,18,\n1,2,51,99,\n2,1,44,12,\n'
    records = read_records(write(text), alliance="WAI total", alliance_range=(12, 60))
    assert panel(records).tolist()[0] == [50, 51]
    assert all("\n" not in note for note in records.notes)
    with pytest.raises(AllianceError, match="the file has: a b, c") as error:
        read_records(write('"a\nb",c\n1,2\n'))
    assert "\n" not in str(error.value)
