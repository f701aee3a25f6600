"""Parameters of the clinic: size, calendar and intake."""

from __future__ import annotations

from simulation.parameters.declaration import Group, integer, number

__all__ = ["Clinic"]


class Clinic(Group):
    """Size, calendar and intake."""

    clients: int = integer(100, 1, 1_000_000, "Clients who ask for therapy.", unit="people")
    therapists: int = integer(10, 1, 10_000, "Therapists in the team.", unit="people")
    session_limit: int = integer(
        20, 1, 500, "Most sessions the setting offers a client.", unit="sessions", source="F31, F32"
    )
    session_interval: int = integer(1, 1, 12, "Weeks from one session to the next.", unit="weeks")
    weeks: int = integer(
        104, 1, 5000, "Weeks after which follow-up ends, finished or not.", unit="weeks"
    )
    arrivals_per_week: float = number(
        20, 0.01, 1e6, "Clients who ask for therapy in a week.", unit="people per week"
    )
    waiting_loss: float = number(
        0.02, 0, 1, "Chance per week that a waiting client gives up.", unit="probability"
    )
