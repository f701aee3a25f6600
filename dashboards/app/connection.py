"""One browser's WebSocket: frames in order, each to the connection it was made for and to no other."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import threading
from collections import deque
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import anyio
import anyio.to_thread
from solara.server import kernel_context, websocket
from solara.server.server import app_loop

from dashboards.addresses.visitor import Visitor
from dashboards.app.frames import Refused, read
from dashboards.app.sessions import Full

if TYPE_CHECKING:
    from concurrent.futures import Future

    from starlette.websockets import WebSocket

    from dashboards.app.arrivals import Turn

__all__ = ["Connection", "serve_kernel"]

log = logging.getLogger("alliance")

MOST_WAITING = 8_000_000
"""Bytes that may wait for a slow browser before the thread that draws for it waits, too."""

FRAMES_A_TURN = 4
"""Frames written before the event loop has its turn, in which it hears that the browser has gone."""

PATIENCE = 30.0
"""Seconds that a thread waits for a slow browser; one that has taken nothing by then has lost its connection."""

CLOSING = 1.0
"""Seconds that what is still queued has for being written when a session has ended."""

NAME = re.compile(r"[0-9A-Za-z-]{1,64}")
"""What a browser may call a page and its session."""

NORMAL, REFUSED, LATER = 1000, 1008, 1013
"""Codes with which a WebSocket is closed: all is said; a message was not of the protocol; try again later."""


class Connection(websocket.WebsocketWrapper):
    """A WebSocket as Solara's threads use it.

    A change of a page is a dozen frames. The thread that draws only queues them, and the event loop, which owns the
    socket, is woken once and writes whatever has come by then: no thread waits for another, and no frame is written
    to a descriptor that may meanwhile be another connection's.

    Parameters
    ----------
    socket
        The accepted WebSocket; the connection is made in the event loop that serves it.
    turn
        When its page is begun.
    """

    def __init__(self, socket: WebSocket, turn: Turn) -> None:
        self._socket = socket
        self._turn = turn
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._changed = threading.Condition()
        self._frames: deque[str | bytes] = deque()
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None
        self._writes = False
        self._ends = False
        self._lost = False
        self._code = NORMAL
        self._coming: Future[Any] | None = None

    def send_text(self, data: str) -> None:
        """Queue a text frame."""
        self._queue(data)

    def send_bytes(self, data: bytes) -> None:
        """Queue a binary frame."""
        self._queue(data)

    def close(self) -> None:
        """Close the connection once everything queued has been written."""
        with self._changed:
            self._ends = True
            self._wake()

    async def end(self) -> None:
        """Close the connection, in the event loop that serves it, and wait until that is done."""
        self.close()
        await asyncio.sleep(0)  # the writer begins
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=CLOSING)

    async def receive(self) -> str | bytes:
        """Return the next frame, if a page may send it; called from the event loop of the session's own thread.

        Raises
        ------
        WebSocketDisconnect
            When the browser has gone, or sent what no page sends: the connection is then closed.
        """
        self._turn.end()  # what the message before asked for is done
        coming, self._coming = self._coming or self._listen(), None
        message = await asyncio.wrap_future(coming)
        frame: str | bytes | None = message.get("text")
        if frame is None:
            frame = message.get("bytes")
        if frame is None:
            self.lose()
            raise websocket.WebSocketDisconnect
        try:
            begins = read(frame).begins
        except Refused as why:
            log.warning("A message of a browser was refused: %s.", why)
            self._code = REFUSED
            self.close()
            raise websocket.WebSocketDisconnect from None
        if begins:
            self._begin_page()
        return frame

    def _listen(self) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(self._socket.receive(), self._loop)

    def _begin_page(self) -> None:
        """Wait for the page's turn; nothing is drawn for a browser that has gone meanwhile."""
        self._coming = self._listen()
        self._turn.begin()
        if self._coming.done() and self._coming.result()["type"] == "websocket.disconnect":
            self.lose()
            raise websocket.WebSocketDisconnect

    def lose(self) -> None:
        """Forget what is queued: nobody is there to take it."""
        with self._changed:
            self._lost = True
            self._frames.clear()
            self._waiting = 0
            self._changed.notify_all()

    def _queue(self, frame: str | bytes) -> None:
        with self._changed:
            if threading.get_ident() != self._loop_thread:
                self._changed.wait_for(self._has_room, PATIENCE)
            if self._waiting >= MOST_WAITING:
                self.lose()
            if self._lost or self._ends:
                raise websocket.WebSocketDisconnect
            self._frames.append(frame)
            self._waiting += len(frame)
            self._wake()

    def _has_room(self) -> bool:
        return self._lost or self._waiting < MOST_WAITING

    def _wake(self) -> None:
        if self._writes:
            return
        try:
            self._loop.call_soon_threadsafe(self._begin)
        except RuntimeError:  # the server has stopped
            self._lost = True
        else:
            self._writes = True

    def _begin(self) -> None:
        self._writer = self._loop.create_task(self._write())

    async def _write(self) -> None:
        try:
            for count in itertools.count(1):
                if (frame := self._next()) is None:
                    break
                if count % FRAMES_A_TURN == 0:
                    await asyncio.sleep(0)
                if isinstance(frame, str):
                    await self._socket.send_text(frame)
                else:
                    await self._socket.send_bytes(frame)
            if self._ends or self._lost:
                await self._socket.close(self._code)
        except Exception:  # whatever the server raises for a browser that has gone
            self.lose()
            self._writes = False

    def _next(self) -> str | bytes | None:
        with self._changed:
            if not self._frames:
                self._writes = False
                return None
            frame = self._frames.popleft()
            self._waiting -= len(frame)
            self._changed.notify_all()
            return frame


async def serve_kernel(socket: WebSocket) -> None:
    """Let a browser talk to its session until it goes; the session has a thread of its own."""
    visitor = Visitor(socket.state.browser, socket.state.owns, socket.app.state.alone)
    kernel = socket.path_params["kernel_id"]
    page = socket.query_params.get("session_id", "")
    if not NAME.fullmatch(kernel) or not NAME.fullmatch(page):
        await socket.close(REFUSED)
        return
    try:
        async with socket.app.state.sessions.place(kernel):
            await socket.accept()
            await _talk(socket, visitor, kernel, page)
    except Full:
        await socket.close(LATER)


async def _talk(socket: WebSocket, visitor: Visitor, kernel: str, page: str) -> None:
    invitation = socket.app.state.invitation
    headers = {**visitor.headers(), **(invitation.headers() if invitation else {})}
    turn = socket.app.state.arrivals.turn()
    connection = Connection(socket, turn)

    async def talk() -> None:
        if kernel_context.async_context_id is not None:
            kernel_context.async_context_id.set(uuid4().hex)
        await app_loop(connection, {}, headers, visitor.browser, kernel, page)

    def work() -> None:
        try:
            anyio.run(talk)
        finally:
            turn.end()

    try:
        await anyio.to_thread.run_sync(
            work, abandon_on_cancel=True, limiter=anyio.CapacityLimiter(1)
        )
    finally:
        await connection.end()
