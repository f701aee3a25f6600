"""What all tests of the model share: how long hypothesis searches, and one run of the default clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from simulation.results.result import Result

settings.register_profile("simulation", settings.get_profile("alliance"), max_examples=40)
settings.load_profile("simulation")


@pytest.fixture(scope="session")
def default_clinic() -> Result:
    """Twenty replicates of the default clinic with every session."""
    return simulate(Parameters(), seed=7, replicates=20, histories=True)
