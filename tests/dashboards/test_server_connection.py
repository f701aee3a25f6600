"""A connection hands frames to the event loop, which alone writes to the socket."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from solara.server.websocket import WebSocketDisconnect

from dashboards.app import connection as module
from dashboards.app.arrivals import Arrivals
from dashboards.app.connection import Connection


class Socket:
    """A browser that takes frames, slowly or not at all, or has gone."""

    def __init__(self) -> None:
        self.taken: list[str | bytes] = []
        self.closed = False
        self.gone = False
        self.takes = asyncio.Event()
        self.takes.set()
        self.writers: set[int] = set()

    async def send_text(self, frame: str) -> None:
        await self._take(frame)

    async def send_bytes(self, frame: bytes) -> None:
        await self._take(frame)

    async def close(self, code: int = 1000) -> None:
        self.closed = True

    async def _take(self, frame: str | bytes) -> None:
        await self.takes.wait()
        if self.gone:
            raise RuntimeError("nobody is there")
        self.writers.add(threading.get_ident())
        self.taken.append(frame)


def connected(socket: Socket) -> Connection:
    return Connection(socket, Arrivals().turn())  # type: ignore[arg-type]


async def drained(connection: Connection) -> None:
    while connection._frames or connection._writes:
        await asyncio.sleep(0.001)


def with_socket(test: Any) -> None:
    async def run() -> None:
        socket = Socket()
        await asyncio.wait_for(test(socket, connected(socket)), 10.0)  # type: ignore[arg-type]

    asyncio.run(run())


def test_frames_arrive_in_order_and_only_the_event_loop_writes_them() -> None:
    async def test(socket: Socket, connection: Connection) -> None:
        frames: list[str | bytes] = [str(n) if n % 3 else bytes([n]) for n in range(50)]
        await asyncio.to_thread(lambda: [connection.send(frame) for frame in frames])
        await drained(connection)
        assert socket.taken == frames
        assert socket.writers == {threading.get_ident()}

    with_socket(test)


def test_what_was_queued_is_written_before_the_connection_closes() -> None:
    async def test(socket: Socket, connection: Connection) -> None:
        await asyncio.to_thread(lambda: (connection.send("last"), connection.close()))
        await drained(connection)
        assert socket.taken == ["last"]
        assert socket.closed
        with pytest.raises(WebSocketDisconnect):
            connection.send("too late")

    with_socket(test)


def test_a_browser_that_has_gone_is_told_to_whoever_draws_for_it() -> None:
    async def test(socket: Socket, connection: Connection) -> None:
        socket.gone = True
        await asyncio.to_thread(connection.send, "one")
        await drained(connection)
        with pytest.raises(WebSocketDisconnect):
            connection.send("two")
        assert socket.taken == []

    with_socket(test)


def test_only_the_thread_that_draws_for_a_slow_browser_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)

    async def test(socket: Socket, connection: Connection) -> None:
        socket.takes.clear()
        drawing = threading.Thread(
            target=lambda: [connection.send("12345678") for _ in range(4)], daemon=True
        )
        drawing.start()
        await asyncio.sleep(0.05)
        assert drawing.is_alive()
        other = Socket()
        quick = connected(other)
        await asyncio.to_thread(quick.send, "at once")
        await drained(quick)
        assert other.taken == ["at once"]
        socket.takes.set()
        await asyncio.to_thread(drawing.join, 5.0)
        await drained(connection)
        assert socket.taken == ["12345678"] * 4

    with_socket(test)


def test_a_browser_that_takes_nothing_has_lost_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    monkeypatch.setattr(module, "PATIENCE", 0.05)

    async def test(socket: Socket, connection: Connection) -> None:
        socket.takes.clear()

        def draw() -> None:
            for _ in range(4):
                connection.send("12345678")

        with pytest.raises(WebSocketDisconnect):
            await asyncio.to_thread(draw)

    with_socket(test)
