"""What a page knows of the model beside its equations: parameters, presets, people, stances, instruments, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.therapies.characters import CLIENT_TRAITS, CLIENTS, THERAPIST_TRAITS, THERAPISTS
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy_state import MOST
from experiments.quantities.writing import span
from simulation.instruments import INSTRUMENTS
from simulation.parameters import PARAMETERS
from simulation.presets import all_presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.characters import Character, Trait
    from simulation.parameters.declaration import Parameter

__all__ = ["tables"]


def tables() -> dict[str, Any]:
    """Return the tables by name; all of it can be written as JSON."""
    return {
        "parameters": {name: _parameter(row) for name, row in PARAMETERS.items()},
        "presets": [
            _fields(one, "name", "kind", "title", "description", "question")
            | {"parameters": dict(one.parameters)}
            for one in all_presets()
        ],
        "clients": _people(CLIENTS),
        "therapists": _people(THERAPISTS),
        "client_traits": [_trait(one) for one in CLIENT_TRAITS],
        "therapist_traits": [_trait(one) for one in THERAPIST_TRAITS],
        "stances": [
            _fields(one, "letter", "name", "title", "meaning", "effect") for one in STANCES.values()
        ],
        "instruments": {column: one._asdict() for column, one in INSTRUMENTS.items()},
        "most": MOST,
    }


def _fields(one: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _parameter(row: Parameter) -> dict[str, Any]:
    names = ("default", "low", "high", "unit", "meaning", "kind", "group", "status", "source")
    return _fields(row, *names) | {
        "choices": list(row.choices),
        "allowed": row.allowed + (f" ({row.unit})" if row.named_unit else ""),
    }


def _people(people: Mapping[str, Character]) -> dict[str, Any]:
    return {
        key: _fields(one, "title", "description") | {"traits": dict(one.traits)}
        for key, one in people.items()
    }


def _trait(one: Trait) -> dict[str, Any]:
    allowed = f"a number from {span(one.low, one.high)}"
    return _fields(one, "name", "label", "low", "high", "default", "meaning") | {"allowed": allowed}
