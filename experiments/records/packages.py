"""Files of SPSS and Stata, read by pyreadstat: declared missings stay missing, labels stay beside numbers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.records.cells import cells_of, text_of
from experiments.records.declared_missing import declared_note, without_declared
from experiments.records.libraries import bounded_memory, library, reason
from experiments.records.own_process import read_apart
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from experiments.records.cells import Cells

__all__ = [
    "SPSS_DATES",
    "SPSS_START",
    "STATA_DATES",
    "columns_and_notes",
    "package_cells",
    "read_package",
    "stata_day",
    "stata_number",
]

SPSS_DATES = re.compile(r"(DATE|ADATE|EDATE|JDATE|SDATE|DATETIME|YMDHMS|MOYR|QYR|WKYR)\d")
STATA_DATES = re.compile(r"%-?(td|tc|tC|tw|tm|tq|th|ty|d)")

PERIODS = {
    "tw": "weeks",
    "tm": "months",
    "tq": "quarters",
    "th": "half years",
    "ty": "years",
    "MOYR": "months",
    "QYR": "quarters",
    "WKYR": "weeks",
}
"""Kinds of dates that stand for more than a day, in words."""
A_YEAR = {"tw": 52, "tm": 12, "tq": 4, "th": 2}
"""Periods of Stata in a year; its weeks have seven days, the last of a year eight or nine."""

SPSS_START = datetime(1582, 10, 14)
STATA_START = datetime(1960, 1, 1)


def package_cells(path: Path, form: str) -> Cells:
    """Read a file of SPSS (.sav, .zsav) or Stata (.dta) as a table of text.

    Values that the file declares missing are empty cells; a note counts them by code. Dates are read
    from their numbers, durations stay numbers. A process of its own reads the file: a damaged one can end
    the library's process, or keep it for ever.

    Parameters
    ----------
    path
        The file.
    form
        ``"SPSS"`` or ``"Stata"``.

    Raises
    ------
    AllianceError
        When pyreadstat is not installed or cannot read the file.
    """
    library("pyreadstat", path, form)
    found = read_apart(read_package, str(path), form)
    if "error" in found:
        raise AllianceError(f"{path} is damaged, or not a file of {form}: {found['error']}.")
    columns = found["columns"]
    rows = len(columns[0]) if columns else 0
    lines = range(1, rows + 1)
    return cells_of(path, found["header"], columns, lines, found["notes"], labels=found["labels"])


def read_package(path: str, form: str) -> dict[str, Any]:
    """Read a file in this process.

    Returns
    -------
    dict
        ``header``, ``columns`` of text, ``notes`` and ``labels`` as for `Cells`, or the ``error``.
    """
    try:
        with bounded_memory(Path(path).stat().st_size):
            found, about = columns_and_notes(path, form)
    except Exception as error:
        return {"error": reason(error)}
    notes = [f"Read as a file of {form}."]
    columns: list[list[str]] = []
    meanings = {
        str(name): {text_of(code): str(text) for code, text in coded.items()}
        for name, coded in about.variable_value_labels.items()
    }
    for name in about.column_names:
        values, ranges = found[name], _declared(name, about)
        if ranges:
            values, missing = without_declared(values, partial(_is_in, ranges))
            if missing:
                notes.append(f"{name}: {declared_note(missing, meanings.get(name, {}))}")
        kind = about.original_variable_types.get(name) or ""
        dated = SPSS_DATES.match(kind) or STATA_DATES.match(kind)
        if dated and dated[1] in PERIODS and any(one is not None for one in values):
            notes.append(f"{name} names {PERIODS[dated[1]]}: each is read as its first day.")
        columns.append([text_of(one) for one in _dates(values, kind)])
    header = [name or "" for name in about.column_names]  # a damaged name is None
    return {"header": header, "columns": columns, "notes": notes, "labels": meanings}


def columns_and_notes(path: str, form: str) -> tuple[dict[str, Any], Any]:
    """Return the columns of a file, and what it says about them.

    Files of SPSS say in what encoding their text is. Those of Stata before 14 do not: R writes UTF-8 into them,
    Stata itself wrote in that of its machine, mostly Windows-1252, which pyreadstat takes where no other is given.
    """
    import pyreadstat

    options: Any = {
        "user_missing": True,
        "output_format": "dict",
        "disable_datetime_conversion": True,
    }
    if form == "SPSS":
        return pyreadstat.read_sav(path, **options)
    try:
        return pyreadstat.read_dta(path, encoding="UTF-8", **options)
    except pyreadstat.ReadstatError:
        return pyreadstat.read_dta(path, **options)


def _declared(name: str, about: Any) -> list[tuple[Any, Any]]:
    """Return the ranges of values of a column that the file declares missing, Stata's letters as ranges of one."""
    ranges = [(one["lo"], one["hi"]) for one in about.missing_ranges.get(name, ())]
    return ranges + [(letter, letter) for letter in about.missing_user_values.get(name, ())]


def _is_in(ranges: Sequence[tuple[Any, Any]], value: Any) -> bool:
    return any(
        isinstance(value, str) == isinstance(low, str) and low <= value <= high
        for low, high in ranges
    )


def _dates(values: Sequence[Any], form: str) -> Iterator[Any]:
    """Yield values, those of a column of dates as year-month-day."""
    spss, stata = SPSS_DATES.match(form), STATA_DATES.match(form)
    for value in values:
        if not isinstance(value, int | float) or value != value or not (spss or stata):  # noqa: PLR0124
            yield value
            continue
        try:
            if spss:
                day = SPSS_START + timedelta(seconds=float(value))
            elif stata:
                day = stata_day(stata[1], float(value))
            yield day.date().isoformat()
        except (OverflowError, ValueError):
            yield value


def stata_day(kind: str, number: float) -> datetime:
    """Return the day, or the first day of the period, that a number of Stata's kind of time stands for.

    Parameters
    ----------
    kind
        ``td`` or ``d`` (days since 1960), ``tc`` or ``tC`` (thousandths of a second), ``tw``, ``tm``, ``tq`` or
        ``th`` (periods since 1960), ``ty`` (the year itself).
    number
        As the file stores it.

    Raises
    ------
    ValueError, OverflowError
        When there is no such day.
    """
    if kind in {"tc", "tC"}:
        return STATA_START + timedelta(milliseconds=number)
    if kind == "ty":
        return datetime(int(number), 1, 1)
    if kind not in A_YEAR:
        return STATA_START + timedelta(days=number)
    years, period = divmod(int(number), A_YEAR[kind])
    first = datetime(STATA_START.year + years, 1, 1)
    if kind == "tw":
        return first + timedelta(weeks=period)
    return first.replace(month=1 + period * 12 // A_YEAR[kind])


def stata_number(kind: str, day: datetime) -> float:
    """Return the number of Stata's kind of time for a day: `stata_day` the other way round."""
    if kind in {"tc", "tC"}:
        return (day - STATA_START).days * 86_400_000.0
    if kind == "ty":
        return float(day.year)
    if kind not in A_YEAR:
        return float((day - STATA_START).days)
    months = (day.month - 1) * A_YEAR[kind] // 12
    within = min((day.timetuple().tm_yday - 1) // 7, 51) if kind == "tw" else months
    return float((day.year - STATA_START.year) * A_YEAR[kind] + within)
