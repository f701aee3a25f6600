"""A story to begin with: eight screens, one thing to do on each, told by the script of the page in one file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.fields import Fields, Whole, Word
from dashboards.addresses.pages import Page, shown
from dashboards.page.shared_script import shared_version, story_content
from dashboards.shell import state
from dashboards.widgets.component import component
from dashboards.widgets.story import Story

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.address import PageState

__all__ = ["PAGE", "Room"]

SCREENS = 8

FIELDS: Fields = MappingProxyType(
    {
        "at": Whole(1, 1, SCREENS),
        "frame": Word("", ("", "h", "b")),
        "tension": Word("", ("", "a", "p")),
    }
)
"""The screen, and the letter of what was chosen at the two turns of the story."""


@component
def Room(page: PageState) -> Any:
    begun = solara.use_memo(
        lambda: {name: row.write(shown(page, name)) for name, row in FIELDS.items()}, []
    )

    def turn(view: Mapping[str, Any]) -> None:
        read = {name: row.read(str(view.get(name, row.start))) for name, row in FIELDS.items()}
        state.see(**{name: value for name, value in read.items() if value is not None})

    return Story(story_content(), shared_version(), begun, turn)


PAGE = Page(
    "story",
    "A story to begin with",
    "",
    Room,
    position=10,
    fields=FIELDS,
    aside=True,
)
