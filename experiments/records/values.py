"""From cells of text to numbers, dates and endings; what cannot be read is named by its row."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.coded import coded
from experiments.records.names import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from experiments.records.coded import CodedCells
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = [
    "DATE_FORMATS",
    "ENDINGS",
    "FREE_TEXT",
    "NO_DAY",
    "POINT",
    "UNKNOWN_ENDING",
    "Dates",
    "Numbers",
    "has_other_reason",
    "outside",
    "read_dates",
    "read_ending",
    "read_numbers",
]

MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        ".",
        "-",
        "--",
        "missing",
        "#n/a",
        "<na>",
        "n.a.",
        "k.a.",
        "k. a.",
        "ka",
        "keine angabe",
        "fehlt",
        "fehlend",
        "#null!",
        "nicht erhoben",
    }
)
POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
COMMA = re.compile(r"[+-]?\d+,\d+")

DATE_FORMATS = (
    ("%Y-%m-%d", "year-month-day"),
    ("%Y/%m/%d", "year/month/day"),
    ("%d.%m.%Y", "day.month.year"),
    ("%d/%m/%Y", "day/month/year"),
    ("%m/%d/%Y", "month/day/year"),
    ("%d-%m-%Y", "day-month-year"),
    ("%Y%m%d", "yearmonthday"),
    ("%d.%m.%y", "day.month.year"),
    ("%d/%m/%y", "day/month/year"),
    ("%m/%d/%y", "month/day/year"),
)

WRITTEN = re.compile(
    r"(?:(\d{1,2})\.?[-/ .]*([^\W\d_]{3,9})\.?[-/ ,]*(\d{4}|\d{2})|([^\W\d_]{3,9})\.? +(\d{1,2}),? +(\d{4}))"
    r"(?:[ T].*)?"
)
"""A date with its month as a word: ``1-Feb-2024``, ``1. Februar 2024``, ``Feb 1, 2024``."""

UMLAUT = str.maketrans({"ä": "a"})
MONTHS = {
    name: number
    for number, names in enumerate(
        (("jan",), ("feb",), ("mar", "mae", "mrz"), ("apr",), ("may", "mai"), ("jun",), ("jul",),
         ("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez")), 1,
    )
    for name in names
}  # fmt: skip

UNKNOWN_ENDING = "in_treatment"

NO_DAY = 0
"""What stands for a day that is not known; the calendar's first is 1."""

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "completed": (
            "completed", "complete", "completer", "planned", "planned ending", "finished", "mutual",
            "mutual agreement", "regular", "agreed", "ended as planned", "c", "regulaer",
            "regulaer beendet", "planmaessig", "planmaessig beendet", "abgeschlossen", "einvernehmlich",
            "einvernehmlich beendet", "einvernehmliches ende", "einvernehmliche beendigung",
            "regulaeres ende", "regulaere beendigung", "regulaer abgeschlossen", "regulaerer abschluss",
            "planmaessig abgeschlossen", "planmaessiger abschluss", "planmaessiges ende",
        ),
        "dropped_out": (
            "dropped out", "dropout", "drop out", "dropped", "unilateral", "lost", "dna", "left",
            "premature", "unplanned", "no show", "quit", "discontinued", "non completer",
            "noncompleter", "d", "abgebrochen", "abbruch", "abbrecher", "therapieabbruch",
            "vorzeitig beendet", "einseitig beendet", "abbruch client", "client abbruch",
            "abgebrochen client", "dropout client", "nicht mehr erschienen",
        ),
        "session_limit": ("session limit", "limit", "limit reached", "time limit", "kontingent ausgeschoepft"),
        "boundary_violation": ("boundary violation",),
        "in_treatment": ("in treatment", "ongoing", "active", "open", "current", "still in treatment", "laufend",
            "in behandlung"),
        "never_started": ("never started", "not started"),
        "waiting": ("waiting", "waiting list"),
    }
)  # fmt: skip
"""Words for how a treatment ended, by status."""

OTHER_REASONS = frozenset(
    {
        "moved", "moved away", "relocated", "relocation", "referred", "transferred", "deceased", "died",
        "verzogen", "umgezogen", "umzug", "wegzug", "wohnortwechsel", "ueberwiesen", "verlegt", "verstorben",
    }
)  # fmt: skip
"""Words for a treatment that something else ended than client and therapist: neither completed nor dropped out.

Such a client is known up to then, as one who is still in treatment (censored), and in no rate of dropout."""

CLIENTS = re.compile(r"\b(?:patient|klient|client)(?:en|in|innen|s)?(?: in| innen)?\b")
FILLERS = frozenset(
    {"durch", "von", "seitens", "den", "die", "der", "des", "by", "the", "of", "therapie", "behandlung", "therapy",
     "treatment", "wurde", "ist"}
)  # fmt: skip
"""Words that say nothing in an ending: ``Abbruch der Behandlung durch Patient``."""

FREE_TEXT = 20
"""Different words for an ending above which they are free text, which is nobody's to read here."""

YES = frozenset({"1", "1 0", "yes", "true", "y", "t", "ja", "oui"})
NO = frozenset({"0", "0 0", "no", "false", "n", "f", "nein", "non"})


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column read as numbers.

    Attributes
    ----------
    values
        ``nan`` where a cell is empty or unreadable.
    unreadable
        Places of cells that are neither empty nor numbers.
    decimal_comma
        Whether the column writes its decimals with a comma.
    declared_missing
        How many cells are missing because the user says so.
    unused
        Codes for missing that the user gave and no cell of the column has.
    """

    values: Floats
    unreadable: tuple[int, ...]
    decimal_comma: bool
    declared_missing: int = 0
    unused: tuple[str, ...] = ()

    @property
    def highest(self) -> float:
        """The highest number; minus infinity where there is none."""
        return float(np.nanmax(self.values, initial=-math.inf))

    def at(self, places: Integers) -> Numbers:
        """Return the numbers at some places, counted from 0 again."""
        marked = np.zeros(self.values.size, dtype=bool)
        marked[list(self.unreadable)] = True
        unreadable = np.flatnonzero(marked[places])
        return replace(self, values=self.values[places], unreadable=tuple(unreadable.tolist()))


@dataclass(frozen=True, slots=True)
class Dates:
    """A column read as dates.

    Attributes
    ----------
    days
        Days as their numbers in the calendar (`datetime.date.toordinal`); `NO_DAY` where a cell is empty or
        unreadable.
    unreadable
        Places of cells that are neither empty nor dates.
    note
        How the dates were read; empty where there are none.
    """

    days: Integers
    unreadable: tuple[int, ...]
    note: str

    @property
    def values(self) -> tuple[date | None, ...]:
        """The dates, ``None`` where there is none."""
        return tuple(None if day == NO_DAY else date.fromordinal(day) for day in self.days.tolist())


def outside(values: Floats, low: float, high: float) -> Booleans:
    """Which values lie outside a range; ``nan`` does not."""
    with np.errstate(invalid="ignore"):
        beyond: Booleans = (values < low) | (values > high)
    return beyond


def read_numbers(cells: Sequence[str], missing: Sequence[str] = ()) -> Numbers:
    """Read a column as numbers, with decimal points or decimal commas but not with both.

    Parameters
    ----------
    cells
        The column.
    missing
        What is missing besides empty cells and the usual words: words, or numbers however written.
    """
    column = coded(cells)
    distinct = set(column.words)
    comma = any(COMMA.fullmatch(cell) for cell in distinct)
    comma = comma and not any("." in cell and POINT.fullmatch(cell) for cell in distinct)
    number_of = {cell: _number(cell, comma) for cell in distinct}
    cells_of = {
        code: {cell for cell in distinct if cell and _is_declared(cell, number_of[cell], code)}
        for code in missing
    }
    declared = {cell for those in cells_of.values() for cell in those}
    number_of.update(dict.fromkeys(declared, math.nan))
    values = np.array([number_of[word] for word in column.words], dtype=np.float64)[column.codes]
    bad = {
        cell
        for cell in distinct - declared
        if math.isnan(number_of[cell]) and cell.lower() not in MISSING
    }
    count = len(_places(column, declared))
    unused = tuple(code for code, those in cells_of.items() if not those)
    return Numbers(values, _places(column, bad), comma, count, unused)


def _places(column: CodedCells, words: Collection[str]) -> tuple[int, ...]:
    """Return the rows whose cell is one of these words."""
    if not words:
        return ()
    chosen = np.array([word in words for word in column.words])
    return tuple(np.flatnonzero(chosen[column.codes]).tolist())


def _is_declared(cell: str, number: float, code: str) -> bool:
    return cell.casefold() == code.casefold() or (
        POINT.fullmatch(code) is not None and number == float(code)
    )


def _number(cell: str, comma: bool) -> float:
    text = cell.replace(",", ".") if comma and COMMA.fullmatch(cell) else cell
    # Digits of other scripts are digits to Python, too; what a person typed is meant, not those.
    number = float(text) if text.isascii() and POINT.fullmatch(text) else math.nan
    return number if math.isfinite(number) else math.nan


def read_dates(cells: Sequence[str], form: str | None = None) -> Dates:
    """Read a column as dates.

    Parameters
    ----------
    cells
        The column.
    form
        How they are written, such as ``"month/day/year"``; else as most of the cells can be read.
    """
    column = coded(cells)
    counts = column.counts
    day_of = {cell: _day(cell) for cell in counts}
    best: dict[str, date | None] = dict.fromkeys(counts)
    count, name, rival = 0, "", ""
    for pattern, pattern_name in DATE_FORMATS:
        if form is not None and pattern_name != form:
            continue
        dates = {cell: _date(day_of[cell], pattern) for cell in counts}
        read = sum(counts[cell] for cell, one in dates.items() if one is not None)
        if read > count:
            best, count, name, rival = dates, read, pattern_name, ""
        elif read == count and count and dates != best:
            rival = pattern_name
    bad = {
        cell for cell, one in best.items() if one is None and day_of[cell].lower() not in MISSING
    }
    doubt = f" (they could be {rival}, too)" if rival else ""
    day = [best.get(word) for word in column.words]
    days = np.array([NO_DAY if one is None else one.toordinal() for one in day], dtype=np.int64)
    return Dates(
        days[column.codes],
        _places(column, bad),
        f"Dates are read as {name}{doubt}." if name else "",
    )


def _day(cell: str) -> str:
    """Return the day of a cell without the time, a month that is written out as its number."""
    text = cell.strip()
    if found := WRITTEN.fullmatch(text):
        day, month, year = (
            (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        )
        number = MONTHS.get(month.lower().translate(UMLAUT)[:3])
        if number:
            return (
                f"{int(day):02}-{number:02}-{year}"
                if len(year) == 4
                else f"{int(day):02}.{number:02}.{year}"
            )
    return re.split(r"[T ]", text, maxsplit=1)[0]


def _date(text: str, pattern: str) -> date | None:
    if not text.isascii():
        return None
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None


def read_ending(cell: str, column: str) -> str | None:
    """Return the status a cell means; ``""`` for an empty one, ``None`` for a word not known.

    Yes and no are understood by the name of their column: ``dropout`` or ``completed``.
    """
    word = plain(cell)
    if cell.strip().lower() in MISSING:
        return ""
    if word in YES or word in NO:
        name = column.lower()
        if "drop" in name or "abbruch" in name:
            return "dropped_out" if word in YES else "completed"
        if "complet" in name:
            return "completed" if word in YES else "dropped_out"
        return None
    if has_other_reason(cell):
        return UNKNOWN_ENDING
    spelled = {word: None, _without_fillers(word): None}
    return next(
        (status for one in spelled for status, words in ENDINGS.items() if one in words), None
    )


def has_other_reason(cell: str) -> bool:
    """Whether a cell says that something else ended a treatment than client and therapist; see `OTHER_REASONS`."""
    return not OTHER_REASONS.isdisjoint({plain(cell), _without_fillers(plain(cell))})


def _without_fillers(word: str) -> str:
    parts = CLIENTS.sub("client", word).split()
    return " ".join(part for part in parts if part not in FILLERS)
