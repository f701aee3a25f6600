"""Clinics that the clinic room is tested with."""

from __future__ import annotations

from simulation import Parameters

__all__ = ["CLINICS", "SMALL"]

SMALL = Parameters(clients=150, therapists=6, weeks=40, arrivals_per_week=8)
CLINICS = {
    "long waiting list": (SMALL.replace(caseload_cap=3, waiting_loss=0.1), 6, 1),
    "follow-up ends early": (SMALL, 3, 1),
    "every other week": (
        SMALL.replace(session_interval=2, supervision_network="small_world"),
        4,
        1,
    ),
    "three replicates": (SMALL.replace(weeks=104), 5, 3),
}
"""Setting, seed and replicates of each."""
