"""Plain elements of a page as Solara components, and the few patterns every room uses."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as vuetify
import solara

from dashboards.component import component

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Button", "Headlines", "Tag", "Toggle", "markup"]


def Tag(
    tag: str, *children: Any, class_: str = "", key: str | None = None, **attributes: Any
) -> Any:
    """Return an element; underscores in the names of attributes stand for hyphens."""
    given = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    element = vuetify.Html(tag=tag, children=list(children), class_=class_, attributes=given)
    return element.key(key) if key is not None else element


def markup(html: str, tag: str = "div", class_: str = "") -> Any:
    """Return an element made of HTML that this project has written, values in it escaped."""
    return solara.HTML(tag=tag, unsafe_innerHTML=html, classes=[class_] if class_ else [])


@component
def Button(
    label: str,
    on_click: Callable[[], Any],
    class_: str = "",
    disabled: bool = False,
    name: str = "",
    pressed: bool | None = None,
) -> Any:
    """Show a button.

    Parameters
    ----------
    label
        Its words.
    on_click
        What it does.
    class_
        ``act`` for the one that goes on, ``quiet`` for one beside the point.
    disabled
        Whether it can't be pressed now.
    name
        What it is called where the words alone don't tell.
    pressed
        Whether it is on, for one that stays on; None for one that acts once.
    """
    attributes: dict[str, Any] = {"type": "button"}
    if disabled:
        attributes["disabled"] = True
    if name:
        attributes["aria-label"] = name
    if pressed is not None:
        attributes["aria-pressed"] = "true" if pressed else "false"
    element = vuetify.Html(tag="button", children=[label], class_=class_, attributes=attributes)
    vuetify.use_event(element, "click", lambda *_: None if disabled else on_click())
    return element


@component
def Toggle(
    legend: str, options: Sequence[tuple[str, str]], value: str, on_value: Callable[[str], Any]
) -> Any:
    """Show a few choices as buttons of which one is on.

    Parameters
    ----------
    legend
        What is chosen.
    options
        Values and their words.
    value
        The one that is on.
    on_value
        Called with the value chosen.
    """
    buttons = [
        Button(words, on_click=partial(on_value, one), pressed=one == value).key(one)
        for one, words in options
    ]
    return Tag("div", *buttons, class_="flow", role="group", aria_label=legend)


def Headlines(rows: Sequence[tuple[str, str, str]]) -> Any:
    """Return headline figures: name, value and a remark each."""
    cells = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}"
        f"{f'<small>{escape(remark)}</small>' if remark else ''}</dd></div>"
        for name, value, remark in rows
    )
    return markup(f'<dl class="headlines">{"".join(cells)}</dl>')
