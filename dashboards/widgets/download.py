"""A button that downloads a file, made when it is pressed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anywidget
import solara
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Download", "DownloadWidget"]

log = logging.getLogger("alliance")


class DownloadWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/download.js``."""

    _esm = module("download.js")

    label = traitlets.Unicode("").tag(sync=True)
    file = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Unicode("application/octet-stream").tag(sync=True)
    request = traitlets.Int(0).tag(sync=True)
    content = traitlets.Bytes(b"").tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)


@component
def Download(
    label: str, file: str, make: Callable[[], bytes | str], kind: str = "text/plain"
) -> Any:
    """Show the button.

    Parameters
    ----------
    label
        Its words.
    file
        Name of the file.
    make
        Returns what is in it, when the button is pressed.
    kind
        Its media type.
    """
    content, set_content = solara.use_state(b"")
    nothing: dict[str, Any] = {}
    answer, set_answer = solara.use_state(nothing)

    def requested(n: int) -> None:
        if not n:
            return
        try:
            made = make()
            set_content(made.encode() if isinstance(made, str) else made)
            set_answer({"n": n})
        except AllianceError as error:
            set_answer({"n": n, "problem": str(error)})
        except Exception:
            log.exception("A file could not be made")
            set_answer({"n": n, "problem": "This file could not be made."})

    return DownloadWidget.element(
        label=label, file=file, kind=kind, content=content, answer=answer, on_request=requested
    )
