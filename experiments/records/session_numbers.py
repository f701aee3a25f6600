"""Session numbers as files write them: numbers, ``Session 3``, and the words for before and after treatment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.coded import coded
from experiments.records.names import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats

__all__ = [
    "AFTER",
    "AFTER_WORDS",
    "BEFORE_WORDS",
    "INTAKE",
    "MOST_SESSIONS",
    "read_sessions",
    "session_number",
    "session_text",
]

MOST_SESSIONS = 1000
"""A session number above this one is taken for a slip."""

INTAKE = 0
AFTER = MOST_SESSIONS + 1
"""The number of a measurement after the last session, which is no session."""

BEFORE_WORDS = frozenset(
    {
        "pre", "intake", "baseline", "screening", "before", "admission", "assessment", "pre treatment",
        "pretreatment", "enrolment", "enrollment", "prae", "vor", "vorher", "aufnahme", "eingang",
        "erstgespraech", "beginn", "bl",
    }
)  # fmt: skip
AFTER_WORDS = frozenset(
    {
        "post", "after", "end", "final", "termination", "discharge", "post treatment", "posttreatment",
        "nach", "nachher", "entlassung", "abschluss", "ende", "end of treatment", "eot",
    }
)  # fmt: skip
NUMBERED = re.compile(
    r"(?:(?:session|sessions|sess|s|sitzung|sitz|stunde|termin|visit|appointment|no|nr|number) ?)0*(\d{1,4})"
)
NUMBER = re.compile(r"\d{1,6}(?:[.,]0+)?")


def session_number(cell: str) -> float:
    """Return the number that a cell means.

    Returns
    -------
    float
        0 for intake, `AFTER` for a measurement after the last session, ``nan`` where the cell means
        no session number.
    """
    if NUMBER.fullmatch(cell) and cell.isascii():
        number = float(cell.replace(",", "."))
        return number if number <= MOST_SESSIONS else np.nan
    word = plain(cell)
    if word in BEFORE_WORDS:
        return INTAKE
    if word in AFTER_WORDS:
        return AFTER
    found = NUMBERED.fullmatch(word)
    return float(found[1]) if found and int(found[1]) <= MOST_SESSIONS else np.nan


def read_sessions(cells: Sequence[str]) -> Floats:
    """Read a column of session numbers, shape (rows,); see `session_number`."""
    column = coded(cells)
    return np.array([session_number(word) for word in column.words], dtype=np.float64)[column.codes]


def session_text(number: float) -> str:
    """Write a session number as a cell that `session_number` reads."""
    return "post" if number == AFTER else f"{number:.0f}"
