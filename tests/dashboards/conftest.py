"""A dashboard in a process of its own, for the tests of the server; a clinic as tables and as a picture."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from dashboards.clinics.pictures import clinic_picture
from dashboards.computing.cache import Shared
from dashboards.tools.dashboard_process import Dashboard
from simulation import simulate
from tests.dashboards.clinics import CLINICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.clinics.pictures import Picture
    from simulation.results.result import Result


@pytest.fixture(autouse=True)
def event_loop() -> Iterator[None]:
    """Rooms that are drawn without a server ask for the thread's event loop, which Python 3.14 no longer makes."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def dashboard() -> Iterator[Dashboard]:
    with Dashboard() as started:
        yield started


@pytest.fixture(scope="module", params=CLINICS.values(), ids=CLINICS.keys())
def clinic(request: pytest.FixtureRequest) -> tuple[Picture, Result]:
    parameters, seed, replicates = request.param
    result = simulate(parameters, seed=seed, replicates=replicates, histories=True)
    return clinic_picture(parameters, seed, replicates, shared=Shared()), result
