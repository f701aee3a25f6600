"""Files of SPSS and Stata: what they declare missing is missing, labels say what codes mean, dates are dates."""

from __future__ import annotations

import sys
from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from experiments.records import own_process
from experiments.records.packages import package_cells, stata_number
from experiments.records.reading import read_records
from simulation.errors import AllianceError

pyreadstat = pytest.importorskip("pyreadstat")

FRAME = pl.DataFrame(
    {
        "client": [1.0, 1.0, 2.0],
        "session": [1.0, 2.0, 1.0],
        "wai": [50.0, 99.0, 44.0],
        "ende": [1.0, 1.0, 2.0],
    }
)
LABELS = {"ende": {1.0: "regulär beendet", 2.0: "abgebrochen"}, "wai": {99.0: "nicht ausgefüllt"}}


def check(records) -> None:
    wanted = [[50, np.nan], [44, np.nan]]
    assert np.array_equal(records.tables.panel("wai_sr_client"), wanted, equal_nan=True)
    assert records.tables.dropped_out.tolist() == [False, True]


@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_spss_keeps_declared_missings_and_labels(tmp_path, ending):
    path = tmp_path / f"records.{ending}"
    pyreadstat.write_sav(
        FRAME, path, variable_value_labels=LABELS, missing_ranges={"wai": [{"lo": 99, "hi": 99}]},
        compress=ending == "zsav",
    )  # fmt: skip
    records = read_records(path)
    check(records)
    assert (
        "wai: the file declares as missing 99 (nicht ausgefüllt) once, in row 2." in records.notes
    )


def test_without_a_session_the_rows_of_a_client_are_its_sessions(tmp_path):
    path = tmp_path / "records.sav"
    pyreadstat.write_sav(FRAME.drop("session"), path, variable_value_labels=LABELS,
                         missing_ranges={"wai": [99]})  # fmt: skip
    check(read_records(path))


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_stata_of_all_versions(tmp_path, version):
    path = tmp_path / "records.dta"
    frame = FRAME.with_columns(pl.Series("wai", [50.0, None, 44.0]))
    pyreadstat.write_dta(
        frame, path, version=version, variable_value_labels={"ende": LABELS["ende"]}
    )
    check(read_records(path))


def test_letters_of_stata_are_missing_and_counted(tmp_path):
    path = tmp_path / "records.dta"
    frame = pytest.importorskip("pandas").DataFrame(FRAME.to_dict(as_series=False))
    frame = frame.astype({"wai": object})
    frame.loc[1, "wai"] = "a"
    pyreadstat.write_dta(frame, path, missing_user_values={"wai": ["a"]})
    records = read_records(path)
    check_alliance = records.tables.panel("wai_sr_client")
    assert np.array_equal(check_alliance, [[50, np.nan], [44, np.nan]], equal_nan=True)
    assert "wai: the file declares as missing a once, in row 2." in records.notes


def test_dates_of_spss_are_days(tmp_path):
    path = tmp_path / "records.sav"
    days = [date(2024, 2, 1), date(2024, 2, 8), date(2024, 2, 15)]
    frame = FRAME.drop("session").with_columns(pl.Series("datum", days))
    pyreadstat.write_sav(frame, path, missing_ranges={"wai": [99]})
    records = read_records(path)
    assert "Dates are read as year-month-day." in records.notes
    assert records.tables.client("week_started").tolist() == [0.0, 2.0]


@pytest.mark.parametrize(
    ("kind", "number", "day"),
    [
        ("%td", 23407, "2024-02-01"),
        ("%tc", 23407 * 86_400_000, "2024-02-01"),
        ("%tw", 3332, "2024-01-29"),
        ("%tw", 3379, "2024-12-23"),
        ("%tm", 769, "2024-02-01"),
        ("%tm", -1, "1959-12-01"),
        ("%tmnn/CCYY", 769, "2024-02-01"),
        ("%tq", 257, "2024-04-01"),
        ("%th", 129, "2024-07-01"),
        ("%ty", 2024, "2024-01-01"),
    ],
)
def test_days_and_periods_of_stata_are_counted_as_stata_does(tmp_path, kind, number, day):
    """Stata's own counting, `help datetime`: 1960m1, 1960q1, 1960h1 and 1960w1 are 0, a year is itself."""
    path = tmp_path / "records.dta"
    pyreadstat.write_dta(
        pl.DataFrame({"begun": [float(number)]}), path, variable_format={"begun": kind}
    )
    cells = package_cells(path, "Stata")
    assert list(cells.columns[0]) == [day]
    word = kind.removeprefix("%")[:2]
    assert stata_number(word, datetime.fromisoformat(day)) == number
    periods = {"tw": "weeks", "tm": "months", "tq": "quarters", "th": "half years", "ty": "years"}
    wanted = [
        f"begun names {name}: each is read as its first day."
        for kind_of_time, name in periods.items()
        if kind_of_time == word
    ]
    assert [note for note in cells.notes if "first day" in note] == wanted


def test_months_of_spss_are_days(tmp_path):
    path = tmp_path / "records.sav"
    seconds = (date(2024, 2, 1) - date(1582, 10, 14)).days * 86_400.0
    pyreadstat.write_sav(
        pl.DataFrame({"begun": [seconds]}), path, variable_format={"begun": "MOYR8"}
    )
    cells = package_cells(path, "SPSS")
    assert list(cells.columns[0]) == ["2024-02-01"]
    assert "begun names months: each is read as its first day." in cells.notes


def test_what_is_not_installed_is_named_with_what_installs_it(tmp_path, monkeypatch):
    path = tmp_path / "records.sav"
    pyreadstat.write_sav(FRAME, path)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(AllianceError, match=r"pip install 'alliance-dynamics\[data\]'"):
        read_records(path)


def test_a_file_on_which_the_library_breaks_off_or_never_ends_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "records.sav"
    pyreadstat.write_sav(FRAME, path)
    monkeypatch.setattr(own_process, "READER", "import os; os.abort()")
    with pytest.raises(AllianceError, match="damaged, or not a file of SPSS: reading it broke off"):
        read_records(path)
    monkeypatch.setattr(own_process, "READER", "import time; time.sleep(60)")
    monkeypatch.setattr(own_process, "LONGEST", 0.5)
    with pytest.raises(AllianceError, match="reading it came to no end"):
        read_records(path)


@pytest.mark.parametrize("length", [20, 180, 400, 600])
def test_a_file_that_was_cut_off_is_refused(tmp_path, length):
    path = tmp_path / "records.sav"
    pyreadstat.write_sav(FRAME, path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(AllianceError, match="is damaged, or not a file of SPSS"):
        read_records(path)
