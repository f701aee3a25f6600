"""What a run writes down: one row a client, a therapist, a session; as arrays of records of fixed layout.

The layouts leave no gaps between fields, so that equal rows are equal bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation.engine.lanes import COUNTS
from simulation.equation import listing
from simulation.instruments import SessionReports
from simulation.states import ClientTraits, DyadState, Rater, TherapistTraits

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "BOUNDARY_EVENTS",
    "CLIENT_ROW",
    "LATENT",
    "RUNNING_CLINIC",
    "RUPTURES",
    "SESSION_ROW",
    "THERAPIST_ROW",
    "Rows",
    "client_from_row",
    "client_to_row",
    "rater_from_row",
    "session_to_row",
    "therapist_from_row",
    "therapist_to_row",
]

RUPTURES = ("none", "withdrawal", "confrontation")
BOUNDARY_EVENTS = ("none", "held", "crossing", "rebuff", "violation")

CLIENT_ROW = np.dtype(
    [(name, np.float64) for name in (*ClientTraits._fields, *Rater._fields)]
    + [
        ("preference_match", np.float64),
        ("distress_last", np.float64),
        ("satisfaction_last", np.float64),
    ]
    + [(name, np.float32) for name in ("core_10_intake", "core_10_last", "csq_8_last")]
    + [
        (name, np.int32)
        for name in ("therapist", "sessions", "week_arrived", "week_started", "week_ended")
    ]
    + [(name, np.int32) for name in (*COUNTS, "boundary_crossings", "status")],
    align=True,
)
"""One client. Weeks and therapist are -1 where there was none; `status` is a place in `clinic.STATUSES`."""

THERAPIST_ROW = np.dtype(
    [(name, np.float64) for name in TherapistTraits._fields]
    + [("fatigue_mean", np.float64), ("fatigue_last", np.float64), ("skill_gain", np.float64)]
    + [("clients_seen", np.int32), ("ties", np.int32)],
    align=True,
)
"""One therapist."""

LATENT = (
    *(name for name in DyadState._fields[:9]),
    "safety",
    "disclosure",
    "attunement",
    "perceived_empathy",
    "dropout_probability",
)

SESSION_ROW = np.dtype(
    [(name, np.float64) for name in LATENT]
    + [(name, np.float32) for name in SessionReports._fields]
    + [("replicate", np.int64)]
    + [(name, np.int32) for name in ("client", "therapist", "week", "session")]
    + [
        (name, np.int16)
        for name in ("rupture", "rupture_noticed", "rupture_repaired", "boundary_event")
    ],
    align=True,
)
"""One session."""

RUNNING_CLINIC = np.dtype(
    [
        (name, np.int64)
        for name in (
            *("open", "replicate", "first_client", "first_therapist"),
            *("week", "arrived", "waiting", "ended", "at_work"),
        )
    ],
    align=True,
)
"""A place where one clinic after the other runs: which one, where its rows begin, and how far it has come."""


class Rows(NamedTuple):
    """Where a run is written down."""

    clients: Array
    """Of `CLIENT_ROW`, in the order of replicate and client."""
    therapists: Array
    """Of `THERAPIST_ROW`, in the order of replicate and therapist."""
    sessions: Array
    """Of `SESSION_ROW`, in the order of replicate, client and session; empty if they are not recorded."""
    begins: Array
    """Where in `sessions` those of each client begin; empty if they are not recorded."""
    allotted: Array
    """Client: the therapist whom only they are given; empty if the clinic assigns clients."""
    assessment_weeks: Array
    """Weeks since a client asked for therapy, rising, at which distress is wanted; empty if nobody is assessed."""
    assessed: Array
    """Client × assessment: distress after the last session up to then; last, the level that it varies around."""


def _to_row(label: str, names: tuple[str, ...]) -> Callable[..., Any]:
    lines = (f"record.{name} = block.{name}[i]" for name in names)
    return listing(f"write_{label}(record, block, i)", *lines)


def _from_row(label: str, names: tuple[str, ...]) -> Callable[..., Any]:
    lines = (f"block.{name}[i] = record.{name}" for name in names)
    return listing(f"read_{label}(record, block, i)", *lines)


client_to_row = _to_row("client", (*ClientTraits._fields, *Rater._fields))
client_from_row = _from_row("client", (*ClientTraits._fields, *Rater._fields))
rater_from_row = _from_row("rater", Rater._fields)
session_to_row = _to_row("session", (*LATENT, *SessionReports._fields))
therapist_to_row = _to_row("therapist", TherapistTraits._fields)
therapist_from_row = _from_row("therapist", TherapistTraits._fields)
