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
            {
                "name": one.name,
                "kind": one.kind,
                "title": one.title,
                "description": one.description,
                "question": one.question,
                "parameters": dict(one.parameters),
            }
            for one in all_presets()
        ],
        "clients": _people(CLIENTS),
        "therapists": _people(THERAPISTS),
        "client_traits": [_trait(one) for one in CLIENT_TRAITS],
        "therapist_traits": [_trait(one) for one in THERAPIST_TRAITS],
        "stances": [
            {
                "letter": one.letter,
                "name": one.name,
                "title": one.title,
                "meaning": one.meaning,
                "effect": one.effect,
            }
            for one in STANCES.values()
        ],
        "instruments": {column: one._asdict() for column, one in INSTRUMENTS.items()},
        "most": MOST,
    }


def _parameter(row: Parameter) -> dict[str, Any]:
    return {
        "default": row.default,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "meaning": row.meaning,
        "kind": row.kind,
        "group": row.group,
        "status": row.status,
        "source": row.source,
        "choices": list(row.choices),
        "allowed": row.allowed + (f" ({row.unit})" if row.named_unit else ""),
    }


def _people(people: Mapping[str, Character]) -> dict[str, Any]:
    return {
        key: {
            "title": one.title,
            "description": one.description,
            "traits": dict(one.traits),
        }
        for key, one in people.items()
    }


def _trait(one: Trait) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "low": one.low,
        "high": one.high,
        "default": one.default,
        "meaning": one.meaning,
        "allowed": f"a number from {span(one.low, one.high)}",
    }
