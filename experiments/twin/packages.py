"""What a file of SPSS or Stata says about its columns, and twins written in those forms with all of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.records.cells import text_of
from experiments.records.libraries import reason
from experiments.records.packages import (
    SPSS_DATES,
    SPSS_START,
    STATA_DATES,
    columns_and_notes,
    stata_number,
)
from experiments.records.values import POINT
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ColumnForms", "column_forms", "is_declared", "package_bytes"]

SECONDS = 86_400.0
STATA_LABEL = 80
"""Letters that the label of a column has at most in Stata, which refuses longer ones; SPSS cuts them itself."""


@dataclass(frozen=True, slots=True)
class ColumnForms:
    """Labels, formats and declared missing values of the columns of a file; empty for a file that has none.

    Attributes
    ----------
    labels, value_labels, measures, widths, formats
        By column, as pyreadstat gives and takes them.
    missing
        Values that the file declares missing, by column, as pyreadstat gives and takes them.
    strings
        Columns of text.
    form
        ``"SPSS"`` or ``"Stata"``.
    declared
        By column, the cells that hold a declared missing value, as text; empty text for all others.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, list[Any]] = field(default_factory=dict)
    strings: frozenset[str] = frozenset()
    declared: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: str = ""


def column_forms(path: Path, form: str) -> ColumnForms:
    """Read what a file of ``"SPSS"`` or ``"Stata"`` says about its columns; it has been read as a table before."""
    found, about = columns_and_notes(str(path), form)
    spss = form == "SPSS"
    missing = {
        name: list(values)
        for name, values in (about.missing_ranges if spss else about.missing_user_values).items()
        if values
    }
    declared = {
        name: [
            text_of(value) if is_declared(value, values, spss=spss) else ""
            for value in np.asarray(found[name], dtype=object).tolist()
        ]
        for name, values in missing.items()
    }
    return ColumnForms(
        labels={n: label for n, label in about.column_names_to_labels.items() if label},
        value_labels=dict(about.variable_value_labels),
        measures={n: m for n, m in about.variable_measure.items() if m not in {None, "unknown"}},
        widths=dict(about.variable_display_width),
        formats={n: str(kind) for n, kind in about.original_variable_types.items() if kind},
        missing=missing,
        strings=frozenset(
            n for n, kind in about.readstat_variable_types.items() if kind == "string"
        ),
        declared=declared,
        form=form,
    )


def is_declared(value: Any, values: Sequence[Any], *, spss: bool) -> bool:
    """Whether a value is among those that a column of SPSS or Stata declares missing."""
    if not spss:
        return isinstance(value, str) and value in values
    return any(
        isinstance(value, str) == isinstance(one["lo"], str) and one["lo"] <= value <= one["hi"]
        for one in values
        if value is not None
    )


def package_bytes(
    columns: Mapping[str, Sequence[str]],
    target: Path,
    forms: ColumnForms,
    days: Mapping[str, str],
    note: str,
) -> bytes:
    """Return a file of SPSS (.sav) or Stata (.dta).

    Parameters
    ----------
    columns
        Cells as text by column.
    target
        Its name, for the form and for messages.
    forms
        What is said about the columns.
    days
        Columns of days, and the pattern they are written by.
    note
        Goes into the label of the file.

    Raises
    ------
    AllianceError
        If a column has a name that such a file cannot have, or it cannot be written otherwise.
    """
    import pyreadstat

    spss = target.suffix.lower() == ".sav"
    if forms.form != ("SPSS" if spss else "Stata"):
        # One declares ranges of numbers missing, the other letters: neither can say what the other does.
        columns = {
            name: _without(cells, forms.declared.get(name)) for name, cells in columns.items()
        }
        forms = replace(forms, missing={})
    formats = {name: kind for name, kind in forms.formats.items() if name in days}
    for name in days:
        known = (SPSS_DATES if spss else STATA_DATES).match(formats.get(name, ""))
        if not known:
            formats[name] = "DATE11" if spss else "%td"
    letters = {} if spss else {n: v for n, v in forms.missing.items() if n in columns}
    values = {
        name: _values(
            cells, days.get(name), formats.get(name, ""), name in forms.strings, name in letters
        )
        for name, cells in columns.items()
    }
    frame = _frame(values, mixed=bool(letters))
    named: dict[str, Any] = {
        "file_label": note,
        "column_labels": {
            name: forms.labels.get(name, "")[: None if spss else STATA_LABEL] for name in columns
        },
        "variable_value_labels": {
            name: dict(labels) for name, labels in forms.value_labels.items() if name in columns
        },
        "variable_format": formats,
    }
    if spss:
        named["missing_ranges"] = {
            name: [one if one["lo"] != one["hi"] else one["lo"] for one in values]
            for name, values in forms.missing.items()
            if name in columns
        }
        named["variable_measure"] = {
            name: measure for name, measure in forms.measures.items() if name in columns
        }
        named["variable_display_width"] = {
            name: width for name, width in forms.widths.items() if name in columns and width
        }
    elif letters:
        named["missing_user_values"] = dict(letters)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / target.name
        try:
            (pyreadstat.write_sav if spss else pyreadstat.write_dta)(frame, str(path), **named)
        except Exception as error:
            raise AllianceError(
                f"{target} cannot be written: {reason(error)}. Write it as CSV, or rename the column."
            ) from None
        return path.read_bytes()


def _without(cells: Sequence[str], declared: Sequence[str] | None) -> Sequence[str]:
    """Return cells with those empty that hold a value which was declared missing."""
    codes = set(declared or ()) - {""}
    return ["" if cell in codes else cell for cell in cells] if codes else cells


def _frame(columns: Mapping[str, Any], *, mixed: bool) -> Any:
    """Return a table for pyreadstat, which takes columns of numbers and letters from pandas alone."""
    if mixed:
        import pandas as pd

        return pd.DataFrame(columns)
    import polars as pl

    return pl.DataFrame(
        {
            name: pl.Series(values.tolist(), dtype=pl.String)
            if values.dtype == object
            else pl.Series(values.tolist(), dtype=pl.Float64).fill_nan(None)
            for name, values in columns.items()
        }
    )


def _values(
    cells: Sequence[str], pattern: str | None, kind: str, is_text: bool, with_letters: bool
) -> Any:
    """Return a column as numbers where it is one, days as the form counts them."""
    if pattern is not None:
        return np.array([_day(cell, pattern, kind) for cell in cells], dtype=np.float64)
    filled = [cell for cell in cells if cell]
    texts = is_text or not all(
        POINT.fullmatch(cell) or (with_letters and len(cell) == 1) for cell in filled
    )
    if texts:
        return np.array(list(cells), dtype=object)
    numbers = [float(cell) if POINT.fullmatch(cell) else cell or np.nan for cell in cells]
    return np.array(numbers, dtype=object if with_letters else np.float64)


def _day(cell: str, pattern: str, kind: str) -> float:
    if not cell:
        return np.nan
    day = datetime.strptime(cell, pattern)
    if stata := STATA_DATES.match(kind):
        return stata_number(stata[1], day)
    return (day - SPSS_START).days * SECONDS
