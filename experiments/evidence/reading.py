"""Reading facts from their file; a fact that is not valid is named with what is wrong."""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from experiments.evidence.facts import Fact
from simulation.errors import AllianceError, nearest, unknown_name
from simulation.input_files import MEBIBYTE, parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["fact", "load_facts", "read_facts"]


@cache
def load_facts() -> tuple[Fact, ...]:
    """Return every fact of the project, in the order of the file."""
    text = resources.files("experiments.evidence").joinpath("facts.toml").read_text("utf-8")
    return _parse(text, "facts.toml")


def read_facts(path: Path) -> tuple[Fact, ...]:
    """Read facts from a custom file, in the form of the project's ``facts.toml``.

    Raises
    ------
    AllianceError
        When the file is not TOML, a fact is not valid, or an id is used twice; says which.
    """
    return _parse(read_text(path, most=MEBIBYTE), path.name)


def fact(name: str) -> Fact:
    """Return the fact with this id.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    found = _by_id().get(name)
    if found is None:
        raise unknown_name(name, "the id of a fact", _by_id(), see="Ids look like F01 or F46r.")
    return found


@cache
def _by_id() -> Mapping[str, Fact]:
    return MappingProxyType({one.id: one for one in load_facts()})


def _parse(text: str, name: str) -> tuple[Fact, ...]:
    document = parse_toml(text, name)
    entries = document.get("fact")
    if not isinstance(entries, list) or not entries:
        raise AllianceError(f"{name} has no facts; each begins with a line [[fact]].")
    facts: list[Fact] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        one = _build(entry, number, name)
        if one.id in seen:
            raise AllianceError(f"{name} has two facts with the id {one.id}. Give each its own.")
        seen.add(one.id)
        facts.append(one)
    return tuple(facts)


def _build(entry: dict[str, Any], number: int, name: str) -> Fact:
    label = entry.get("id", f"number {number}")
    plain = dict(entry)
    for key in ("arguments", "policy"):
        if isinstance(plain.get(key), dict):
            plain[key] = _pairs(plain[key])
    if isinstance(plain.get("instead_of"), list):
        plain["instead_of"] = tuple(plain["instead_of"])
    if isinstance(plain.get("pooled_over"), list):
        plain["pooled_over"] = tuple(_pairs(one) for one in plain["pooled_over"])
    try:
        return Fact.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        hint = ""
        if first["type"] == "extra_forbidden":
            close = nearest(where, Fact.model_fields)
            message = "is not a field of a fact"
            hint = f" Did you mean {close}?" if close else ""
        place = f"{where}: " if where else ""
        raise AllianceError(f"{name}, fact {label}: {place}{message}.{hint}") from error


def _pairs(table: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value) for key, value in table.items()
    )
