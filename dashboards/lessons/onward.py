"""Where a lesson begins and leads on: its own address, and that of another room, set up for the next question."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import address, pages
from dashboards.addresses.parameter_controls import checked
from simulation.presets import layered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.lessons.lesson import NextStep

__all__ = ["onward", "opens", "place_of"]


def place_of(room: str, names: Sequence[str], parameters: Mapping[str, Any]) -> PageState:
    """Return the page that shows these presets, layered, with these parameters.

    A page stands on one preset: the first one here; what the others set appears as changes.
    """
    page = PageState(room=room)
    if names:
        page = page.changed(preset=names[0])
    wanted = layered(names, parameters).model_dump()
    base = page.base
    changes = {name: value for name, value in wanted.items() if value != getattr(base, name)}
    return page.changed(changes=MappingProxyType(checked(base, changes)))


def opens(key: str) -> str:
    """Return the address that opens a lesson, before any prediction."""
    page = PageState(room="lessons", view=MappingProxyType({"lesson": key}))
    return address(page)


def onward(step: NextStep) -> str:
    """Return the address that a lesson's next question leads to."""
    page = place_of(step.room, step.presets, step.parameters)
    fields = pages()[step.room].fields
    view: dict[str, Any] = {}
    if step.room == "compare" and step.other_presets:
        view["other"] = step.other_presets[-1]
    if step.room == "sweep":
        view |= dict(zip(("x", "y"), step.vary, strict=False))
        if step.outcome:
            view["outcome"] = step.outcome
        view["go"] = 1
    known = {
        name: value
        for name, value in view.items()
        if name in fields and fields[name].read(str(value)) is not None
    }
    return address(page.changed(view=known))
