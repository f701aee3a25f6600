"""What one browser session sees now. Solara keeps module-level reactive values apart for every session."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.address import HIGHEST_SEED, PageState
from dashboards.addresses.fields import Whole
from dashboards.addresses.parameter_controls import checked
from dashboards.addresses.visitor import Visitor
from simulation.presets import all_presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.invitation import Invitation

__all__ = [
    "answers",
    "change_parameters",
    "choose_preset",
    "choose_seed",
    "invitation",
    "left",
    "link",
    "notices",
    "origin",
    "page",
    "remember",
    "restart",
    "see",
    "visitor",
]

MOST_ANSWERS, LONGEST_ANSWER = 100, 40
"""What a browser may say that it has kept."""

page: solara.Reactive[PageState] = solara.reactive(PageState())
"""What this session shows. Only the page reads `value`, and passes it on: so a change draws everything once."""

left: solara.Reactive[Mapping[str, Mapping[str, Any]]] = solara.reactive({})
"""What each room showed when it was left."""

notices: solara.Reactive[tuple[str, ...]] = solara.reactive(())
"""What could not be read of the address this session came by."""

origin: solara.Reactive[str] = solara.reactive("")
"""Under which address this session's browser reaches the server."""

invitation: solara.Reactive[Invitation | None] = solara.reactive(None)
"""How a class is let in, where one is."""

answers: solara.Reactive[Mapping[str, str]] = solara.reactive({})
"""What was predicted in this browser, by lesson."""

visitor: solara.Reactive[Visitor] = solara.reactive(Visitor())
"""Whose browser this session's is."""


def change_parameters(changes: Mapping[str, Any]) -> None:
    """Change parameters; those that return to the preset's value are no longer changed."""
    now = page.peek()
    merged = checked(now.base, {**now.changes, **changes})
    if merged != dict(now.changes):
        page.value = now.changed(changes=MappingProxyType(merged))


def see(**view: Any) -> None:
    """Change what the room shows, by the names of its fields."""
    now = page.peek()
    page.value = now.changed(view=MappingProxyType({**now.view, **view}))


def remember(stored: Mapping[str, Any]) -> None:
    """Take what a browser has kept of earlier predictions; those of this session go before it."""
    known = {
        lesson: answer
        for lesson, answer in stored.items()
        if isinstance(lesson, str) and isinstance(answer, str) and len(answer) <= LONGEST_ANSWER
    }
    if len(known) <= MOST_ANSWERS:
        answers.value = {**known, **answers.peek()}


def choose_preset(name: str) -> None:
    """Stand on another preset; changes are dropped. A name that is none is not taken."""
    if not any(one.name == name for one in all_presets()):
        return
    page.value = page.peek().changed(preset=name, changes=MappingProxyType({}))


def choose_seed(seed: Any) -> None:
    """Take other random numbers; what is not a whole number is not taken."""
    read = Whole(1, 0, HIGHEST_SEED).read(str(seed))
    if read is not None:
        page.value = page.peek().changed(seed=read)


def link(path: str) -> str:
    """Return a link to a path: one that lets the class in, where there is a class."""
    invited = invitation.peek()
    return invited.link(path) if invited else f"{origin.value}{path}"


def restart() -> None:
    """Reset everything: preset, parameters, seed and view."""
    page.value = PageState(room=page.peek().room)
    notices.value = ()
