"""Keeps the address of the page in step with what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AddressBar", "AddressBarWidget"]


class AddressBarWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/address.js``."""

    _esm = module("address.js")

    query = traitlets.Unicode("").tag(sync=True)
    origin = traitlets.Unicode("").tag(sync=True)


@component
def AddressBar(query: str, on_origin: Callable[[str], None]) -> Any:
    """Write `query` into the address, in place of what is there; tell where the browser found the server."""
    return AddressBarWidget.element(query=query, on_origin=on_origin)
