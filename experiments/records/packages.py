"""Files of SPSS and Stata, read by pyreadstat: declared missings stay missing, labels stay beside numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from experiments.records.cells import cells_of, text_of, times
from experiments.records.libraries import library
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from experiments.records.cells import Cells

__all__ = ["package_cells"]

SPSS_DATES = re.compile(r"(DATE|ADATE|EDATE|JDATE|SDATE|DATETIME|YMDHMS)\d")
STATA_DATES = re.compile(r"%-?(td|tc|tC|d)")

SPSS_START = datetime(1582, 10, 14)
STATA_START = datetime(1960, 1, 1)
SHOWN = 6


def package_cells(path: Path, form: str) -> Cells:
    """Read a file of SPSS (.sav, .zsav) or Stata (.dta) as a table of text.

    Values that the file declares missing are empty cells; a note counts them by code. Dates are read
    from their numbers, durations stay numbers.

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
    pyreadstat = library("pyreadstat", path, form)
    read = pyreadstat.read_sav if form == "SPSS" else pyreadstat.read_dta
    try:
        found, about = read(
            str(path), user_missing=True, output_format="dict", disable_datetime_conversion=True
        )
    except (KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:
        reason = str(error).partition("\n")[0][:120]
        raise AllianceError(f"{path} is damaged, or not a file of {form}: {reason}.") from None
    notes = [f"Read as a file of {form}."]
    columns: list[tuple[str, ...]] = []
    for name in about.column_names:
        values, missing = _without_missing(list(found[name]), _declared(name, about))
        if missing:
            labels = about.variable_value_labels.get(name, {})
            notes.append(_missing_note(name, missing, labels))
        columns.append(
            tuple(map(text_of, _dates(values, about.original_variable_types.get(name, ""))))
        )
    rows = len(columns[0]) if columns else 0
    cells = cells_of(path, about.column_names, columns, range(1, rows + 1), notes)
    return replace(
        cells,
        labels=MappingProxyType(
            {
                name: MappingProxyType({text_of(code): str(text) for code, text in labels.items()})
                for name, labels in about.variable_value_labels.items()
            }
        ),
    )


def _declared(name: str, about: Any) -> list[tuple[Any, Any]]:
    """Return the ranges of values of a column that the file declares missing, Stata's letters as ranges of one."""
    ranges = [(one["lo"], one["hi"]) for one in about.missing_ranges.get(name, ())]
    return ranges + [(letter, letter) for letter in about.missing_user_values.get(name, ())]


def _without_missing(
    values: list[Any], ranges: Sequence[tuple[Any, Any]]
) -> tuple[list[Any], Counter[str]]:
    missing: Counter[str] = Counter()
    if not ranges:
        return values, missing

    def is_declared(value: Any) -> bool:
        return any(
            isinstance(value, str) == isinstance(low, str) and low <= value <= high
            for low, high in ranges
        )

    rest: list[Any] = []
    for value in values:
        if value is not None and is_declared(value):
            missing[text_of(value)] += 1
            rest.append(None)
        else:
            rest.append(value)
    return rest, missing


def _missing_note(name: str, missing: Counter[str], labels: Mapping[Any, str]) -> str:
    label_of = {text_of(code): text for code, text in labels.items()}
    said = [
        f"{code}{f' ({label_of[code]})' if code in label_of else ''} {times(count)}"
        for code, count in missing.most_common(SHOWN)
    ]
    more = ", …" if len(missing) > SHOWN else ""
    return f"{name}: the file declares as missing {', '.join(said)}{more}."


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
            elif stata and stata[1] in {"tc", "tC"}:
                day = STATA_START + timedelta(milliseconds=float(value))
            else:
                day = STATA_START + timedelta(days=float(value))
            yield day.date().isoformat()
        except (OverflowError, ValueError):
            yield value
