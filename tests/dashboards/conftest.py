"""A dashboard in a process of its own, for the tests of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.tools.dashboard_process import Dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def dashboard() -> Iterator[Dashboard]:
    with Dashboard() as started:
        yield started
