"""Parameters of the course after therapy, which act where clients are assessed by calendar week, as in a trial."""

from __future__ import annotations

from simulation.parameters.declaration import Group, number

__all__ = ["FollowUp"]


class FollowUp(Group):
    """Course after therapy."""

    relapse: float = number(
        0.006,
        0,
        0.2,
        "Share of what therapy took away that comes back in a week after it; acts in trials alone.",
        unit="share per week",
        source="F87",
    )
