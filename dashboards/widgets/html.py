"""Plain elements of a page as Solara components, and the few patterns every room uses."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import solara
from ipyvuetify.Html import Html
from reacton.core import ComponentWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Headlines", "Tag", "markup"]


@cache
def _element_of(tag: str) -> ComponentWidget:
    """Return the component of one tag.

    The browser reads an element's tag once, when it is made. Were all tags one component, another tag at the same
    place would be taken for a change of the element that is there, and the old tag would stay.
    """
    return ComponentWidget(widget=type(f"Html_{tag}", (Html,), {}))


def Tag(
    tag: str, *children: Any, class_: str = "", key: str | None = None, **attributes: Any
) -> Any:
    """Return an element; underscores in the names of attributes stand for hyphens."""
    given = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    element = _element_of(tag)(tag=tag, children=list(children), class_=class_, attributes=given)
    return element.key(key) if key is not None else element


def markup(html: str, tag: str = "div", class_: str = "") -> Any:
    """Return an element made of HTML that this project has written, values in it escaped."""
    return solara.HTML(tag=tag, unsafe_innerHTML=html, classes=[class_] if class_ else [])


def Headlines(rows: Sequence[tuple[str, str, str]]) -> Any:
    """Return headline figures: name, value and a remark each."""
    cells = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}"
        f"{f'<small>{escape(remark)}</small>' if remark else ''}</dd></div>"
        for name, value, remark in rows
    )
    return markup(f'<dl class="headlines">{"".join(cells)}</dl>')
