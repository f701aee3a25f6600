"""Wide tables, one row a client (``wai_1 wai_2 …`` or ``phq9_pre phq9_post``), made long: one row a session."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from experiments.records.cells import Cells, rows_text
from experiments.records.columns import KNOWN_NAMES, place_of
from experiments.records.names import plain
from experiments.records.session_numbers import (
    AFTER,
    AFTER_WORDS,
    BEFORE_WORDS,
    INTAKE,
    session_text,
)
from experiments.records.values import read_numbers
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["SESSIONS_COUNTED", "Occasion", "from_wide", "occasions_in"]

WORD = r"(?:session|sitzung|sess|sitz|stunde|visit|time|week|woche|s|t|w)"
LAST = re.compile(rf"(?P<stem>.+?)(?: {WORD})? ?(?:(?<= ){WORD})?(?P<number>\d{{1,3}})")
FIRST = re.compile(rf"{WORD} ?(?P<number>\d{{1,3}}) (?P<stem>.+)")

ITEMS = {
    "wai": (12, 36), "wai sr": (12,), "wai s": (12,), "phq": (9,), "phq9": (9,), "phq 9": (9,),
    "gad7": (7,), "gad 7": (7,), "core10": (10,), "core 10": (10,), "oq45": (45,), "oq 45": (45,),
    "srs": (4,), "ors": (4,), "bdi": (21,), "haq": (19,),
}  # fmt: skip
SHORT = frozenset({"wai", "srs", "ors", "haq", "alliance"})
"""Measures whose session may follow without a sign between: ``wai3``."""

FEW = 0.1
"""Share of clients with a second row up to which a table may have been meant to be wide."""

HIGHEST_OF_AN_ITEM = 7
SESSIONS_COUNTED = frozenset(
    {
        "sessions", "n sessions", "nsessions", "num sessions", "number of sessions", "session count",
        "total sessions", "sessions total", "sessions attended", "attended sessions", "sessions held",
        "sitzungen", "anzahl sitzungen", "anzahl der sitzungen", "n sitzungen", "anz sitzungen", "sitzungszahl",
        "sitzungsanzahl", "sitzungen gesamt", "gesamtsitzungen", "gesamtzahl sitzungen", "anzahl therapiestunden",
    }
)  # fmt: skip
"""Names of a column that says how many sessions a client had."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Of which measure a column of a wide table is, and at which session."""

    stem: str
    session: int


def from_wide(cells: Cells, declared: Mapping[str, object]) -> Cells:
    """Return one row a session; a table that is not wide is returned as it is.

    A table is wide if it has no column for the session, every client once, and at least two columns
    of the same name that differ in a number or in a word for before and after treatment.

    Raises
    ------
    AllianceError
        When the numbered columns look like the items of one questionnaire instead.
    """
    if place_of(cells.header, declared, "session") is not None:
        return cells
    place = place_of(cells.header, declared, "client")
    if place is None:
        return cells
    if len(set(cells.columns[place])) < len(cells.lines):
        return _noting_second_rows(cells, cells.columns[place])
    occasions = occasions_in(cells.header)
    if not occasions:
        return cells
    _refuse_items(cells, occasions)
    return _long(cells, occasions)


def _noting_second_rows(cells: Cells, clients: Sequence[str]) -> Cells:
    """Say so where a table looks wide but for a few clients with a second row."""
    seen: set[str] = set()
    again = []
    for line, client in zip(cells.lines, clients, strict=True):
        if client in seen:
            again.append(line)
        seen.add(client)
    occasions = occasions_in(cells.header) if len(again) <= FEW * len(seen) else {}
    if not occasions:
        return cells
    two = [cells.header[place] for place in list(occasions)[:2]]
    return cells.noting(
        f"By {' and '.join(two)} it looks like a wide table, one row a client, but clients have a second row in"
        f" {rows_text(again)}, so that rows are taken for sessions: leave each client one row if it is wide."
    )


def occasions_in(header: tuple[str, ...]) -> dict[int, Occasion]:
    """Return the columns that hold a measure at one session, by place."""
    found: dict[int, Occasion] = {}
    sessions: dict[str, set[int]] = defaultdict(set)
    for place, name in enumerate(header):
        one = _occasion(plain(name))
        if one is not None and one.session not in sessions[one.stem]:
            found[place] = one
            sessions[one.stem].add(one.session)
    return {place: one for place, one in found.items() if len(sessions[one.stem]) > 1}


def _occasion(name: str) -> Occasion | None:
    if name in KNOWN_NAMES:
        return None
    stem, _, word = name.rpartition(" ")
    if stem and word in BEFORE_WORDS | AFTER_WORDS:
        return Occasion(stem, INTAKE if word in BEFORE_WORDS else AFTER)
    word, _, stem = name.partition(" ")
    if stem and word in BEFORE_WORDS | AFTER_WORDS:
        return Occasion(stem, INTAKE if word in BEFORE_WORDS else AFTER)
    found = FIRST.fullmatch(name) or LAST.fullmatch(name)
    if found is None or (" " not in name and found["stem"] not in SHORT):
        return None
    return Occasion(found["stem"], int(found["number"]))


def _refuse_items(cells: Cells, occasions: Mapping[int, Occasion]) -> None:
    of_stem: dict[str, list[int]] = defaultdict(list)
    for place, one in occasions.items():
        of_stem[one.stem].append(place)
    for stem, places in of_stem.items():
        numbers = [occasions[place].session for place in places]
        if len(places) not in ITEMS.get(stem, ()) or sorted(numbers) != list(
            range(1, len(places) + 1)
        ):
            continue
        highest = max(read_numbers(cells.columns[place]).highest for place in places)
        if highest <= HIGHEST_OF_AN_ITEM:
            raise AllianceError(
                f"{cells.header[places[0]]} to {cells.header[places[-1]]} look like the {len(places)} items of"
                " one questionnaire, not like sessions. Give their total in one column, one row a session."
            )


def _long(cells: Cells, occasions: Mapping[int, Occasion]) -> Cells:
    stems = list(dict.fromkeys(one.stem for one in occasions.values()))
    sessions = sorted({one.session for one in occasions.values()})
    place_of = {(one.stem, one.session): place for place, one in occasions.items()}
    constant = [place for place in range(len(cells.header)) if place not in occasions]
    counted = next((p for p in constant if plain(cells.header[p]) in SESSIONS_COUNTED), None)
    rows: list[list[str]] = []
    lines: list[int] = []
    empty: list[int] = []
    for row, line in enumerate(cells.lines):
        own = [cells.columns[place][row] for place in constant]
        found: dict[int, list[str]] = {}
        for session in sessions:
            scores = [
                cells.columns[place_of[stem, session]][row] if (stem, session) in place_of else ""
                for stem in stems
            ]
            if any(scores):
                found[session] = scores
        count = cells.columns[counted][row] if counted is not None else ""
        if count.isascii() and count.isdigit() and 0 < int(count) < AFTER:
            found.setdefault(int(count), [""] * len(stems))
        rows += [[*own, *found[session], session_text(session)] for session in sorted(found)]
        lines += [line] * len(found)
        if not found:
            empty.append(line)
    names = [name.replace(" ", "_") for name in stems]
    notes = [
        f"A wide table, one row a client: {len(cells.lines)} rows are reshaped to {len(rows)}, one a session."
        f" {', '.join(names)} are taken at {', '.join(map(session_text, sessions[:12]))}"
        f"{', …' if len(sessions) > 12 else ''}; 0 is intake."
    ]
    if counted is not None:
        notes.append(f"{cells.header[counted]} is read as the number of sessions held.")
    if empty:
        notes.append(f"Left out {rows_text(empty)}: no session has an entry.")
    return replace(
        cells,
        header=(*(cells.header[place] for place in constant), *names, "session"),
        columns=tuple(zip(*rows, strict=True)) or ((),) * (len(constant) + len(names) + 1),
        lines=tuple(lines),
        left_out=(*cells.left_out, *empty),
        counted="" if counted is None else cells.header[counted],
    ).noting(*notes)
