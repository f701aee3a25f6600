"""Plain elements of a page as Solara components, and the few patterns every room uses."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as vuetify
import solara

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Headlines", "Tag", "markup"]


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


def Headlines(rows: Sequence[tuple[str, str, str]]) -> Any:
    """Return headline figures: name, value and a remark each."""
    cells = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}"
        f"{f'<small>{escape(remark)}</small>' if remark else ''}</dd></div>"
        for name, value, remark in rows
    )
    return markup(f'<dl class="headlines">{"".join(cells)}</dl>')
