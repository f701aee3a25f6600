"""A room is one file: what it declares is its address, its place in the navigation and what draws it."""

from __future__ import annotations

from dashboards.addresses.pages import HOME, pages, rooms


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


def test_no_two_rooms_share_a_position() -> None:
    positions = [room.position for room in pages().values()]
    assert len(set(positions)) == len(positions)
