"""The seeds of the project's own runs: one to fit with, others to judge with.

A model judged on the random numbers it was fitted to looks better than it is. So the seeds are
declared here, once, and what judges refuses the seed of what fits.
"""

from __future__ import annotations

from simulation.errors import AllianceError

__all__ = ["FITTING", "JUDGING", "judging"]

FITTING = 20_101
"""Seed of every run whose results may change a parameter."""

JUDGING = 73_019
"""Seed of every run that is held against published findings."""


def judging(seed: int) -> int:
    """Return a seed that may be judged with.

    Raises
    ------
    AllianceError
        For the seed that calibration fits with.
    """
    if seed == FITTING:
        raise AllianceError(
            f"seed = {seed} is the seed that calibration fits with;"
            f" judge with another, such as {JUDGING}."
        )
    return seed
