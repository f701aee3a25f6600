"""Whoever comes, breaks off and goes: every browser sees its own frames only.

The long form, ten times 500 sessions and 200 probes, is ``python -m pytest -m slow`` of this file with ``SOAK=10``.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from dashboards.tools.dashboard_process import Dashboard
from tests.dashboards.soaking import entered, soak

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = int(os.environ.get("SOAK", "1"))
ROOM = "/session?v=1&stances=oooooooooo&at=10"


@pytest.fixture(scope="module")
def dashboard() -> Iterator[Dashboard]:
    """A dashboard with room for all of them: a session that broke off is still drawn for a while."""
    with Dashboard("--pages", "1000") as started:
        yield started


@pytest.mark.parametrize(
    ("sessions", "probes"),
    [(40, 20), *[pytest.param(500, 200, marks=[pytest.mark.slow, pytest.mark.alone])] * TIMES],
)
def test_no_probe_sees_a_frame_of_the_sessions_that_come_and_go(
    dashboard: Dashboard, sessions: int, probes: int
) -> None:
    server = entered(dashboard)
    asyncio.run(soak(server, ROOM, sessions=1, probes=1))
    found = asyncio.run(soak(server, ROOM, sessions, probes))
    assert found.foreign == []
    assert found.unanswered == []
    assert found.broken == []
    assert (found.sessions, found.probes) == (sessions, probes)
    assert found.frames >= 3 * found.probes


@pytest.mark.slow
def test_a_frame_that_was_asked_for_elsewhere_is_noticed(dashboard: Dashboard) -> None:
    server = entered(dashboard)
    found = asyncio.run(soak(server, ROOM, sessions=0, probes=3, confuse=True))
    assert len(found.foreign) == 3
