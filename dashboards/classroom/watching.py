"""Pages that draw again as a class enters something."""

from __future__ import annotations

import asyncio

import solara
from solara.lab import use_task

from dashboards.classroom.entries import CLASS_ENTRIES

__all__ = ["use_entries"]

GLANCE = 0.5
"""Seconds between two looks at what has come in."""


def use_entries() -> int:
    """Draw again whenever the class has entered something; a hook, like those of Solara."""
    version, seen = solara.use_state(CLASS_ENTRIES.version)

    async def look() -> None:
        while True:
            await asyncio.sleep(GLANCE)
            seen(CLASS_ENTRIES.version)

    use_task(look, dependencies=[], raise_error=False)
    return version
