"""A class at its sliders: many browser sessions at once, each moving a slider again and again.

    python -m dashboards.tools.load --sessions 60 --every 2 --seconds 30

Starts a dashboard of its own on this machine and connects real clients over the protocol that browsers speak: each
gets the page, opens its WebSocket, has the room built, then moves a slider every so often and waits until its charts
have arrived again. Drawing is the browsers' work and is not in the figures; the browser tests measure that.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import statistics
import time
import urllib.request
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from dashboards.tools.dashboard_process import Dashboard
from dashboards.tools.kernel_messages import kernel_message
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Measures", "Visitor", "let_in", "main", "measure"]


ROOMS = {
    "session": ("/session?v=1&stances=oooooooooo&at=10", "people", "therapist.empathy", 0.3, 0.9),
    "clinic": ("/clinic?v=1&clients=200", "setting", "empathy", 0.3, 0.9),
}
"""What is opened in a room; the panel, the slider in it and the range in which it is moved."""

QUIET = 0.04
"""Seconds without a message after which the charts of an answer are taken to be complete."""

LONGEST = 60.0
"""Seconds after which an answer counts as failed."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured.

    Attributes
    ----------
    room, sessions, moves, failures
        Where, how many browser sessions, slider moves answered, and moves or visits that were not.
    first_answer
        Median seconds from asking for the page to having the room's charts.
    median, p95, worst
        Seconds from moving a slider to having the new charts.
    megabytes_a_session
        Memory of the server for each session; None where the system does not tell.
    """

    room: str
    sessions: int
    moves: int
    failures: int
    first_answer: float
    median: float
    p95: float
    worst: float
    megabytes_a_session: float | None

    def text(self) -> str:
        """Return the measures in words."""
        memory = (
            "" if self.megabytes_a_session is None else f"; {self.megabytes_a_session:.1f} MB each"
        )
        return (
            f"{self.room}: {self.sessions} sessions, {self.moves} moves, {self.failures} failures; room there after "
            f"{self.first_answer:.2f} s; new charts after {1000 * self.median:.0f} ms (median), "
            f"{1000 * self.p95:.0f} ms (95th percentile), {1000 * self.worst:.0f} ms (worst){memory}"
        )


def let_in(entrance: str) -> str:
    """Return the cookie that a browser is given that comes with a token."""
    parts = urlsplit(entrance)
    connection = http.client.HTTPConnection(parts.netloc, timeout=LONGEST)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return str(connection.getresponse().getheader("Set-Cookie")).partition(";")[0]
    finally:
        connection.close()


class Visitor:
    """One browser session, without the browser.

    Parameters
    ----------
    entrance
        Address of the dashboard, with the token.
    room
        One of `ROOMS`.
    """

    def __init__(self, entrance: str, room: str) -> None:
        self.entrance = entrance
        self.address = entrance.partition("/?")[0]
        self.path, self.panel, self.slider, self.low, self.high = ROOMS[room]
        self.failures = 0
        self.answers: list[float] = []
        self.first_answer = float("nan")
        self._count = 0
        self._models: dict[str, dict[str, Any]] = {}
        self._charts_at = 0.0
        self._value: float | None = None
        self._seen = 0
        self._session = uuid.uuid4().hex
        self._socket: Any = None

    async def visit(self, until: float, every: float) -> None:
        """Open the room, then move the slider until a time (`time.monotonic`), about every so many seconds."""
        from websockets.asyncio.client import connect
        from websockets.typing import Origin

        began = time.perf_counter()
        cookie = await asyncio.to_thread(self._page)
        kernel = uuid.uuid4().hex
        channels = f"/jupyter/api/kernels/{kernel}/channels?session_id={self._session}"
        url = self.address.replace("http", "ws", 1) + channels
        headers = {"Cookie": cookie}
        origin = Origin(self.address)
        async with connect(
            url, origin=origin, additional_headers=headers, max_size=None
        ) as self._socket:
            await self._begin()
            await self._answered(lambda: self._charts_at > 0.0 and self._panel_id() is not None)
            self.first_answer = time.perf_counter() - began
            await asyncio.sleep(random.random() * every)
            while time.monotonic() < until:
                await self._move()
                await self._listen(every * (0.75 + 0.5 * random.random()))

    def _page(self) -> str:
        cookie = let_in(self.entrance)
        request = urllib.request.Request(self.address + self.path, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=LONGEST) as page:
            page.read()
        return cookie

    async def _begin(self) -> None:
        control = uuid.uuid4().hex
        await self._send(
            "comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}}
        )
        args = {"path": self.path, "dark": False, "themes": {}}
        data = {"method": "run", "args": args}
        await self._send("comm_msg", {"comm_id": control, "data": data})

    async def _move(self) -> None:
        """Move the slider and wait for the new charts."""
        self._count += 1
        count = self._count
        self._value = elsewhere(self._value, self.low, self.high)
        event = {"changes": {self.slider: self._value}, "n": count}
        before = self._charts_at
        began = time.perf_counter()
        data = {"method": "update", "state": {"event": event}, "buffer_paths": []}
        await self._send("comm_msg", {"comm_id": self._panel_id(), "data": data})
        await self._answered(lambda: self._seen >= count and self._charts_at > before)
        self.answers.append(self._charts_at - began)

    def _panel_id(self) -> str | None:
        for name, state in self._models.items():
            if state.get("name") == self.panel and "groups" in state:
                return name
        return None

    async def _answered(self, is_there: Any) -> None:
        """Read messages until the condition holds and nothing more comes."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            complete = is_there()
            try:
                await self._read(QUIET if complete else 1.0)
            except TimeoutError:
                if complete:
                    return
        raise TimeoutError(f"No answer within {LONGEST:.0f} s.")

    async def _listen(self, seconds: float) -> None:
        """Read whatever comes for so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0.0:
            try:
                await self._read(left)
            except TimeoutError:
                return

    async def _read(self, patience: float) -> None:
        async with asyncio.timeout(patience):
            raw = await self._socket.recv()
        message = json.loads(raw) if isinstance(raw, str) else _first_part(raw)
        kind = message["header"]["msg_type"]
        if kind not in {"comm_open", "comm_msg", "comm_close"}:
            return
        content = message["content"]
        name = content["comm_id"]
        if kind == "comm_close":
            self._models.pop(name, None)
            return
        data = content["data"]
        if kind == "comm_msg" and data.get("method") == "update" and name == self._panel_id():
            self._seen = max(self._seen, int(data["state"].get("seen", 0)))
        if kind == "comm_open" or data.get("method") == "update":
            state = data.get("state", {})
            self._models.setdefault(name, {}).update(
                {key: state[key] for key in ("name", "groups") if key in state}
            )
            if "figure" in state:
                self._charts_at = time.perf_counter()

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        await self._socket.send(kernel_message(kind, content, self._session))


def elsewhere(value: float | None, low: float, high: float) -> float:
    """Return a value for a slider, at random, but so far from the one before that charts must change.

    Questionnaires are whole numbers: where the slider moves by a hair, every chart may stay as it is, and nothing
    would be answered. The first value is a low one, where no slider stands at first.
    """
    if value is None:
        return round(random.uniform(low, low + 0.25 * (high - low)), 4)
    apart = 0.05 * (high - low)
    below, above = max(0.0, value - apart - low), max(0.0, high - value - apart)
    place = random.uniform(0.0, below + above)
    return round(low + place if place < below else high - (place - below), 4)


def _first_part(raw: bytes) -> Any:
    """Return the message of a binary frame, without its buffers."""
    count = int.from_bytes(raw[:4], "big")
    places = [
        int.from_bytes(raw[4 * place : 4 * place + 4], "big") for place in range(1, count + 1)
    ]
    end = places[1] if count > 1 else None
    return json.loads(raw[places[0] : end])


async def _class(visitors: Sequence[Visitor], seconds: float, every: float) -> None:
    """Let all visit at once; they arrive within some seconds of each other."""
    arriving = min(10.0, 0.1 * len(visitors))

    async def one(place: int, visitor: Visitor, until: float) -> None:
        await asyncio.sleep(arriving * place / len(visitors))
        try:
            await visitor.visit(until, every)
        except Exception as error:
            visitor.failures += 1
            typer.echo(f"A session failed: {type(error).__name__} {error}", err=True)

    until = time.monotonic() + arriving + seconds
    await asyncio.gather(*(one(place, visitor, until) for place, visitor in enumerate(visitors)))


def measure(
    room: str = "session", sessions: int = 60, seconds: float = 30.0, every: float = 2.0
) -> Measures:
    """Let a class visit a dashboard of its own and return what it met with.

    Parameters
    ----------
    room
        ``session`` or ``clinic``.
    sessions
        Browser sessions at once.
    seconds
        How long they move sliders after all have come.
    every
        Seconds between two moves of one session, on average.

    Raises
    ------
    AllianceError
        For a room that is not measured, or when the dashboard does not start.
    """
    if room not in ROOMS:
        raise AllianceError(f"{room} is not measured: choose {' or '.join(ROOMS)}.")
    with Dashboard() as dashboard:
        # One visit first: what is built once for everybody belongs to nobody's memory.
        asyncio.run(_class([Visitor(dashboard.entrance, room)], 3.0, 1.0))
        time.sleep(1.0)
        before = dashboard.megabytes()
        visitors = [Visitor(dashboard.entrance, room) for _ in range(sessions)]
        most = [before or 0.0]

        async def watch() -> None:
            while True:
                await asyncio.sleep(0.5)
                most.append(dashboard.megabytes() or 0.0)

        async def both() -> None:
            watching = asyncio.create_task(watch())
            await _class(visitors, seconds, every)
            watching.cancel()

        asyncio.run(both())
        each = None if before is None else (max(most) - before) / sessions
    answers = sorted(answer for visitor in visitors for answer in visitor.answers)
    if not answers:
        raise AllianceError("No session was answered.")
    return Measures(
        room=room,
        sessions=sessions,
        moves=len(answers),
        failures=sum(visitor.failures for visitor in visitors),
        first_answer=statistics.median(visitor.first_answer for visitor in visitors),
        median=statistics.median(answers),
        p95=answers[int(0.95 * (len(answers) - 1))],
        worst=answers[-1],
        megabytes_a_session=each,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.tools.load", description=__doc__)
    parser.add_argument("--room", choices=[*ROOMS, "all"], default="all")
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    for measures in _measured(given):
        typer.echo(json.dumps(asdict(measures)) if given.json else measures.text())


def _measured(given: argparse.Namespace) -> Iterator[Measures]:
    for room in ROOMS if given.room == "all" else (given.room,):
        yield measure(room, given.sessions, given.seconds, given.every)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    try:
        main()
    except AllianceError as problem:
        typer.echo(f"Error: {problem}", err=True)
        raise SystemExit(2) from None
