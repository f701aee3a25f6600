"""The seeds of the project's own runs: one to fit with, others to validate with.

A model validated on the random numbers it was fitted to looks better than it is. So the seeds are
declared here, once, and what validates refuses the seed of what fits.
"""

from __future__ import annotations

from simulation.errors import AllianceError

__all__ = ["FITTING_SEED", "VALIDATION_SEED", "validation_seed"]

FITTING_SEED = 20_101
"""Seed of every run whose results may change a parameter."""

VALIDATION_SEED = 73_019
"""Seed of every run that is compared with published findings."""


def validation_seed(seed: int) -> int:
    """Return a seed that may be validated with.

    Raises
    ------
    AllianceError
        For the seed that calibration fits with.
    """
    if seed == FITTING_SEED:
        raise AllianceError(
            f"seed = {seed} is the seed that calibration fits with;"
            f" validate with another, such as {VALIDATION_SEED}."
        )
    return seed
