"""Browser sessions that come, break off and go, beside connections that watch for what is not theirs."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import CloseCode
from websockets.typing import Origin

from dashboards.tools.kernel_messages import kernel_message
from dashboards.tools.load import let_in

if TYPE_CHECKING:
    from dashboards.tools.dashboard_process import Dashboard

PATIENCE = 90.0
AT_ONCE = 12
SPOILT = {CloseCode.PROTOCOL_ERROR, CloseCode.INVALID_DATA}
"""Codes with which a connection is closed by whoever gets what is not of the protocol."""


@dataclass
class Found:
    """What was met with.

    Attributes
    ----------
    sessions, probes, frames
        How many came and went, how many watched, and how many frames these were sent.
    foreign
        What probes met with that was not theirs.
    unanswered
        Probes to which no answer came.
    broken
        Sessions that could not even begin.
    """

    sessions: int = 0
    probes: int = 0
    frames: int = 0
    foreign: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def entered(dashboard: Dashboard) -> Server:
    """Return a dashboard with the cookie of a browser that it has let in."""
    return Server(dashboard.address, let_in(dashboard.entrance))


class Server:
    """Where to connect, and with which cookie."""

    def __init__(self, address: str, cookie: str) -> None:
        self.origin = Origin(address)
        self.address = address.replace("http", "ws", 1)
        self.cookie = cookie

    def connect(self, session: str) -> connect:
        """Return a connection to a new kernel."""
        url = f"{self.address}/jupyter/api/kernels/{uuid.uuid4().hex}/channels?session_id={session}"
        return connect(
            url,
            origin=self.origin,
            additional_headers={"Cookie": self.cookie},
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=1.0,
            ping_interval=None,  # PATIENCE alone tells when an answer is late
        )


async def opened(server: Server, path: str) -> ClientConnection:
    """Open a page: return its connection, over which the room comes."""
    session, control = uuid.uuid4().hex, uuid.uuid4().hex
    connection = await server.connect(session)
    target = {"comm_id": control, "target_name": "solara.control", "data": {}}
    await connection.send(kernel_message("comm_open", target, session))
    data = {"method": "run", "args": {"path": path, "dark": False, "themes": {}}}
    await connection.send(kernel_message("comm_msg", {"comm_id": control, "data": data}, session))
    return connection


async def come_and_break_off(server: Server, path: str, after: float) -> None:
    """Open a page and leave while it is being sent: the cable is pulled out."""
    connection = await opened(server, path)
    await asyncio.sleep(after)
    raw: socket.socket = connection.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.transport.abort()


async def probe(server: Server, found: Found, asks: int, *, confuse: bool) -> None:
    """Ask something small again and again; whatever answers must have been asked here."""
    session = uuid.uuid4().hex
    try:
        async with server.connect(session) as connection:
            for _ in range(asks):
                asks_as = uuid.uuid4().hex if confuse else session
                await connection.send(kernel_message("kernel_info_request", {}, asks_as))
                await _answered(connection, session, found)
                await asyncio.sleep(0.1)
    except (WebSocketException, OSError, ValueError, KeyError) as error:
        met = found.unanswered if _is_silence(error) else found.foreign
        met.append(f"{type(error).__name__}: {error}")
    found.probes += 1


def _is_silence(error: Exception) -> bool:
    """Tell a connection that was refused or lost from one in which something came that should not."""
    match error:
        case ConnectionClosed():
            return error.sent is None or error.sent.code not in SPOILT
        case InvalidStatus() | OSError():
            return True
    return False


async def _answered(connection: ClientConnection, session: str, found: Found) -> None:
    """Read until the kernel is idle again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            frame = await connection.recv()
            found.frames += 1
            if not isinstance(frame, str):
                raise ValueError(f"a binary frame of {len(frame)} bytes")
            read = json.loads(frame)
            if read["parent_header"]["session"] != session:
                raise ValueError(f"a frame of another session: {read['msg_type']}")
            if read["content"].get("execution_state") == "idle":
                return


async def soak(
    server: Server, path: str, sessions: int, probes: int, *, confuse: bool = False
) -> Found:
    """Let sessions come and go, and beside them probes, a few of each at a time.

    With `confuse`, probes ask in the name of another session, so that each must notice.
    """
    found = Found()
    left = iter(range(sessions))
    watching = iter(range(probes))

    async def visitors(number: int) -> None:
        for one in left:
            try:
                async with asyncio.timeout(PATIENCE):
                    await come_and_break_off(server, path, 0.01 * ((7 * one + number) % 12))
            except (WebSocketException, OSError) as error:
                found.broken.append(f"{type(error).__name__}: {error}")
            found.sessions += 1

    async def watchers() -> None:
        for _ in watching:
            await probe(server, found, 2, confuse=confuse)

    await asyncio.gather(
        *(visitors(number) for number in range(AT_ONCE)), *(watchers() for _ in range(AT_ONCE))
    )
    return found
