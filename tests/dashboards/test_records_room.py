"""The room of records reads a file as ``alliance describe`` does, keeps nothing, and is closed where others come."""

from __future__ import annotations

import asyncio
import http.client
import json
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from dashboards.addresses.visitor import Visitor
from dashboards.app import records
from dashboards.app.addresses import Addresses
from dashboards.app.records import REFUSED, Inputs, describe_file
from dashboards.rooms.records_shown import description_html
from dashboards.tools.dashboard_process import Dashboard
from dashboards.tools.load import let_in
from dashboards.widgets.records_reader import WORDS, offered
from experiments.cli.record_options import RecordOptions
from experiments.quantities.writing import published
from experiments.records.describe import describe_records
from experiments.records.description import read_lines
from experiments.records.reading import read_records
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

FILE = Path(__file__).parents[1] / "experiments/records/programs/records.csv"


def handed(dashboard: Dashboard, content: bytes, origin: str = "", **said: str) -> tuple[int, Any]:
    """Hand a file over as the room does."""
    connection = http.client.HTTPConnection(urlsplit(dashboard.address).netloc, timeout=60)
    headers = {"Origin": origin or dashboard.address, "Cookie": let_in(dashboard.entrance)}
    body = json.dumps(said).encode() + b"\n" + content
    try:
        connection.request("POST", "/records/describe", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.status, json.loads(text) if is_json else text
    finally:
        connection.close()


def folders() -> set[str]:
    return {one.name for one in Path(tempfile.gettempdir()).glob("alliance-*")}


def left(before: set[str]) -> set[str]:
    """Return the folders that have come and do not go; those of a file that is being read elsewhere do."""
    until = time.monotonic() + 20.0
    while folders() - before and time.monotonic() < until:
        time.sleep(0.05)
    return folders() - before


def test_a_file_is_described_as_on_a_terminal_and_not_kept(dashboard: Dashboard) -> None:
    before = folders()
    status, said = handed(dashboard, FILE.read_bytes(), name="my records.csv", pause="0")
    assert status == 200
    assert left(before) == set()
    found = describe_records(read_records(FILE, pause=0), studies=0)
    assert len(found.rows) > 20
    assert said["html"] == description_html(found, "my records.csv")
    for row in found.rows:
        assert f">{published(row.yours)}</td>" in said["html"]
    for line in read_lines(found.records)[1:]:
        assert line.strip() in said["html"]
    assert said["command"] == "alliance describe 'my records.csv' --pause 0 --studies 0"
    again = handed(dashboard, FILE.read_bytes(), name="records.csv", map=said["map"])
    assert again[1]["command"].endswith("--map records.csv.map.toml --studies 0")
    assert again[1]["map"] == said["map"]


@pytest.mark.parametrize(
    ("content", "said", "why"),
    [
        (b"%PDF-1.7", {}, "The file is a PDF, not CSV"),
        (b"", {}, "The file is empty"),
        (b"client,session\n1,1\n", {"client": "nobody"}, "nobody"),
        (b"client,session\n1,1\n", {"pause": "soon"}, "The pause is a whole number"),
        (b"client,session\n1,1\n", {"studies": "1000"}, "up to 100"),
        (b"client,session\n1,1\n", {"alliance_range": "5"}, "--alliance-range"),
        (b"client,session\n1,1\n", {"map": "[colums]"}, "colums"),
    ],
)
def test_what_cannot_be_read_is_said(
    dashboard: Dashboard, content: bytes, said: dict[str, str], why: str
) -> None:
    status, answer = handed(dashboard, content, name="a.csv", **said)
    assert status == 200
    assert why in answer["problem"]
    assert tempfile.gettempdir() not in answer["problem"]


def test_another_page_cannot_hand_a_file_over(dashboard: Dashboard) -> None:
    assert handed(dashboard, b"", origin="http://elsewhere.example")[0] == 403


@pytest.fixture(scope="module")
def open_to_others() -> Iterator[Dashboard]:
    with Dashboard("--host", "0.0.0.0") as started:
        yield started


def test_nothing_is_read_where_others_reach_the_dashboard(open_to_others: Dashboard) -> None:
    assert handed(open_to_others, FILE.read_bytes(), name="a.csv") == (403, {"problem": REFUSED})


@pytest.mark.parametrize(
    ("addresses", "alone"),
    [
        (Addresses(host="127.0.0.1"), True),
        (Addresses(host="::1"), True),
        (Addresses(host="localhost"), True),
        (Addresses(host="0.0.0.0"), False),
        (Addresses(host="::"), False),
        (Addresses(host="192.168.1.20"), False),
        (Addresses(public="https://alliance.example.org"), False),
    ],
)
def test_who_is_alone(addresses: Addresses, alone: bool) -> None:
    assert addresses.alone is alone
    visitor = Visitor("a", owns=True, alone=alone)
    assert Visitor.in_headers(visitor.headers()) == visitor


class Sent:
    """A request that hands over what it is made of, piece by piece."""

    def __init__(self, *pieces: bytes, owns: bool = True) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(alone=True))
        self.state = SimpleNamespace(owns=owns)
        self.pieces = pieces

    async def stream(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def answered(request: Sent) -> tuple[int, str]:
    answer = asyncio.run(describe_file(request))  # type: ignore[arg-type]
    return answer.status_code, json.loads(bytes(answer.body)).get("problem", "")


def test_a_file_that_is_too_large_or_said_too_much_about_is_refused_before_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "LARGEST", 2**20)
    head, half = b'{"name": "a.csv"}\n', b"x" * 2**19
    before = folders()
    assert answered(Sent(head, half, half, b"x")) == (200, "The file has more than 1 MiB.")
    assert "MiB" not in answered(Sent(head, half, half))[1]
    assert answered(Sent(half, half)) == (200, "What is said about this file is too long.")
    assert "did not say which file" in answered(Sent())[1]
    assert left(before) == set()


def test_whoever_does_not_run_the_dashboard_hands_nothing_over() -> None:
    assert answered(Sent(b'{"name": "a.csv"}\n', FILE.read_bytes(), owns=False)) == (403, REFUSED)


def test_a_class_closes_the_room_on_this_computer_too() -> None:
    from dashboards.app.keys import Keys
    from dashboards.app.routes import application

    keys = Keys(b"secret" * 8, "monday")
    assert application(Addresses(), keys, 1).state.alone is False


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{", b'{"name": 3}', b"[" * 100_000, b'{"pause": null}']
)
def test_another_first_line_is_refused(line: bytes) -> None:
    with pytest.raises(AllianceError, match="did not say which file"):
        Inputs.read(line)


def test_a_name_has_no_folders() -> None:
    for name in ("../../a.csv", "C:\\data\\a.csv", "/etc/a.csv"):
        assert Inputs.read(json.dumps({"name": name}).encode()).name == "a.csv"
    assert Inputs.read(b"{}").name == "records"


def test_the_form_offers_every_option_of_the_command() -> None:
    names = [one["name"] for one in offered()]
    assert sorted([*names, "map"]) == sorted(RecordOptions.__dataclass_fields__)
    assert len(set(WORDS.values())) == len(names)


def test_names_in_a_file_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("client,session,wai <img src=x>\n1,1,50\n1,2,51\n2,1,40\n", encoding="utf-8")
    found = describe_records(read_records(path, alliance="wai <img src=x>"), studies=0)
    html = description_html(found, "<b>a.csv</b>")
    assert "<img" not in html
    assert "<b>" not in html
    assert "wai &lt;img src=x&gt;" in html


def test_the_room_says_that_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboards.rooms import records as room

    shown: list[str] = []
    monkeypatch.setattr(room, "Tag", lambda tag, *children, **_: shown.append(tag) or children)
    monkeypatch.setattr(room, "RecordsReader", lambda: shown.append("form"))
    for alone in (True, False):
        shown.clear()
        visitor = SimpleNamespace(value=Visitor("a", owns=True, alone=alone))
        monkeypatch.setattr(room.state, "visitor", visitor)
        getattr(room.Room, "f", room.Room)(None)
        assert ("form" in shown) is alone
