"""Controls made from a table: each with label, unit, bounds, meaning and status; changes marked and returnable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import solara
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module
from dashboards.widgets.sent import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.addresses.controls import Groups

__all__ = ["Panel", "PanelWidget"]


class PanelWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/panel.js``."""

    _esm = module("panel.js")

    name = traitlets.Unicode("panel").tag(sync=True)
    groups = sent()
    values = traitlets.Dict().tag(sync=True)
    seen = traitlets.Int(0).tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
    refused = traitlets.Dict().tag(sync=True)


@component
def Panel(
    name: str,
    groups: Groups,
    values: Mapping[str, Any],
    on_change: Callable[[dict[str, Any]], None],
    on_refused: Callable[[str], None] | None = None,
) -> Any:
    """Show controls in groups.

    Parameters
    ----------
    name
        Tells this panel from others on the page, in the names of its elements.
    groups
        The controls.
    values
        Values that differ from where the controls start, by name.
    on_change
        Called with the values a user has changed, by name. They come from a browser: check them.
    on_refused
        Called with the name of a control in which a number was typed that is not allowed. The page says so by
        itself; the value is as it was.
    """
    seen, set_seen = solara.use_state(0)

    def changed(event: dict[str, Any]) -> None:
        if event:
            on_change(dict(event.get("changes", {})))
            set_seen(int(event.get("n", 0)))

    def refused(event: dict[str, Any]) -> None:
        if event and on_refused is not None:
            on_refused(str(event.get("name", "")))

    return PanelWidget.element(
        name=name,
        groups=groups,
        values=dict(values),
        seen=seen,
        on_event=changed,
        on_refused=refused,
    )
