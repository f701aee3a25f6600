"""The story to begin with, which is told in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import ASSETS, module

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Story", "StoryWidget"]


class StoryWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/story.js``."""

    _esm = module("story.js")
    _css = (ASSETS / "story.css").read_text("utf-8")

    content = traitlets.Dict().tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    event = traitlets.Dict().tag(sync=True)


@component
def Story(
    content: Mapping[str, Any],
    version: str,
    view: Mapping[str, str],
    on_view: Callable[[Mapping[str, Any]], None],
) -> Any:
    """Show the story.

    Parameters
    ----------
    content
        What it is made of.
    version
        Which text of its script the browser asks for.
    view
        Where it begins, as an address says it.
    on_view
        Called with what it shows. It comes from a browser: check it.
    """

    def turned(event: dict[str, Any]) -> None:
        shown = event.get("view") if event else None
        if isinstance(shown, dict):
            on_view(shown)

    return StoryWidget.element(
        content=dict(content), version=version, view=dict(view), on_event=turned
    )
