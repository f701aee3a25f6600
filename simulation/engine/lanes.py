"""The memory layout that lets the compiler vectorise: blocks of lanes, one array a field.

A block is one record whose fields are arrays of `LANES` lanes; a lane is one dyad in treatment, or one therapist.
Every offset is known when the loop is compiled, so the loop over lanes has one base pointer and needs no checks
for overlapping memory. `LANES` is an odd multiple of the eight lanes of a cache line: with a power of two, all
fields of a lane would compete for the same few places in the cache.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from simulation import stage_results
from simulation.equation import listing
from simulation.instruments import ReportDraws, SessionReports
from simulation.numerics import where, where_due
from simulation.population import ClientDraws, TherapistDraws
from simulation.stages import Meeting
from simulation.states import (
    ClientTraits,
    DyadState,
    Presence,
    Rater,
    SessionDraws,
    SessionEvents,
    TherapistState,
    TherapistTraits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "CARRIED",
    "COUNTS",
    "DRAWS",
    "DYADS",
    "LANES",
    "TEAM",
    "agency_dependency_in",
    "agreement_in",
    "attunement_in",
    "bond_in",
    "change_in",
    "client_draws_in",
    "client_in",
    "copy_lasting_presence",
    "copy_weekly_presence",
    "events_in",
    "frame_in",
    "meeting_reader",
    "opening_in",
    "presence_in",
    "put_agency_dependency",
    "put_agreement",
    "put_attunement",
    "put_bond",
    "put_change",
    "put_client",
    "put_ending",
    "put_events",
    "put_frame",
    "put_opening",
    "put_presence",
    "put_rater",
    "put_repair",
    "put_reports",
    "put_rupture",
    "put_state_if",
    "put_therapist",
    "put_therapist_state",
    "put_trust",
    "rater_in",
    "repair_in",
    "report_draws_in",
    "rupture_in",
    "session_draws_in",
    "state_in",
    "therapist_draws_in",
    "therapist_in",
    "therapist_state_in",
    "trust_in",
]

LANES = 56
DRAWS = 16
"""Rows of draws a block holds: up to four streams."""

COUNTS = ("ruptures", "ruptures_noticed", "ruptures_repaired", "boundary_tests")

LASTING_PRESENCE = ("present_style", "habit")
WEEKLY_PRESENCE = tuple(name for name in Presence._fields if name not in LASTING_PRESENCE)
"""What of a therapist's presence a dyad takes on once, and what again every week."""


PASSING = ("gain", "taken_up", "mended", "hurt", "off_track", "allied")
"""What a stage of a session leaves only to the stages after it."""


Fields: TypeAlias = "Sequence[tuple[str, Any]]"


def _layout(carried: Fields, working: Fields) -> tuple[np.dtype[Any], int]:
    fields = [(name, kind, (LANES,)) for name, kind in (*carried, *working)]
    layout = np.dtype([*fields, ("draws", np.float64, (DRAWS, LANES))], align=True)
    return layout, len(carried)


def _floats(*names: str) -> Fields:
    return [(name, np.float64) for name in names]


def _numbers(*names: str) -> Fields:
    return [(name, np.int64) for name in names]


DYADS, CARRIED = _layout(
    carried=[
        *_numbers("replicate", "who", "when", "clinic", "therapist", "team_block", "team_lane"),
        *_numbers("week_started"),
        *_floats(*ClientTraits._fields, *Rater._fields, *LASTING_PRESENCE),
        *_floats(*DyadState._fields, *COUNTS),
    ],
    working=[
        *_numbers("due", "week_arrived"),
        *_floats("assignment_draw", *PASSING, *WEEKLY_PRESENCE),
        *_floats(*SessionEvents._fields, *SessionReports._fields),
    ],
)
"""Dyads in treatment. `who` is the client's number, `when` the session's; `team_block` and `team_lane` the
therapist's place in `TEAM`, `clinic` that of the clinic among those running; `week_arrived` and `assignment_draw`
are used when clients are drawn.

All fields take eight bytes, so a block is also a plain table of rows of lanes. The first `CARRIED` rows
are what a dyad carries from week to week; the others are computed again.
"""

TEAM, _ = _layout(
    carried=[
        *_numbers("replicate", "who", "when", "ties", "met", "strain_units", "clients_seen"),
        *_floats(
            *TherapistTraits._fields,
            *TherapistState._fields,
            "fatigue_sum",
            "skill_around",
            "sustained",
        ),
    ],
    working=_floats(*Presence._fields),
)
"""Therapists at work: traits, state, presence of the week, and what the week brought."""


SESSION_DRAW_ROWS = (0, 1, 2, 3, 4, 5, 6, 8, 9, 10)
"""Where the fields of `SessionDraws` stand among the draws of a block: each stream fills four rows."""


def meeting_reader(stage: Callable[..., Any]) -> Callable[..., Any]:
    """Make a reader of as much of a `Meeting` as a stage mentions: what nobody reads takes long to compile.

    A stage reads it field by field, then; a function that it gives a whole part to finds no other fields there.
    """
    places = {
        "client": {name: f"block.{name}[i]" for name in ClientTraits._fields},
        "state": {name: f"block.{name}[i]" for name in DyadState._fields},
        "therapist": {name: f"block.{name}[i]" for name in Presence._fields},
        "draws": {
            name: f"block.draws[{row}, i]"
            for name, row in zip(SessionDraws._fields, SESSION_DRAW_ROWS, strict=True)
        },
    }
    mentioned = set(stage.__code__.co_names)
    kinds: dict[str, Any] = {}
    parts = []
    for part in Meeting._fields:
        fields = [name for name in places[part] if part in mentioned and name in mentioned]
        if fields:
            kinds[part] = namedtuple(part, fields)
            parts.append(f"{part}({', '.join(places[part][name] for name in fields)})")
    meeting = namedtuple("meeting", kinds)  # type: ignore[misc]
    return listing(
        "read_meeting(block, i)", f"return meeting({', '.join(parts)})", meeting=meeting, **kinds
    )


def _reader(kind: Any) -> Callable[..., Any]:
    fields = ", ".join(f"block.{name}[i]" for name in kind._fields)
    return listing(f"read_{kind.__name__}(block, i)", f"return kind({fields})", kind=kind)


def _draws_reader(kind: Any, *rows: int) -> Callable[..., Any]:
    fields = ", ".join(f"block.draws[{row}, i]" for row in rows)
    return listing(f"read_{kind.__name__}(block, i)", f"return kind({fields})", kind=kind)


def _writer(kind: Any) -> Callable[..., Any]:
    lines = (f"block.{name}[i] = value.{name}" for name in kind._fields)
    return listing(f"write_{kind.__name__}(block, i, value)", *lines)


def _writer_if(kind: Any) -> Callable[..., Any]:
    lines = (
        f"block.{name}[i] = where(condition, value.{name}, block.{name}[i])"
        for name in kind._fields
    )
    return listing(f"write_{kind.__name__}(block, i, value, condition)", *lines, where=where)


def _stage_writer(kind: Any) -> Callable[..., Any]:
    """Return a writer of what a stage of a session leaves: the dyad's state only where a session is due."""
    lines = (
        f"block.{name}[i] = where_due(block.due[i], value.{name}, block.{name}[i])"
        if name in DyadState._fields
        else f"block.{name}[i] = value.{name}"
        for name in kind._fields
    )
    return listing(f"write_{kind.__name__}(block, i, value)", *lines, where_due=where_due)


def _copier(*names: str) -> Callable[..., Any]:
    lines = (f"block.{name}[i] = other.{name}[j]" for name in names)
    return listing("copy(block, i, other, j)", *lines)


client_in = _reader(ClientTraits)
rater_in = _reader(Rater)
presence_in = _reader(Presence)
state_in = _reader(DyadState)
events_in = _reader(SessionEvents)
therapist_in = _reader(TherapistTraits)
therapist_state_in = _reader(TherapistState)
session_draws_in = _draws_reader(SessionDraws, *SESSION_DRAW_ROWS)
report_draws_in = _draws_reader(ReportDraws, *range(16))
client_draws_in = _draws_reader(ClientDraws, *range(16))
therapist_draws_in = _draws_reader(TherapistDraws, *range(10))
put_client = _writer(ClientTraits)
put_rater = _writer(Rater)
put_presence = _writer(Presence)
copy_lasting_presence = _copier(*LASTING_PRESENCE)
copy_weekly_presence = _copier(*WEEKLY_PRESENCE)
put_state_if = _writer_if(DyadState)
put_events = _writer(SessionEvents)
put_reports = _writer(SessionReports)
put_therapist = _writer(TherapistTraits)
put_therapist_state = _writer(TherapistState)
opening_in = _reader(stage_results.Opening)
attunement_in = _reader(stage_results.Attunement)
frame_in = _reader(stage_results.Frame)
rupture_in = _reader(stage_results.Rupture)
repair_in = _reader(stage_results.Repair)
trust_in = _reader(stage_results.Trust)
bond_in = _reader(stage_results.Bond)
agreement_in = _reader(stage_results.Agreement)
agency_dependency_in = _reader(stage_results.AgencyDependency)
change_in = _reader(stage_results.Change)
put_opening = _stage_writer(stage_results.Opening)
put_attunement = _stage_writer(stage_results.Attunement)
put_frame = _stage_writer(stage_results.Frame)
put_rupture = _stage_writer(stage_results.Rupture)
put_repair = _stage_writer(stage_results.Repair)
put_trust = _stage_writer(stage_results.Trust)
put_bond = _stage_writer(stage_results.Bond)
put_agreement = _stage_writer(stage_results.Agreement)
put_agency_dependency = _stage_writer(stage_results.AgencyDependency)
put_change = _stage_writer(stage_results.Change)
put_ending = _stage_writer(stage_results.Ending)
