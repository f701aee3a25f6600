"""What the session room remembers beside its address: the therapies before each change, so that one can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.shell import state
from dashboards.therapies.therapy_state import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["change", "past", "undo"]

LONGEST = 100
"""Changes that can be undone."""

SAID = tuple(name for name in FIELDS if name != "show")
"""What makes a therapy, of all that the room's address says."""

past: solara.Reactive[tuple[Mapping[str, Any], ...]] = solara.reactive(())
"""The views before each change of what is played, the latest last."""


def change(**view: Any) -> None:
    """Change what the room shows; what was played before can be had back."""
    before = {name: state.page.peek().view.get(name, FIELDS[name].start) for name in SAID}
    if any(view.get(name, value) != value for name, value in before.items() if name != "at"):
        past.value = (*past.peek()[1 - LONGEST :], before)
    state.see(**view)


def undo() -> None:
    """Return to the therapy before the latest change."""
    if past.peek():
        *others, latest = past.peek()
        past.value = tuple(others)
        state.see(**latest)
