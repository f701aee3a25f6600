"""Stopped while pages are open and compute, the server ends at once and in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from dashboards.tools.dashboard_process import Dashboard
from tests.dashboards.soaking import entered, opened

IDLE = "/session?v=1&stances=oooooooooo&at=10"
BUSY = "/sweep?v=1&x_count=40&y=boundary&y_count=40&repeats=80&go=1"
WITHIN = 2.0
"""Seconds, where the machine is not busy with other things."""


async def stopped(dashboard: Dashboard, stop: signal.Signals) -> tuple[int, float]:
    """Stop a dashboard that has pages open: return its exit code, and the seconds that it took."""
    server = entered(dashboard)
    pages = [await opened(server, path) for path in [IDLE] * 8 + [BUSY] * 2]

    async def reads(page: int) -> None:
        async for _ in pages[page]:
            pass

    reading = [asyncio.create_task(reads(page)) for page in range(len(pages))]
    await asyncio.sleep(2.0)
    began = time.monotonic()
    dashboard.process.send_signal(stop)
    code = await asyncio.to_thread(dashboard.process.wait, 30)
    took = time.monotonic() - began
    await asyncio.gather(*reading, return_exceptions=True)
    return code, took


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.slow
@pytest.mark.alone
def test_it_ends_within_two_seconds(stop: signal.Signals, code: int) -> None:
    with Dashboard() as dashboard:
        ended, took = asyncio.run(stopped(dashboard, stop))
    assert ended == code
    assert took < WITHIN * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
