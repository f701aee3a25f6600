"""Tables for other programs: CSV, with a decimal comma if wanted, SPSS and Excel files."""

from __future__ import annotations

import io
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError
from simulation.files import StorageError, write_output

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

__all__ = ["FORMATS", "Decimal", "check_format", "csv_options", "write_table"]

FORMATS = ("csv", "parquet", "sav", "xlsx")
"""Endings of the files that tables can be written as."""

NEEDS = {"sav": "pyreadstat", "xlsx": "xlsxwriter"}
"""What a format needs beyond the project itself."""

MOST_ROWS_OF_EXCEL = 1_048_575
"""Without the row of names."""

Decimal = str
"""The sign before the decimals: a point or a comma."""


def check_format(ending: str, *, decimal: Decimal = ".") -> str:
    """Return the format that an ending means, if it can be written here.

    Raises
    ------
    AllianceError
        If there is no such format, what it needs is not installed, or the decimal sign is none.
    """
    form = ending.lower().removeprefix(".")
    if form not in FORMATS:
        raise AllianceError(
            f"{ending or 'no ending'} is no format; there are {', '.join(FORMATS)}."
        )
    if decimal not in {".", ","}:
        raise AllianceError(f"{decimal} is no decimal sign; give a point or a comma.")
    if form in NEEDS:
        try:
            import_module(NEEDS[form])
        except ImportError:
            raise AllianceError(
                f"A .{form} file needs {NEEDS[form]}, which is not installed: pip install 'alliance-dynamics[data]'."
            ) from None
    return form


def csv_options(decimal: Decimal) -> dict[str, Any]:
    """Return how CSV is written: with a decimal comma, a semicolon stands between columns."""
    return {"decimal_comma": True, "separator": ";"} if decimal == "," else {}


def write_table(
    frame: pl.DataFrame,
    target: Path,
    *,
    form: str | None = None,
    decimal: Decimal = ".",
    labels: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> None:
    """Write a table in a format, by default the one that the ending of the name means.

    Parameters
    ----------
    frame, target
        What to write, and where.
    form
        The format, where the ending does not say it.
    decimal
        Of CSV.
    labels
        What columns mean, for formats that have room for it.
    overwrite
        Replace a file that is there.

    Raises
    ------
    AllianceError
        If the file cannot be written so, or is there and `overwrite` is not set.
    """
    form = check_format(form or target.suffix, decimal=decimal)
    memory = io.BytesIO()
    match form:
        case "csv":
            frame.write_csv(memory, **csv_options(decimal))
        case "parquet":
            frame.write_parquet(memory, compression="zstd", compression_level=3, statistics=True)
        case "sav":
            memory.write(_spss(frame, labels or {}))
        case "xlsx":
            _excel(frame, memory, target)
    write_output(target, memory.getvalue(), overwrite=overwrite)


def _spss(frame: pl.DataFrame, labels: Mapping[str, str]) -> bytes:
    """Return an SPSS file: words as strings, yes and no as labelled 1 and 0, what is missing as system-missing."""
    import polars as pl
    import polars.selectors as cs
    import pyreadstat

    switches = frame.select(cs.boolean()).columns
    plain = frame.with_columns(
        cs.by_dtype(pl.Enum, pl.Categorical).cast(pl.String),
        cs.boolean().cast(pl.Float64),
        cs.integer().cast(pl.Float64),
        cs.float().cast(pl.Float64),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            plain,
            str(path),
            column_labels=[labels.get(name, name) for name in plain.columns],
            variable_value_labels={name: {0: "no", 1: "yes"} for name in switches},
        )
        return path.read_bytes()


def _excel(frame: pl.DataFrame, memory: io.BytesIO, target: Path) -> None:
    """Write an Excel file; a number that is not defined is an empty cell."""
    import polars as pl
    import polars.selectors as cs

    if frame.height > MOST_ROWS_OF_EXCEL:
        raise StorageError(
            f"{target} would have {frame.height:,} rows, and Excel reads {MOST_ROWS_OF_EXCEL:,}; write CSV or "
            "Parquet, or the table of points."
        )
    plain = frame.with_columns(
        cs.by_dtype(pl.Enum, pl.Categorical).cast(pl.String),
        pl.when(cs.float().is_finite()).then(cs.float()),
    )
    plain.write_excel(memory, worksheet="table", float_precision=6)
