"""Exports of REDCap: events and repeating instruments become session numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.cells import Cells, rows_text
from experiments.records.columns import place_of
from experiments.records.names import plain
from experiments.records.redcap_rows import redcap_rows
from experiments.records.session_numbers import session_text
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_redcap"]


def from_redcap(cells: Cells, declared: Mapping[str, object]) -> Cells:
    """Return one row a client and session, with the session in a column of its own.

    The number of a session is that of the repeating instrument, else the number in the name of the
    event; an event that is called intake, baseline or the like is session 0, and so is the row of what
    does not repeat in a project without events. Rows of the same client and session, one an
    instrument, are put together.

    Parameters
    ----------
    cells
        Any table; one that is no export of REDCap is returned as it is.
    declared
        Columns the user named: with a session of his own, nothing is done.

    Raises
    ------
    AllianceError
        When the export has a column called ``session`` already, in whatever letters.
    """
    rows = redcap_rows(cells, declared)
    if rows is None:
        return cells
    taken = next((name for name in cells.header if plain(name) == "session"), None)
    if taken is not None:
        raise AllianceError(
            f"An export of REDCap with a column of its own called {taken!r}: say --session {taken} if that column"
            " counts sessions, or give it another name, so that events and instances do."
        )
    numbers = rows.numbers
    known = [place for place, number in enumerate(numbers) if not np.isnan(number)]
    unknown = [cells.lines[place] for place, number in enumerate(numbers) if np.isnan(number)]
    own = set(rows.columns.values())
    stay = [place for place, name in enumerate(cells.header) if name not in own]
    table = cells.only_columns(stay).only_rows(known)
    table = replace(
        table,
        header=(*table.header, "session"),
        columns=(*table.columns, tuple(session_text(numbers[place]) for place in known)),
        left_out=(*table.left_out, *unknown),
    )
    client = place_of(table.header, declared, "client")
    if client is None:
        return table
    merged, together, contradicting = _merged(table, client)
    notes = [
        "An export of REDCap: sessions are numbered by its repeating instruments and events; baseline is"
        " session 0."
    ]
    if rows.once:
        notes.append(
            f"Taken for session 0, for a record has them once: {rows_text(cells.lines[p] for p in rows.once)}."
        )
    if together:
        notes.append(
            f"Put together with another of the same client and session: {rows_text(together)}."
        )
    if contradicting:
        notes.append(
            f"They contradict each other in {rows_text(contradicting)}; the first entry counts."
        )
    if unknown:
        repeating = (
            f", or an instrument that has nothing that is read: {', '.join(rows.no_sessions)}"
            if rows.no_sessions
            else ""
        )
        notes.append(
            f"Left out {rows_text(unknown)}: neither an instance nor an event that names a session{repeating}."
        )
    return merged.noting(*notes)


def _merged(table: Cells, of_client: int) -> tuple[Cells, list[int], list[int]]:
    """Return the table with one row a client and session, which rows were put together, and which clash."""
    client, session = table.columns[of_client], table.columns[-1]
    first_of: dict[tuple[str, str], int] = {}
    rows: list[list[str]] = []
    lines: list[int] = []
    together: list[int] = []
    contradicting: list[int] = []
    for place, line in enumerate(table.lines):
        row = [column[place] for column in table.columns]
        into = first_of.setdefault((client[place], session[place]), len(rows))
        if into == len(rows):
            rows.append(row)
            lines.append(line)
            continue
        together.append(line)
        if any(
            cell and there and cell != there for cell, there in zip(row, rows[into], strict=True)
        ):
            contradicting.append(line)
        rows[into] = [there or cell for cell, there in zip(row, rows[into], strict=True)]
    columns = tuple(zip(*rows, strict=True)) if rows else tuple(() for _ in table.header)
    return replace(table, columns=columns, lines=tuple(lines)), together, contradicting
