"""Exports of REDCap: events and repeating instruments become session numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.cells import Cells, rows_text
from experiments.records.columns import declared_place, place_of
from experiments.records.names import plain
from experiments.records.session_numbers import session_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["from_redcap"]

EVENT, INSTRUMENT, INSTANCE = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
)
OWN = frozenset({EVENT, INSTRUMENT, INSTANCE, "redcap_survey_identifier"})


def from_redcap(cells: Cells, declared: Mapping[str, object]) -> Cells:
    """Return one row a client and session, with the session in a column of its own.

    The number of a session is that of the repeating instrument, else the number in the name of the
    event; an event that is called intake, baseline or the like is session 0. Rows of the same client
    and session, one an instrument, are put together.

    Parameters
    ----------
    cells
        Any table; one that is no export of REDCap is returned as it is.
    declared
        Columns the user named: with a session of his own, nothing is done.
    """
    if not ({EVENT, INSTANCE} & set(cells.header)):
        return cells
    if declared_place(cells.header, declared.get("session")) is not None:
        return cells
    numbers = [
        _number(event, instance)
        for event, instance in zip(_column(cells, EVENT), _column(cells, INSTANCE), strict=True)
    ]
    known = [place for place, number in enumerate(numbers) if not np.isnan(number)]
    unknown = [cells.lines[place] for place, number in enumerate(numbers) if np.isnan(number)]
    stay = [place for place, name in enumerate(cells.header) if name not in OWN]
    table = cells.only_columns(stay).only_rows(known)
    table = replace(
        table,
        header=(*table.header, "session"),
        columns=(*table.columns, tuple(f"{numbers[place]:.0f}" for place in known)),
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
    if together:
        notes.append(
            f"Put together with another of the same client and session: {rows_text(together)}."
        )
    if contradicting:
        notes.append(
            f"They contradict each other in {rows_text(contradicting)}; the first entry counts."
        )
    if unknown:
        notes.append(
            f"Left out {rows_text(unknown)}: neither an instance nor an event that names a session."
        )
    return merged.noting(*notes)


def _column(cells: Cells, name: str) -> Sequence[str]:
    if name not in cells.header:
        return ("",) * len(cells.lines)
    return cells.columns[cells.header.index(name)]


def _number(event: str, instance: str) -> float:
    if instance:
        return session_number(instance)
    name = re.sub(r" arm( \d+)?$", "", plain(event))
    number = session_number(name)
    if not np.isnan(number):
        return number
    parts = [session_number(word) for word in name.split() if not word.isdigit()]
    return next((one for one in parts if not np.isnan(one)), float("nan"))


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
