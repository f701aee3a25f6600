"""A room as one value: its name, what its address may say, what a link must stay within, and what draws it.

Each module of `dashboards.rooms` that is a room declares one `Page` under the name ``PAGE``, which is found there:
a new room is one new file, and nothing below the rooms imports a room by name.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from dashboards.addresses.address import write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.addresses.address import PageState
    from dashboards.addresses.fields import Fields

__all__ = ["HOME", "Limited", "Page", "address", "limited", "own_query", "pages", "rooms", "shown"]

HOME = "home"
"""The first page. It is not listed among the rooms; the name of the project leads to it."""


class Limited(NamedTuple):
    """A value that the rest of a link leaves no room for.

    Attributes
    ----------
    value
        What is shown instead.
    notice
        A sentence that says so.
    """

    value: Any
    notice: str


def _no_limits(_: PageState) -> Mapping[str, Limited]:
    return {}


@dataclass(frozen=True, slots=True)
class Page:
    """A room of the dashboard.

    Attributes
    ----------
    name
        In the path of its address.
    title, lead
        What it is called and what one does there.
    component
        Draws it, given what the page shows.
    position
        Its page among the rooms, from 1; 0 for the first page, which is not listed.
    fields
        What its address may say beside preset, parameters and seed.
    limits
        Returns the fields that ask for what the rest of the link leaves no room for, such as a session that was not
        played. `dashboards.addresses.address.read` reads every value by itself.
    unwritten
        Fields that a link may have and that the page's own address leaves out.
    remembered
        Whether one who leaves by the menu and returns finds what was there.
    aside
        Whether it is reached from other pages only: it is not listed, and brings a heading of its own.
    private
        Whether it is closed where others can reach the dashboard: there it is not listed.
    """

    name: str
    title: str
    lead: str
    component: Callable[[PageState], Any]
    position: int
    fields: Fields = field(default_factory=lambda: MappingProxyType({}))
    limits: Callable[[PageState], Mapping[str, Limited]] = _no_limits
    unwritten: frozenset[str] = frozenset()
    remembered: bool = False
    aside: bool = False
    private: bool = False


@cache
def pages() -> Mapping[str, Page]:
    """Return every page by its name, the first page first and the rooms in their order."""
    package = import_module("dashboards.rooms")
    modules = (
        import_module(f"{package.__name__}.{one.name}")
        for one in pkgutil.iter_modules(package.__path__)
    )
    found = [module.PAGE for module in modules if hasattr(module, "PAGE")]
    return MappingProxyType(
        {room.name: room for room in sorted(found, key=lambda one: one.position)}
    )


def rooms(*, alone: bool = True) -> tuple[Page, ...]:
    """Return the rooms that are listed, in their order: neither the first page nor those that stand aside.

    Parameters
    ----------
    alone
        Whether nobody else can reach the dashboard; private rooms are left out where somebody can.
    """
    return tuple(
        room
        for room in pages().values()
        if room.name != HOME and not room.aside and (alone or not room.private)
    )


def shown(page: PageState, name: str) -> Any:
    """Return what a room shows under the name of one of its fields."""
    return page.view.get(name, pages()[page.room].fields[name].start)


def address(page: PageState) -> str:
    """Return the address of a page, from the slash on."""
    path = "" if page.room == HOME else page.room
    return f"/{path}?{write(page, pages()[page.room].fields)}"


def own_query(page: PageState) -> str:
    """Return the query of the page's own address, without what its room leaves out."""
    room = pages()[page.room]
    view = {name: value for name, value in page.view.items() if name not in room.unwritten}
    return write(page.changed(view=MappingProxyType(view)), room.fields)


def limited(page: PageState) -> tuple[PageState, tuple[str, ...]]:
    """Return the page within its room's limits, and a notice for each value that was brought back.

    Parameters
    ----------
    page
        As an address is read.
    """
    room = pages()[page.room]
    limits = room.limits(page)
    if not limits:
        return page, ()
    view = {**page.view, **{name: one.value for name, one in limits.items()}}
    set_here = {name: value for name, value in view.items() if value != room.fields[name].start}
    notices = tuple(one.notice for one in limits.values())
    return page.changed(view=MappingProxyType(set_here)), notices
