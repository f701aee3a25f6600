"""A therapy for elsewhere: its numbers as CSV, its course in words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from dashboards.therapies.stances import find_stance
from dashboards.therapies.story import log
from dashboards.therapies.summary import summary
from simulation.instruments import SessionReports
from simulation.states import DyadState

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Record, Therapy

__all__ = ["to_csv", "to_text"]

EVENTS = ("rupture", "rupture_noticed", "rupture_repaired", "boundary_event", "ending")
LATENT = (*DyadState._fields[:9], "alliance")
COLUMNS = (
    "session",
    "stance",
    *LATENT,
    "safety",
    "disclosure",
    "attunement",
    "perceived_empathy",
    "dropout_probability",
    *EVENTS,
    *SessionReports._fields,
)
"""Columns of the CSV; names, ranges and units are those of a clinic's table of sessions."""


def to_csv(therapy: Therapy) -> str:
    """Return a therapy as CSV, one row a session held; numbers in full, so that equal runs give equal files."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(_row(record) for record in therapy.records)
    return text.getvalue()


def to_text(therapy: Therapy) -> str:
    """Return a therapy in plain words, one line a session and a paragraph to sum it up."""
    return "\n".join((*log(therapy), "", summary(therapy))) + "\n"


def _row(record: Record) -> list[Any]:
    events = record.events
    return [
        record.session,
        find_stance(record.stance).name,
        *(getattr(record.after, name) for name in LATENT),
        *events[:5],
        record.rupture,
        str(record.noticed).lower(),
        str(record.repaired).lower(),
        record.boundary_event,
        record.ending or "",
        *record.reports,
    ]
