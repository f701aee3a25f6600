"""Brings a reader to the beginning of what has taken the place of what was there: the screen, the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import solara
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Arrival", "ArrivalWidget"]


class ArrivalWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/arrival.js``."""

    _esm = module("arrival.js")

    count = traitlets.Int(0).tag(sync=True)
    gently = traitlets.Bool(False).tag(sync=True)


@component
def Arrival(at: Hashable, gently: bool = False) -> Any:
    """Show nothing; go to the beginning whenever `at` changes, and not when the page is first opened.

    Parameters
    ----------
    at
        Where a reader is.
    gently
        Leave the screen where it is, and take the focus only where it was lost: where the button that had it is gone.
    """
    count = solara.use_ref(0)
    last = solara.use_ref(at)
    if last.current != at:
        last.current = at
        count.current += 1
    return ArrivalWidget.element(count=count.current, gently=gently)
