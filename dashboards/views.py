"""What each room's address may say beside preset, parameters and seed: the fields of its view."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.therapies import sitting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.address import Place
    from dashboards.fields import Fields

__all__ = ["VIEWS", "shown"]

VIEWS: Mapping[str, Fields] = MappingProxyType(
    {
        "session": sitting.FIELDS,
        "clinic": {},
        "sweep": {},
        "compare": {},
        "lessons": {},
        "evidence": {},
    }
)
"""The fields of every room, by the room's name."""


def shown(place: Place, name: str) -> Any:
    """Return what a room shows under the name of one of its fields."""
    return place.view.get(name, VIEWS[place.room][name].start)
