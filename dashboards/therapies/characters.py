"""Who can meet in the session room: described clients and therapists, and the traits a slider sets.

Descriptions and values are in ``characters.toml``, by the trait names of the model; what a character does not name
has the median of the parameter table. They are invented for teaching.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from experiments.quantities.writing import span
from simulation.errors import AllianceError, unknown_name
from simulation.parameters import PARAMETERS
from simulation.states import ClientTraits, TherapistTraits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CLIENTS",
    "CLIENT_TRAITS",
    "THERAPISTS",
    "THERAPIST_TRAITS",
    "Character",
    "Trait",
    "client_traits",
    "find_client",
    "find_therapist",
    "therapist_traits",
]

NORMAL_LIMIT = 3.0
"""Bound of what is standard normal: three people in a thousand lie beyond."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait as a slider sets it.

    Attributes
    ----------
    name
        The model's name of the trait.
    label
        What stands beside the slider.
    low, high
        Bounds, both allowed.
    default
        The median of the parameter table.
    meaning
        One line, for the tooltip.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    meaning: str


def _trait(name: str, label: str = "", parameter: str = "") -> Trait:
    row = PARAMETERS[parameter or name]
    meaning = row.meaning.removeprefix("Median ")
    return Trait(
        name,
        label or name.replace("_", " ").capitalize(),
        float(row.low or 0.0),
        float(row.high or 1.0),
        float(row.default),
        meaning[0].upper() + meaning[1:],
    )


def _normal(name: str, label: str, meaning: str) -> Trait:
    return Trait(name, label, -NORMAL_LIMIT, NORMAL_LIMIT, 0.0, meaning)


CLIENT_TRAITS: tuple[Trait, ...] = (
    *(_trait(name) for name in ClientTraits._fields if name != "impression"),
    _normal(
        "impression",
        "First impression",
        "First impression the two make on each other for reasons of their own, in standard deviations.",
    ),
)
"""Sliders of a client, in the order of `simulation.states.ClientTraits`."""

THERAPIST_TRAITS: tuple[Trait, ...] = (
    *(
        _trait(name)
        for name in TherapistTraits._fields
        if name not in ("rating_habit", "retention")
    ),
    _normal(
        "rating_habit",
        "Rating habit",
        "How kindly the therapist fills in questionnaires in general, in standard deviations.",
    ),
    _normal(
        "retention",
        "Keeping clients",
        "What keeps this therapist's clients in treatment beside all else, in standard deviations.",
    ),
    _trait("fatigue", "Fatigue", "fatigue_start"),
)
"""Sliders of a therapist, in the order of `simulation.states.TherapistTraits`; then fatigue."""


@dataclass(frozen=True, slots=True)
class Character:
    """Someone to meet.

    Attributes
    ----------
    key
        Short name, for addresses and files.
    title
        A few words.
    description
        Two sentences, without a name.
    traits
        Every trait by its name.
    """

    key: str
    title: str
    description: str
    traits: Mapping[str, float]


def _checked(what: str, controls: tuple[Trait, ...], values: Mapping[str, Any]) -> dict[str, float]:
    by_name = {control.name: control for control in controls}
    checked = {name: control.default for name, control in by_name.items()}
    for name, value in values.items():
        if name not in by_name:
            raise unknown_name(
                name, f"a trait of a {what}", by_name, see="Traits: " + ", ".join(by_name) + "."
            )
        control = by_name[name]
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not control.low <= value <= control.high:
            raise AllianceError(
                f"{name} = {value!r} is not allowed: {name} of a {what} takes a number "
                f"from {span(control.low, control.high)}."
            )
        checked[name] = float(value)
    return checked


def client_traits(values: Mapping[str, Any]) -> ClientTraits:
    """Return the traits of a client; what `values` does not name has its default.

    Raises
    ------
    AllianceError
        For a name that is no trait of a client, or a value out of bounds.
    """
    return ClientTraits(**_checked("client", CLIENT_TRAITS, values))


def therapist_traits(values: Mapping[str, Any]) -> tuple[TherapistTraits, float]:
    """Return the traits of a therapist and their fatigue; what `values` does not name has its default.

    Raises
    ------
    AllianceError
        For a name that is no trait of a therapist, or a value out of bounds.
    """
    checked = _checked("therapist", THERAPIST_TRAITS, values)
    fatigue = checked.pop("fatigue")
    return TherapistTraits(**checked), fatigue


def _read() -> tuple[Mapping[str, Character], Mapping[str, Character]]:
    document = tomllib.loads((files(__package__) / "characters.toml").read_text("utf-8"))
    kinds = []
    for what, controls in (("client", CLIENT_TRAITS), ("therapist", THERAPIST_TRAITS)):
        people = {}
        for key, row in document[what + "s"].items():
            title, description = row.pop("title"), row.pop("description")
            traits = MappingProxyType(_checked(what, controls, row))
            people[key] = Character(key, title, description, traits)
        kinds.append(MappingProxyType(people))
    return kinds[0], kinds[1]


CLIENTS, THERAPISTS = _read()
"""The characters by their keys."""


def find_client(key: str) -> Character:
    """Return a described client.

    Raises
    ------
    AllianceError
        If there is none of this key.
    """
    return _find(key, "a described client", CLIENTS)


def find_therapist(key: str) -> Character:
    """Return a described therapist.

    Raises
    ------
    AllianceError
        If there is none of this key.
    """
    return _find(key, "a described therapist", THERAPISTS)


def _find(key: str, what: str, people: Mapping[str, Character]) -> Character:
    if key not in people:
        raise unknown_name(str(key), what, people, see="Choose among " + ", ".join(people) + ".")
    return people[key]
