"""What the columns of REDCap's own say of each row of an export: of which session it is, and of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.columns import MEANINGS, declared_place, place_of
from experiments.records.names import plain
from experiments.records.session_numbers import INTAKE, session_number
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.records.cells import Cells

__all__ = [
    "ARM",
    "EVENT",
    "IDENTIFIER",
    "INSTANCE",
    "INSTRUMENT",
    "RedcapRows",
    "is_of_redcap",
    "redcap_rows",
]

EVENT, INSTRUMENT, INSTANCE, IDENTIFIER = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_survey_identifier",
)
LABELS = {
    "Event Name": EVENT,
    "Repeat Instrument": INSTRUMENT,
    "Repeat Instance": INSTANCE,
    "Survey Identifier": IDENTIFIER,
}
"""What the columns are called in an export with labels."""

OWN = frozenset({"Record ID", "Survey Identifier", "Data Access Group"})
"""Labels of which one is in every export that has events alone, as other programs write an *Event Name*, too."""

OF_ALL = frozenset({"client", "study", "session"})
"""What every row of an export may have, whichever instrument it is of."""

ARM = re.compile(r"\(Arm \d+: .*\)$")
"""The arm of a project with several, at the end of an event's label."""


@dataclass(frozen=True, slots=True, eq=False)
class RedcapRows:
    """What the columns of REDCap's own say of each row of an export.

    Attributes
    ----------
    columns
        Name of the column by what it is, such as `EVENT`; in an export with labels they have other names.
    events, instruments, instances
        Cells, shape (rows,) each; empty where the export has no such column.
    numbers
        Session of each row; ``nan`` where neither an instance nor an event says it.
    once
        Rows that a record has once, outside of events that tell: they are taken for intake.
    no_sessions
        Repeating instruments whose instances are no sessions: medication, adverse events.
    """

    columns: Mapping[str, str]
    events: Sequence[str]
    instruments: Sequence[str]
    instances: Sequence[str]
    numbers: tuple[float, ...]
    once: tuple[int, ...]
    no_sessions: tuple[str, ...]


def is_of_redcap(header: Sequence[str]) -> bool:
    """Whether a table has the columns by which REDCap names events or instances."""
    return _names_rows(_columns(header))


def redcap_rows(cells: Cells, declared: Mapping[str, object]) -> RedcapRows | None:
    """Return what an export of REDCap says of its rows; ``None`` for another table.

    Parameters
    ----------
    cells
        Any table.
    declared
        Columns the user named: with a session of his own, a table is read as any other.
    """
    columns = _columns(cells.header)
    if not _names_rows(columns):
        return None
    if declared_place(cells.header, declared.get("session")) is not None:
        return None
    events, instruments, instances = (
        cells.columns[cells.header.index(columns[name])]
        if name in columns
        else ("",) * len(cells.lines)
        for name in (EVENT, INSTRUMENT, INSTANCE)
    )
    # A project with one event, or none, has what does not repeat in a row of its own.
    repeats = any(instances) and len(set(events)) == 1
    no_sessions = _no_sessions(cells, declared, instruments)
    numbers: list[float] = []
    once: list[int] = []
    for place, (event, instrument, instance) in enumerate(
        zip(events, instruments, instances, strict=True)
    ):
        number = np.nan if instrument in no_sessions else _number(event, instance)
        if np.isnan(number) and repeats and not instrument and not instance:
            number = INTAKE
            once.append(place)
        numbers.append(number)
    return RedcapRows(
        columns, events, instruments, instances, tuple(numbers), tuple(once), no_sessions
    )


def _no_sessions(
    cells: Cells, declared: Mapping[str, object], instruments: Sequence[str]
) -> tuple[str, ...]:
    """Return the instruments that hold nothing that is read, where others do, and are not called sessions."""
    places = [
        place_of(cells.header, declared, meaning) for meaning in MEANINGS if meaning not in OF_ALL
    ]
    places += [cells.header.index(name) for name in INSTRUMENTS if name in cells.header]
    holding = {
        instrument
        for place in set(places)
        if place is not None
        for instrument, cell in zip(instruments, cells.columns[place], strict=True)
        if cell
    }
    every = dict.fromkeys(one for one in instruments if one)
    if not holding & set(every):
        return ()
    return tuple(
        one
        for one in every
        if one not in holding and not set(plain(one).split()) & set(MEANINGS["session"])
    )


def _columns(header: Sequence[str]) -> dict[str, str]:
    """Return the columns of REDCap's own, by what they are: in an export of labels they have other names."""
    found = {name: name for name in (EVENT, INSTRUMENT, INSTANCE, IDENTIFIER) if name in header}
    labels = {name: label for label, name in LABELS.items() if label in header}
    told = {INSTRUMENT, INSTANCE} <= set(labels) or (EVENT in labels and bool(OWN & set(header)))
    return found or (labels if told else {})


def _names_rows(columns: Mapping[str, str]) -> bool:
    """Whether REDCap's own columns name the event or the instance of a row."""
    return bool({EVENT, INSTANCE} & set(columns))


def _number(event: str, instance: str) -> float:
    if instance:
        return session_number(instance)
    name = re.sub(r" arm( \d+)?$", "", plain(ARM.sub("", event)))
    number = session_number(name)
    if not np.isnan(number):
        return number
    parts = [session_number(word) for word in name.split() if not word.isdigit()]
    return next((one for one in parts if not np.isnan(one)), float("nan"))
