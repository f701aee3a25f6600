"""How therapies end, in the groups that researchers speak of; the words are those of `simulation.clinic.STATUSES`."""

from __future__ import annotations

__all__ = ["AFTER_BEGINNING", "NOT_STARTED", "PLANNED", "UNILATERAL"]

NOT_STARTED = ("waiting", "never_started")
"""Clients who came to no session."""

PLANNED = ("completed", "session_limit")
"""Endings as planned: by agreement, or at the session limit of the setting."""

UNILATERAL = ("dropped_out",)
"""Endings by the client alone: dropout."""

AFTER_BEGINNING = (
    "completed",
    "dropped_out",
    "session_limit",
    "boundary_violation",
    "in_treatment",
)
"""What becomes of clients who came to a session."""
