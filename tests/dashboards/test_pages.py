"""A room is one file: what it declares is its address, its place in the navigation and what draws it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import HOME, pages, rooms
from dashboards.addresses.visitor import Visitor
from dashboards.shell import layout

if TYPE_CHECKING:
    import pytest


def test_every_room_has_an_address_a_title_and_a_sentence_about_it() -> None:
    shipped = [
        "session",
        "clinic",
        "compare",
        "sweep",
        "trial",
        "lessons",
        "evidence",
        "chance",
        "records",
    ]
    assert [room.name for room in rooms()][: len(shipped)] == shipped
    assert all(room.title and room.lead.endswith(".") for room in rooms())
    assert next(iter(pages())) == HOME
    assert HOME not in [room.name for room in rooms()]


def test_where_others_come_in_a_room_that_is_closed_is_not_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [room.name for room in rooms() if room not in rooms(alone=False)] == ["records"]
    for alone in (True, False):
        visitor = SimpleNamespace(value=Visitor("a", owns=True, alone=alone))
        monkeypatch.setattr(layout.state, "visitor", visitor)
        assert (">Records</a>" in layout.header(PageState())) is alone


def test_no_two_rooms_share_a_position() -> None:
    positions = [room.position for room in pages().values()]
    assert len(set(positions)) == len(positions)
