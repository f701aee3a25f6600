"""What a link asks for that each field allows, but the rest of the link leaves no room for: told, and brought back.

`dashboards.addresses.address` reads every value by itself. A session is only there if it was played, a point
only if the sweep has so many. Weeks are known once a clinic has been run; the clinic's room sees to them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.views import VIEWS, shown
from dashboards.sweeps.inputs import sweep_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.addresses.address import Place

__all__ = ["within"]


def within(place: Place) -> tuple[Place, tuple[str, ...]]:
    """Return the place with what there is of what it asks for, and a notice for each value that was brought back.

    Parameters
    ----------
    place
        As an address is read.
    """
    if place.room == "session":
        told = _sessions(place)
    elif place.room == "sweep":
        told = _points(place)
    else:
        return place, ()
    view = {**place.view, **{name: value for name, (value, _) in told.items()}}
    fields = VIEWS[place.room]
    kept = {name: value for name, value in view.items() if value != fields[name].start}
    return place.changed(view=MappingProxyType(kept)), tuple(said for _, said in told.values())


def _sessions(place: Place) -> dict[str, tuple[Any, str]]:
    played = len(shown(place, "stances"))
    last = f"the last one played, {played}" if played else "what was played: no session yet"
    told: dict[str, tuple[Any, str]] = {}
    if (at := shown(place, "at")) > played:
        used = f"Session {played} is shown." if played else "The start is shown."
        told["at"] = (played, f"at = {at} is a session after {last}. {used}")
    if (otherwise := shown(place, "otherwise")) > played:
        said = f"otherwise = {otherwise} is a session after {last}. No other choices are shown."
        told["otherwise"] = (0, said)
    return told


def _points(place: Place) -> dict[str, tuple[Any, str]]:
    point = shown(place, "point")
    try:
        sweep = sweep_of(place)
    except AllianceError:  # which the room tells
        return {}
    if point < sweep.points:
        return {}
    said = (
        f"point = {point} is not in this sweep, whose {sweep.points:,} points are numbered from 0 to "
        f"{sweep.points - 1:,}. No point is shown."
    )
    return {"point": (-1, said)}
