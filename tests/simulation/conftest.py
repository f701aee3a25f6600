"""What all tests of the model share: how hypothesis searches, and one run of the default clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from simulation.results.result import Result

settings.register_profile(
    "simulation",
    deadline=None,  # the first example compiles
    max_examples=40,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("simulation")


@pytest.fixture(scope="session")
def default_clinic() -> Result:
    """Twenty replicates of the default clinic with every session."""
    return simulate(Parameters(), seed=7, replicates=20, histories=True)
