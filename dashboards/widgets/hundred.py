"""A therapy among a hundred under other luck, which are played in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import ASSETS, module

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Hundred", "HundredWidget"]


class HundredWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/hundred.js``."""

    _esm = module("hundred.js")
    _css = (ASSETS / "story.css").read_text("utf-8")

    version = traitlets.Unicode("").tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    stances = traitlets.Unicode("").tag(sync=True)


@component
def Hundred(version: str, settings: Mapping[str, Any], stances: str) -> Any:
    """Show the figure.

    Parameters
    ----------
    version
        Which text of its scripts the browser asks for.
    settings
        Who meets, and under what draws.
    stances
        A letter for each session held.
    """
    return HundredWidget.element(version=version, settings=dict(settings), stances=stances)
