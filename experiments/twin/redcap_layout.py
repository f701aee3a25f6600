"""The rows of an export of REDCap: which kinds there are, what each holds, and which a client has at a session.

Every event, and every repeating instrument of an event, has rows of its own, in which the columns of all others are
empty. A twin has the same kinds of rows, with the same columns in each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.redcap_rows import (
    ARM,
    EVENT,
    IDENTIFIER,
    INSTANCE,
    INSTRUMENT,
    redcap_rows,
)
from experiments.records.session_numbers import session_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.cells import Cells
    from experiments.records.rows import CleanRows
    from experiments.tables.columns import Booleans

__all__ = ["Kind", "Layout", "layout_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows.

    Attributes
    ----------
    event, instrument
        As the export names them; empty where it has none.
    session
        The session that such rows are of; ``None`` where each has an instance, which says it.
    """

    event: str
    instrument: str
    session: int | None

    @property
    def arm(self) -> str:
        """The arm of the project that the event belongs to, as the end of its name says it."""
        found = re.search(r"_arm_\d+$", self.event) or ARM.search(self.event)
        return found[0] if found else ""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The kinds of rows of an export.

    Attributes
    ----------
    names
        Columns of REDCap's own, by what they are.
    kinds
        In the order in which a client's rows stand.
    has
        Which kinds each row in use was put together of, shape (rows, kinds).
    holds
        By column, which kinds ever have something in it, shape (kinds,).
    left_out
        Kinds of which no row is in use, as a message names them.
    """

    names: Mapping[str, str]
    kinds: tuple[Kind, ...]
    has: Booleans
    holds: Mapping[str, Booleans]
    left_out: tuple[str, ...]

    @property
    def written(self) -> frozenset[str]:
        """Columns of REDCap's own that say what a row is of, not whose it is."""
        return frozenset(name for what, name in self.names.items() if what != IDENTIFIER)

    def place_for(self, column: str, has: Booleans) -> Booleans:
        """Tell which rows, given by their kinds, have a place for something in a column, shape (rows,)."""
        return np.asarray(has[:, self.holds[column]].any(axis=1), dtype=bool)

    def own_cell(self, what: str, kind: Kind, session: int) -> str:
        """Return the cell of a row in one of REDCap's own columns; nothing where it says whose it is."""
        own = {
            EVENT: kind.event,
            INSTRUMENT: kind.instrument,
            INSTANCE: "" if kind.session is not None else str(session),
        }
        return own.get(what, "")


def layout_of(table: Cells, rows: CleanRows, declared: Mapping[str, object]) -> Layout | None:
    """Return the layout of an export of REDCap, ``None`` for another table.

    Parameters
    ----------
    table
        The export, without what programs put around it.
    rows
        Its rows in use, put together by client and session.
    declared
        Columns the user named.
    """
    export = redcap_rows(table, declared)
    if export is None:
        return None
    of = {
        pair: row
        for row, pair in enumerate(zip(rows.texts("client"), rows.texts("session"), strict=True))
    }
    client = table.columns[table.header.index(rows.columns.names["client"])]
    number_of: dict[Kind, int] = {}
    first: dict[Kind, tuple[float, int]] = {}
    pairs: list[tuple[int, int]] = []
    places: dict[int, list[int]] = defaultdict(list)
    lost: dict[str, None] = {}
    for place, (event, instrument, instance, number) in enumerate(
        zip(export.events, export.instruments, export.instances, export.numbers, strict=True)
    ):
        row = of.get((client[place], session_text(number)))
        if row is None:
            lost.setdefault(" ".join(filter(None, (event, instrument))))
            continue
        kind = Kind(event, instrument, None if instance else int(number))
        one = number_of.setdefault(kind, len(number_of))
        first[kind] = min(first.get(kind, (number, place)), (number, place))
        pairs.append((row, one))
        places[one].append(place)
    kinds = sorted(number_of, key=lambda one: _order(one, first))
    rank = {number_of[kind]: place for place, kind in enumerate(kinds)}
    has = np.zeros((len(rows), len(kinds)), dtype=bool)
    for row, one in pairs:
        has[row, rank[one]] = True
    holds = {}
    for name, cells in zip(table.header, table.columns, strict=True):
        filled = np.array([bool(cell) for cell in cells])
        holds[name] = np.array(
            [filled[places[number_of[kind]]].any() for kind in kinds], dtype=bool
        )
    used = {" ".join(filter(None, (kind.event, kind.instrument))) for kind in kinds}
    return Layout(export.columns, tuple(kinds), has, holds, tuple(n for n in lost if n not in used))


def _order(kind: Kind, first: Mapping[Kind, tuple[float, int]]) -> tuple[object, ...]:
    """Sort as REDCap does: by event, within it first what does not repeat."""
    event = min(when for one, when in first.items() if one.event == kind.event)
    instrument = min(
        when
        for one, when in first.items()
        if (one.event, one.instrument) == (kind.event, kind.instrument)
    )
    return (event, kind.instrument != "", instrument[1], first[kind])
