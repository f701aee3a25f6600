"""Run, stop, and how far it is: the line above a result that becomes better known as one watches."""

from __future__ import annotations

from typing import Any

from dashboards.shell import state
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag

__all__ = ["Going"]


@component
def Going(words: str, units: str, total: int, done: int, busy: bool, going: bool) -> Any:
    """Show the line; the field ``go`` of the room says whether it runs.

    Parameters
    ----------
    words
        Of the button that begins: ``"Run the sweep"``.
    units
        What is counted: ``"clinics"``.
    total, done
        How many there are to run, 0 where it cannot be run as it is written; and how many were.
    busy, going
        Whether it runs now, and whether it is asked to.
    """
    finished = 0 < total == done
    if busy or finished:
        said = f"{done:,} of {total:,} {units}"
    elif done:
        said = f"Stopped after {done:,} of {total:,} {units}"
    else:
        said = f"{total:,} {units} to run" if total else ""
    return Tag(
        "div",
        Button(
            words,
            lambda: state.see(go=1),
            kind="act",
            disabled=not total or (going and (busy or finished)),
        ),
        Button("Stop", lambda: state.see(go=0), disabled=not busy),
        Tag(
            "progress",
            value=str(done),
            max=str(max(total, 1)),
            aria_label=f"{units.capitalize()} run",
        ),
        Tag("span", said, role="status"),
        class_="flow no-print",
    )
