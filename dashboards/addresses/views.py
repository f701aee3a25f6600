"""What each room's address may say beside preset, parameters and seed: the fields of its view."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.fields import Text, Whole, Word
from dashboards.comparisons import baseline as against
from dashboards.lessons.catalogue import lessons
from dashboards.sweeps import inputs as asked
from dashboards.therapies import therapy_state as sitting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.address import Place
    from dashboards.addresses.fields import Fields

__all__ = ["VIEWS", "shown"]

VIEWS: Mapping[str, Fields] = MappingProxyType(
    {
        "home": {},
        "session": sitting.FIELDS,
        "clinic": {
            "week": Whole(0, 0, 520),
            "measure": Word("reported", ("reported", "latent")),
            "colour": Word("fatigue", ("fatigue", "alliance")),
        },
        "sweep": asked.FIELDS,
        "compare": {
            "against": Word("progress_feedback", against.WORDS),
            "replicates": Whole(40, 2, 200),
            "measure": Word("reported", ("reported", "latent")),
        },
        "lessons": {
            "lesson": Word("", ("", *(one.key for one in lessons()))),
            "answer": Text("", r"[A-Za-z0-9_.+-]{0,40}"),
        },
        "evidence": {
            "part": Word(
                "reproduced", ("reproduced", "parameters", "equations", "limits", "about")
            ),
        },
    }
)
"""The fields of every room, by the room's name."""


def shown(place: Place, name: str) -> Any:
    """Return what a room shows under the name of one of its fields."""
    return place.view.get(name, VIEWS[place.room][name].start)
