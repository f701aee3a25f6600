"""Your records: a file on this computer, read and described as ``alliance describe`` does; nothing leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.addresses.pages import Page
from dashboards.shell import state
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.records_reader import RecordsReader

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["PAGE", "Room"]


@component
def Room(_: PageState) -> Any:
    if not state.visitor.value.alone:
        return Tag(
            "section",
            Tag("h2", "Closed here"),
            Tag(
                "p",
                "Others can reach this dashboard, so it reads no records. Start it for this computer alone, or"
                " describe the file in a terminal:",
            ),
            Tag("pre", Tag("code", "alliance dashboard\nalliance describe FILE"), tabindex="0"),
            class_="card",
        )
    return Tag("div", RecordsReader(), class_="stack reading")


PAGE = Page(
    "records",
    "Records",
    "Read session records of your own, and see what they say beside published findings.",
    Room,
    position=9,
    private=True,
)
"""What this room was told of a file stands in no address."""
