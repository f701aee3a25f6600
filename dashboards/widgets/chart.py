"""A chart with its name, its finding in words, its numbers as a table, and both to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module
from dashboards.widgets.sent import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.charts.figures import Figure

__all__ = ["Chart", "ChartWidget"]


class ChartWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/chart.js``."""

    _esm = module("chart.js")

    figure = sent()
    height = traitlets.Int(280).tag(sync=True)
    choosable = traitlets.Bool(False).tag(sync=True)
    event = traitlets.Dict().tag(sync=True)


@component
def Chart(
    figure: Figure, height: int = 280, on_choose: Callable[[int, int], None] | None = None
) -> Any:
    """Show a figure.

    Parameters
    ----------
    figure
        What to show.
    height
        Height of the drawing in CSS pixels.
    on_choose
        Called with the places (x, y) of a point, bar, cell or node that was clicked, or chosen in the table.
    """

    def chosen(event: dict[str, Any]) -> None:
        if on_choose is not None and event:
            on_choose(int(event.get("x", 0)), int(event.get("y", 0)))

    return ChartWidget.element(
        figure=figure,
        height=height,
        choosable=on_choose is not None,
        on_event=chosen,
    )
