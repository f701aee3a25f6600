"""Work that cannot end soon is said before it begins, with what it would cost."""

from __future__ import annotations

import typer

from simulation.cores import available_cores
from simulation.errors import AllianceError

__all__ = [
    "SECONDS_A_CALIBRATION_MEMBER",
    "SECONDS_A_CLIENT",
    "SECONDS_A_MESA_CLIENT",
    "SECONDS_A_PLAIN_CLIENT",
    "SECONDS_A_STUDIED_CLIENT",
    "announce_cost",
    "time_span",
]

SECONDS_A_CLIENT = 2e-6
"""A course of therapy in the compiled engine takes one core about so long."""

SECONDS_A_MESA_CLIENT = 3e-3
"""And in Mesa."""

SECONDS_A_PLAIN_CLIENT = 1e-3
"""And in plain Python."""

SECONDS_A_STUDIED_CLIENT = 3e-4
"""A client of a simulated study, all arms and findings together, of one core."""

SECONDS_A_CALIBRATION_MEMBER = 0.01
"""A parameter set of a calibration, of one core."""

WORTH_SAYING = 60.0
DAY = 86_400.0
LARGEST = 10**18
"""Any larger count is as good as this one."""


def announce_cost(
    what: str, count: int, seconds_each: float, *, long: bool, workers: int = 0
) -> None:
    """Say how long a piece of work will take if that is more than a minute.

    Parameters
    ----------
    what
        The work: ``"3,000,000 clinics"``.
    count, seconds_each
        How many pieces it has, and how long one core takes for each.
    long
        Whether it may take more than a day.
    workers
        Cores it runs on; all there are if 0.

    Raises
    ------
    AllianceError
        If it would take more than a day and `long` is not set.
    """
    seconds = min(count, LARGEST) * seconds_each / (workers or available_cores())
    if seconds > DAY and not long:
        raise AllianceError(
            f"{what} would take about {time_span(seconds)} here: ask for less, or add --long to begin all the same."
        )
    if seconds > WORTH_SAYING:
        typer.echo(f"{what} will take about {time_span(seconds)} here.", err=True)


def time_span(seconds: float) -> str:
    """Write how long something takes, from minutes to years."""
    for unit, size in (("years", 365 * DAY), ("days", DAY), ("hours", 3600.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds / 60:.0f} min"
