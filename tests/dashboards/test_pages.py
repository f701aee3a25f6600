"""A room is one file: what it declares is its address, its place in the navigation and what draws it."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest
import solara

import dashboards.rooms
from dashboards.addresses.pages import HOME, address, pages, rooms
from dashboards.app.page import Inside, arrive
from dashboards.shell import state
from dashboards.shell.layout import header
from tests.test_readme import ROOT, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_every_room_has_an_address_a_title_and_a_sentence_about_it() -> None:
    assert [page.name for page in rooms()] == [
        "session",
        "clinic",
        "compare",
        "sweep",
        "lessons",
        "evidence",
    ]
    assert all(page.title and page.lead.endswith(".") for page in rooms())
    assert next(iter(pages())) == HOME
    assert HOME not in [page.name for page in rooms()]


def test_no_two_rooms_share_a_position() -> None:
    assert [page.position for page in pages().values()] == list(range(len(pages())))


@pytest.fixture
def documented_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The room that the documentation adds, as the one file it says."""
    name = "waiting"
    (code,) = (
        block.text for block in blocks(ROOT / "docs/extending.md") if "PAGE = Page(" in block.text
    )
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(dashboards.rooms, "__path__", [*dashboards.rooms.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    pages.cache_clear()
    yield name
    sys.modules.pop(f"dashboards.rooms.{name}", None)
    monkeypatch.undo()
    pages.cache_clear()


def test_a_room_added_as_one_file_is_listed_opened_from_a_link_and_drawn(
    documented_room: str,
) -> None:
    assert documented_room in [page.name for page in rooms()]
    arrive(f"/{documented_room}", "week=soon")
    page = state.page.value
    assert page.room == documented_room
    (notice,) = state.notices.value
    assert "It takes a whole number from 0 to 520" in notice
    assert address(page).startswith(f"/{documented_room}?")
    assert f'href="/{documented_room}?' in header(page)
    box, context = solara.render(Inside(page), handle_error=False)
    context.close()
    assert box.children


def test_a_room_may_bring_back_what_the_rest_of_a_link_leaves_no_room_for(
    documented_room: str,
) -> None:
    arrive(f"/{documented_room}", "week=60&weeks=26")
    assert state.page.value.view == {"week": 25}
    assert state.notices.value == ("week = 60 is after the last week, 25. Week 25 is shown.",)
