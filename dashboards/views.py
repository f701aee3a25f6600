"""What each room's address may say beside preset, parameters and seed: the fields of its view."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.fields import Fields

__all__ = ["VIEWS"]

VIEWS: Mapping[str, Fields] = MappingProxyType(
    {
        "session": {},
        "clinic": {},
        "sweep": {},
        "compare": {},
        "lessons": {},
        "evidence": {},
    }
)
"""The fields of every room, by the room's name."""
