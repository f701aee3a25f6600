"""What a browser may send: messages of a page, and nothing that is longer or of another shape."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed

from dashboards.app.frames import LONGEST, MOST_BRACKETS, Refused, read
from dashboards.tools.kernel_messages import kernel_message
from tests.dashboards.soaking import Found, entered, probe

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from dashboards.tools.dashboard_process import Dashboard

SESSION = "a-session"
UPDATE = {"method": "update", "state": {"event": {"n": 1, "changes": {}}}, "buffer_paths": []}


async def drained(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


def sent(kind: str = "comm_msg", **content: Any) -> str:
    return kernel_message(kind, content, SESSION)


def kind_of(value: str | bytes) -> str:
    """Name a case by its kind: every message has a number drawn at random, and workers must agree on names."""
    return type(value).__name__


@pytest.mark.parametrize(
    "frame",
    [
        sent("kernel_info_request"),
        sent("comm_open", comm_id="c", target_name="solara.control", data={}),
        sent("comm_open", comm_id="c", target_name="jupyter.widget.control", data={}),
        sent(comm_id="c", data={"method": "run", "args": {"path": "/clinic?v=1", "appName": None}}),
        sent(comm_id="c", data={"method": "app-status"}),
        sent(comm_id="c", data={"method": "request_states"}),
        sent(comm_id="c", data=UPDATE),
        sent("comm_close", comm_id="c", data={}),
        sent("comm_info_request", target_name="jupyter.widget"),
    ],
    ids=kind_of,
)
def test_what_a_page_sends_is_let_through(frame: str) -> None:
    read(frame)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"hello", "binary"),
        ("hello", "not JSON"),
        ("[]", "valid dictionary"),
        ("{}", "header"),
        (sent(comm_id="c", data={**UPDATE, "state": {"text": "a" * LONGEST}}), "longer"),
        (sent(comm_id="c", data={**UPDATE, "state": {"list": [[]] * MOST_BRACKETS}}), "more than"),
        (sent(comm_id="c", data={**UPDATE, "buffer_paths": [["value"]]}), "buffer_paths"),
        (sent(comm_id="c" * 200, data=UPDATE), "comm_id"),
        (sent(comm_id="c", data={"method": "evict"}), "method"),
        (sent(comm_id="c", data={}, surprise=1), "surprise"),
        (sent("execute_request", code="1"), "msg_type"),
        (
            sent("comm_open", comm_id="c", target_name="jupyter.widget", data={}),
            "only the dashboard",
        ),
        (sent("comm_open", comm_id="c", target_name="another", data={}), "target_name"),
        (json.dumps({**json.loads(sent()), "buffers": ["a"]}), "buffers"),
    ],
    ids=kind_of,
)
def test_what_no_page_sends_is_not(frame: str | bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(frame)


@pytest.mark.parametrize(
    ("frame", "code"), [("hello", 1008), (b"hello", 1008), ("a" * (LONGEST + 1), 1009)]
)
def test_whoever_sends_it_is_cut_off_and_nobody_else(
    dashboard: Dashboard, frame: str | bytes, code: int
) -> None:
    server = entered(dashboard)
    found = Found()

    async def test() -> int:
        async with server.connect(uuid.uuid4().hex) as connection:
            await connection.send(frame)
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(drained(connection), 30.0)
        await probe(server, found, 1, confuse=False)
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code

    assert asyncio.run(test()) == code
    assert found.foreign == []
    assert found.frames > 0
