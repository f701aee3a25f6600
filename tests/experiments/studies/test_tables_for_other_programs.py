"""Results as CSV with a decimal comma, for SPSS and for Excel: the same numbers as in Parquet."""

from __future__ import annotations

import sys
import zipfile

import numpy as np
import polars as pl
import pytest

from experiments.analysis.estimates import summarise
from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.run import run
from experiments.store import tables
from experiments.store.tables import write_table
from simulation.files import StorageError
from tests.programs import alliance

pyreadstat = pytest.importorskip("pyreadstat")


def evaluate(settings, seed, first, count):
    gain = np.arange(first, first + count) / 3 + settings["empathy"]
    return {"dropout_rate": np.where(gain > 2, np.nan, gain)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    study = Study(
        design=Grid(factors={"empathy": [0.3, 0.7], "telehealth": [False, True]}),
        outcomes=("dropout_rate",),
        replication=Fixed(replicates=6),
    )
    return run(study, tmp_path_factory.mktemp("study") / "s", evaluate=evaluate)


def test_a_decimal_comma_goes_with_semicolons_and_loses_no_bit(folder, tmp_path):
    done = alliance("results", folder.path, "--csv", tmp_path / "runs.csv", "--decimal", ",")
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "runs.csv").read_text("utf-8").splitlines()
    assert lines[0] == "point;replicate;empathy;telehealth;dropout_rate"
    assert lines[1] == "0;0;0,3;false;0,3"
    again = pl.read_csv(
        tmp_path / "runs.csv",
        separator=";",
        decimal_comma=True,
        schema_overrides=folder.results().schema,
    )
    assert again.equals(folder.results())


def test_spss_reads_every_number_and_what_the_columns_mean(folder, tmp_path):
    done = alliance("results", folder.path, "--sav", tmp_path / "runs.sav")
    assert done.exit_code == 0, done.output
    frame, about = pyreadstat.read_sav(tmp_path / "runs.sav", output_format="polars")
    stored = folder.results()
    assert frame["empathy"].to_list() == stored["empathy"].to_list()
    assert frame["telehealth"].to_list() == [float(one) for one in stored["telehealth"]]
    known = stored.filter(stored["dropout_rate"].is_not_nan())["dropout_rate"].to_list()
    assert frame["dropout_rate"].fill_nan(None).drop_nulls().to_list() == known
    assert about.variable_value_labels["telehealth"] == {0.0: "no", 1.0: "yes"}
    assert "started" in about.column_names_to_labels["dropout_rate"]


def test_excel_gets_a_table_with_empty_cells_where_nothing_is_defined(folder, tmp_path):
    done = alliance("results", folder.path, "--xlsx", tmp_path / "runs.xlsx")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "runs.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 25
    assert "<v>0.3</v>" in sheet
    assert "NaN" not in sheet
    assert "#NUM" not in sheet


@pytest.mark.parametrize("form", ["csv", "parquet", "sav", "xlsx"])
def test_the_table_has_one_row_a_point_with_n(folder, form, tmp_path):
    path = tmp_path / f"points.{form}"
    done = alliance("results", folder.path, "--table", f"--{form}", path)
    assert done.exit_code == 0, done.output
    expected = summarise(folder).points
    assert expected["dropout_rate_n"].to_list() == [6, 6, 4, 4]
    if form == "csv":
        found = pl.read_csv(path, schema_overrides=expected.schema)
    elif form == "parquet":
        found = pl.read_parquet(path)
    elif form == "sav":
        found = pyreadstat.read_sav(path, output_format="polars")[0]
    else:
        sheet = pytest.importorskip("python_calamine").load_workbook(path).get_sheet_by_index(0)
        head, *rows = sheet.to_python()
        found = pl.DataFrame(rows, schema=head, orient="row")
    assert found.columns == expected.columns
    for name in expected.columns:
        numbers = found[name].cast(pl.Float64).to_list()
        assert numbers == pytest.approx(expected[name].cast(pl.Float64).to_list(), rel=1e-14), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sav", "runs.dat"), "has to end in .sav"),
        (("--csv", "runs.csv", "--decimal", ";"), "give a point or a comma"),
        (("--table",), "does nothing without a file, such as --csv FILE"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(folder, words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = alliance("results", folder.path, *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("form", "library"), [("sav", "pyreadstat"), ("xlsx", "xlsxwriter")])
def test_a_library_that_is_missing_is_named_with_its_extra(
    folder, form, library, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, library, None)
    done = alliance("results", folder.path, f"--{form}", tmp_path / f"runs.{form}")
    assert done.exit_code == 2
    assert f"needs {library}" in done.output
    assert "alliance-dynamics[data]" in done.output


def test_more_rows_than_excel_reads_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS_OF_EXCEL", 2)
    with pytest.raises(StorageError, match="Excel reads 2"):
        write_table(pl.DataFrame({"x": [1, 2, 3]}), tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_tables_of_a_run_are_written_too(tmp_path):
    words = ("run", "--clients", 12, "--therapists", 3, "--out", tmp_path / "out")
    done = alliance(
        *words, "--format", "csv", "--format", "sav", "--format", "xlsx", "--decimal", ","
    )
    assert done.exit_code == 0, done.output
    for name in ("clients", "therapists", "sessions"):
        stored = pl.read_parquet(tmp_path / "out" / f"{name}.parquet")
        lines = (tmp_path / "out" / f"{name}.csv").read_text("utf-8").splitlines()
        assert lines[0].split(";") == stored.columns
        assert len(lines) == stored.height + 1
        frame, _ = pyreadstat.read_sav(tmp_path / "out" / f"{name}.sav", output_format="polars")
        assert frame.columns == stored.columns
        assert frame.height == stored.height
        assert (tmp_path / "out" / f"{name}.xlsx").exists()
    assert alliance(*words[:-2], "--format", "csv").exit_code == 2
