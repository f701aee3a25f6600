"""How many pages may be open: those left make room, and whoever finds none is told so."""

from __future__ import annotations

import asyncio
import re
import urllib.error
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboards.tools.dashboard_process import Dashboard
from dashboards.tools.load import let_in
from tests.dashboards.asking import asked
from tests.dashboards.soaking import Found, entered, opened, probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.asyncio.client import ClientConnection

ROOM = "/evidence?v=1&part=about"
MOST = 3


@pytest.fixture(scope="module")
def small() -> Iterator[Dashboard]:
    with Dashboard("--pages", str(MOST)) as started:
        yield started


async def arrived(connection: ClientConnection) -> None:
    """Read until the room is there."""
    async with asyncio.timeout(60.0):
        while "finished" not in str(await connection.recv()):
            pass


async def goodbye(dashboard: Dashboard, page: ClientConnection, cookie: str) -> int:
    """Say that a page was left, as a browser does; return the status of the answer."""
    assert page.request
    found = re.search(r"kernels/(\w+)/channels\?(.*)", page.request.path)
    assert found
    path = f"/_solara/api/close/{found[1]}?{found[2]}"
    origin = dashboard.address
    answer = await asyncio.to_thread(asked, dashboard, path, "POST", Origin=origin, Cookie=cookie)
    return answer.status


async def closed(page: ClientConnection, within: float = 30.0) -> None:
    """Read until a page's connection is closed."""
    async with asyncio.timeout(within):
        with suppress(ConnectionClosed):
            async for _ in page:
                pass


def told(dashboard: Dashboard, cookie: str) -> tuple[int, str]:
    """Ask for the first page: return the status of the answer, and what it says."""
    request = urllib.request.Request(dashboard.address, headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def room_for_one(dashboard: Dashboard, cookie: str) -> None:
    """Wait until one more page would be let in: on a busy machine the server notices late that one was left."""
    async with asyncio.timeout(30.0):
        while (await asyncio.to_thread(told, dashboard, cookie))[0] != 200:
            await asyncio.sleep(0.05)


def test_whoever_finds_no_room_is_told_and_comes_in_when_one_leaves(small: Dashboard) -> None:
    server = entered(small)

    async def test() -> None:
        pages = [await opened(server, ROOM) for _ in range(MOST)]
        for page in pages:
            await arrived(page)
        status, said = await asyncio.to_thread(told, small, server.cookie)
        assert status == 503
        assert f"{MOST} pages of it are open" in said
        with pytest.raises(InvalidStatus):
            await opened(server, ROOM)
        await pages[0].close()
        await room_for_one(small, server.cookie)
        pages[0] = await opened(server, ROOM)
        await arrived(pages[0])
        for page in pages:
            await page.close()

    asyncio.run(test())


def test_pages_that_were_left_do_not_add_up(small: Dashboard) -> None:
    server = entered(small)

    async def test() -> None:
        for _ in range(4 * MOST):
            await room_for_one(small, server.cookie)
            page = await opened(server, ROOM)
            await arrived(page)
            await page.close()
        found = Found()
        await probe(server, found, 1, confuse=False)
        assert found.foreign == []

    asyncio.run(test())


def test_a_page_that_says_goodbye_makes_room_at_once(small: Dashboard) -> None:
    server = entered(small)

    async def test() -> None:
        for _ in range(2):
            pages = [await opened(server, ROOM) for _ in range(MOST)]
            for page in pages:
                await arrived(page)
                assert await goodbye(small, page, server.cookie) == 200
                await closed(page)

    asyncio.run(test())


def test_no_browser_closes_the_page_of_another(small: Dashboard) -> None:
    server = entered(small)

    async def test() -> None:
        page = await opened(server, ROOM)
        await arrived(page)
        await goodbye(small, page, let_in(small.entrance))
        with pytest.raises(TimeoutError):
            await closed(page, within=1.0)
        await page.close()

    asyncio.run(test())
