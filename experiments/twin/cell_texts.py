"""How values are written in the cells of a twin: numbers, days and identifiers as the records have them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from experiments.records.values import DATE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["date_pattern", "new_identifiers", "number_text"]

ISO = "%Y-%m-%d"
LONGEST_NUMBER = 9


def number_text(value: float, *, comma: bool = False) -> str:
    """Write a number; ``nan`` is an empty cell."""
    if value != value:  # noqa: PLR0124
        return ""
    text = f"{value:.10g}"
    return text.replace(".", ",") if comma else text


def date_pattern(cells: Sequence[str], form: str | None = None) -> str:
    """Return the pattern that most cells of a column of dates are written by; year-month-day where none fits.

    Parameters
    ----------
    cells
        The column.
    form
        How the user says they are written, such as ``"month/day/year"``.
    """
    counts = Counter(cell.partition("T")[0].partition(" ")[0] for cell in cells if cell)
    best, most = ISO, 0
    for pattern, name in DATE_FORMATS:
        if form is not None and name != form:
            continue
        fitting = sum(count for cell, count in counts.items() if _fits(cell, pattern))
        if fitting > most:
            best, most = pattern, fitting
    return best


def _fits(cell: str, pattern: str) -> bool:
    try:
        datetime.strptime(cell, pattern)
    except ValueError:
        return False
    return True


def new_identifiers(old: Sequence[str], count: int, prefix: str) -> list[str]:
    """Return identifiers that none of the old ones is: numbers where all old ones are, else words.

    Parameters
    ----------
    old
        Those of the records.
    count
        How many are needed.
    prefix
        How words begin.
    """
    there = set(old)
    if all(one.isascii() and one.isdigit() for one in there if one) and any(there):
        longest = min(max(map(len, there)), LONGEST_NUMBER - 1)
        begin = 10 ** max(longest, len(str(count)))
        made = (str(number) for number in range(begin + 1, begin + 1 + count + len(there)))
    else:
        width = len(str(count))
        made = (f"{prefix}{number:0{width}}" for number in range(1, 1 + count + len(there)))
    return [one for one in made if one not in there][:count]
