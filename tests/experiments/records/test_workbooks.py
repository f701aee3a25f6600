"""Workbooks: cells are typed after they are read, titles and other sheets are said."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date

import numpy as np
import pytest

from experiments.records.reading import read_records
from simulation.errors import AllianceError

pytest.importorskip("python_calamine")
pytestmark = pytest.mark.usefixtures("in_one_process")
xlsxwriter = pytest.importorskip("xlsxwriter")

ROWS = [
    ["client", "session", "date", "wai_sr", "phq9", "ended"],
    [1, 1, date(2024, 2, 1), 50.5, 18, None],
    [1, 2, date(2024, 2, 8), "n/a", 15, "completed"],
    [2, 1, date(2024, 2, 15), 44, 9, "dropout"],
]


def workbook(sheets: dict[str, list[list]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def opendocument(rows: list[list]) -> bytes:
    def cell(value) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    inside = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )
    name = "urn:oasis:names:tc:opendocument:xmlns"
    text = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{name}:office:1.0"'
        f' xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Daten">{inside}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", text)
        file.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"/>'
        )
    return content.getvalue()


def check(records) -> None:
    wanted = [[50.5, np.nan], [44, np.nan]]
    assert np.array_equal(records.tables.panel("wai_sr_client"), wanted, equal_nan=True)
    assert records.tables.dropped_out.tolist() == [False, True]
    assert records.tables.client("week_started").tolist() == [0.0, 2.0]


def test_excel(write):
    check(read_records(write(workbook({"Daten": ROWS}), "records.xlsx")))


def test_opendocument(write):
    check(read_records(write(opendocument(ROWS), "records.ods")))


def test_a_title_above_the_table_is_not_the_header_and_rows_keep_their_numbers(write):
    rows = [["Ambulanz, Stand Mai"], [], *ROWS, [3, "x", None, 40, 9, None]]
    records = read_records(write(workbook({"Daten": rows})))
    check(records)
    assert "The header is row 3; what stands above it is not read." in records.notes
    assert any(note.startswith("Left out row 7: the session number") for note in records.notes)


def test_the_sheet_with_clients_is_read_and_the_others_are_said(write):
    sheets = {"Lies mich": [["Spalte", "Bedeutung"], ["wai", "Allianz"]], "Daten": ROWS}
    records = read_records(write(workbook(sheets)))
    check(records)
    assert "Read from the sheet Daten; others are not read: Lies mich." in records.notes


def test_of_two_sheets_with_clients_none_is_guessed(write):
    path = write(workbook({"2023": ROWS, "2024": ROWS}))
    with pytest.raises(AllianceError, match=r"several tables: 2023, 2024\. Say which with --table"):
        read_records(path)
    check(read_records(path, table="2024"))


def test_a_word_after_a_thousand_numbers_is_not_lost_in_silence(write):
    rows = [["client", "session", "wai_sr"], *([i, 1, 40] for i in range(1500)), [1500, 1, "krank"]]
    records = read_records(write(workbook({"Daten": rows})))
    assert records.clients == 1501
    assert "wai_sr is no number in row 1502; taken as missing." in records.notes


def test_an_empty_or_damaged_workbook_is_refused(write):
    with pytest.raises(AllianceError, match="no sheet with rows"):
        read_records(write(workbook({"Daten": [["client", "session"]]})))
    with pytest.raises(AllianceError, match="cannot be read as a workbook"):
        read_records(write(b"\xd0\xcf\x11\xe0rest"))
    damaged = bytearray(workbook({"Daten": ROWS}))
    place = damaged.find(b"xl/worksheets/sheet1.xml") + 60
    damaged[place : place + 60] = b"x" * 60
    with pytest.raises(AllianceError, match="cannot be read as a workbook"):
        read_records(write(bytes(damaged)))
    with pytest.raises(AllianceError, match="is a ZIP archive, not CSV"):
        read_records(write(workbook({"Daten": ROWS})[:-900]))


def test_what_is_not_installed_is_named(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(AllianceError, match=r"needs python-calamine: pip install 'alliance-dyn"):
        read_records(write(workbook({"Daten": ROWS})))


def test_two_cells_too_far_apart_to_be_laid_out_do_not_end_the_program(tmp_path, monkeypatch):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    monkeypatch.undo()  # in a process of its own, which this file ends
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["client", "session", "wai"], *([n, 1, 40] for n in range(9))]):
            sheet.write_row(line, 0, row)
        sheet.write_string(1_048_575, 16_383, "far")
    with pytest.raises(AllianceError, match=r"cannot be read as a workbook: .* Save it as CSV"):
        read_records(path)
