"""Whoever comes first is drawn first, and nobody waits for ever for those before."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from solara.server.websocket import WebSocketDisconnect

from dashboards.app import arrivals as module
from dashboards.app.arrivals import AT_ONCE, Arrivals, Turn
from dashboards.app.connection import Connection
from dashboards.tools.kernel_messages import kernel_message


def begun(arrivals: Arrivals) -> list[Turn]:
    """Return the turns of as many pages as are begun at a time."""
    turns = [arrivals.turn() for _ in range(AT_ONCE)]
    for turn in turns:
        turn.begin()
    return turns


def test_a_page_is_begun_when_one_before_it_is_there() -> None:
    arrivals = Arrivals()
    before = begun(arrivals)
    began = threading.Event()

    def begin() -> None:
        arrivals.turn().begin()
        began.set()

    waiting = threading.Thread(target=begin)
    waiting.start()
    assert not began.wait(0.2)
    before[0].end()
    assert began.wait(30.0)
    waiting.join()


def test_a_page_that_has_waited_long_is_begun_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    arrivals = Arrivals()
    before = begun(arrivals)
    late = arrivals.turn()
    late.begin()
    late.end()  # it had no place, and gives none back
    for turn in before:
        turn.end()
        turn.end()
    begun(arrivals)
    assert not arrivals._places.acquire(blocking=False)


class Browser:
    """A browser that sends some frames, and goes."""

    def __init__(self, *frames: str) -> None:
        self.frames = list(frames)

    async def receive(self) -> dict[str, Any]:
        if not self.frames:
            return {"type": "websocket.disconnect"}
        return {"type": "websocket.receive", "text": self.frames.pop(0)}


CONTROL = {"comm_id": "c", "target_name": "solara.control", "data": {}}
RUN = {"comm_id": "c", "data": {"method": "run", "args": {"path": "/"}}}
OTHER = {"comm_id": "c", "data": {"method": "app-status"}}


def test_a_page_has_its_turn_from_the_message_that_begins_it_to_the_next() -> None:
    async def test() -> None:
        arrivals = Arrivals()
        browser = Browser(
            kernel_message("comm_open", CONTROL, "s"),
            kernel_message("comm_msg", RUN, "s"),
            kernel_message("comm_msg", OTHER, "s"),
        )
        connection = Connection(browser, arrivals.turn())  # type: ignore[arg-type]
        free = []
        for _ in range(3):
            await connection.receive()
            free.append(arrivals._places._value)  # type: ignore[attr-defined]
        assert free == [AT_ONCE, AT_ONCE - 1, AT_ONCE]

    asyncio.run(test())


def test_nothing_is_drawn_for_a_browser_that_went_while_it_waited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)

    async def test() -> None:
        arrivals = Arrivals()
        begun(arrivals)
        connection = Connection(Browser(kernel_message("comm_msg", RUN, "s")), arrivals.turn())  # type: ignore[arg-type]
        with pytest.raises(WebSocketDisconnect):
            await asyncio.to_thread(lambda: asyncio.run(connection.receive()))

    asyncio.run(test())
