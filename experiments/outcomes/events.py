"""What happens in sessions: ruptures, repairs, and what becomes of the frame."""

from __future__ import annotations

from experiments.outcomes.kinds import per_event, share_of_events, share_with_status
from experiments.quantities.measure import Measure
from experiments.quantities.unit import PER_SESSION, SHARE

__all__ = ["MEASURES"]

MEASURES = (
    Measure(
        "ruptures_per_session",
        "ruptures",
        "Ruptures in a session.",
        PER_SESSION,
        per_event("ruptures", of="sessions"),
    ),
    Measure(
        "rupture_notice_rate",
        "ruptures noticed",
        "Ruptures the therapist notices.",
        SHARE,
        share_of_events("ruptures_noticed", of="ruptures"),
    ),
    Measure(
        "repair_rate",
        "ruptures repaired",
        "Ruptures that are repaired.",
        SHARE,
        share_of_events("ruptures_repaired", of="ruptures"),
    ),
    Measure(
        "boundary_tests_per_session",
        "tests of the frame",
        "Tests of the frame in a session.",
        PER_SESSION,
        per_event("boundary_tests", of="sessions"),
    ),
    Measure(
        "crossings_per_session",
        "boundary crossings",
        "Boundary crossings in a session.",
        PER_SESSION,
        per_event("boundary_crossings", of="sessions"),
    ),
    Measure(
        "violation_rate",
        "boundary violations",
        "Clients whose therapy ends after a boundary violation, of those who started (F107).",
        SHARE,
        share_with_status("boundary_violation"),
    ),
)
