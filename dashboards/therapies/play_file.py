"""A student's run as a file: everything needed to play it again, to the same numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards.therapies.characters import (
    CLIENTS,
    THERAPISTS,
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from dashboards.therapies.playing import play
from dashboards.therapies.stances import OWN_WAY, read_stances, write_stances
from dashboards.therapies.therapy import Setup
from experiments.store.state import checksum
from simulation.errors import AllianceError, unknown_name
from simulation.input_files import InputFileError, parse_toml
from simulation.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.characters import Character
    from dashboards.therapies.therapy import Therapy

__all__ = ["Play", "read_play", "replay", "write_play"]

HEAD = """# A therapy to play again: alliance play FILE
# Both people are invented: it says nothing of a real client or therapist.
"""

VERSION = 1

CHECKSUM = "checksum"
"""Entry that holds the checksum of the others; one who writes a run by hand leaves it out."""

ENTRIES = ("version", "seed", "number", "stances", "client", "therapist", "parameters")


@dataclass(frozen=True, slots=True)
class Play:
    """A run of the session room.

    Attributes
    ----------
    setup
        Who meets.
    stances
        Letters, one for each session from the first; shortest form.
    client, therapist
        Keys of the characters that the traits began from; empty where there is none.

    Raises
    ------
    AllianceError
        For an unknown stance or character.
    """

    setup: Setup
    stances: str = ""
    client: str = ""
    therapist: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stances", write_stances(self.stances))
        if self.client:
            find_client(self.client)
        if self.therapist:
            find_therapist(self.therapist)


def write_play(run: Play) -> str:
    """Return a run as TOML: traits in full, parameters where they differ from the defaults."""
    from experiments.design.toml_text import to_toml

    setup = run.setup
    entries = {
        "version": VERSION,
        "seed": setup.seed,
        "number": setup.number,
        "stances": run.stances,
        "client": {"character": run.client or None, **setup.client._asdict()},
        "therapist": {
            "character": run.therapist or None,
            **setup.therapist._asdict(),
            "fatigue": setup.fatigue,
        },
        "parameters": setup.parameters.changed() or None,
    }
    sum_ = _checksum_of(parse_toml(to_toml(entries), "It"))
    return HEAD + to_toml({CHECKSUM: sum_, **entries})


def read_play(text: str) -> Play:
    """Read a run written by `write_play`, or by hand.

    What is left out has its default: traits those of the character if one is named, else of the parameter table.

    Raises
    ------
    AllianceError
        For what is not TOML, an unknown entry, or a value that is not allowed.
    """
    try:
        document = parse_toml(text, "It")
    except InputFileError as error:
        raise AllianceError(f"This is not a run of the session room. {error}") from None
    if CHECKSUM in document and document.pop(CHECKSUM) != _checksum_of(document):
        raise AllianceError(
            f"This run is not as it was saved. If you changed it on purpose, remove its line {CHECKSUM} = ..."
        )
    for name in document:
        if name not in ENTRIES:
            raise unknown_name(
                name, "an entry of a run", ENTRIES, see=f"Entries: {', '.join(ENTRIES)}."
            )
    version = document.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise AllianceError(
            f"version = {version!r} is not allowed: this program reads version {VERSION} of a run."
        )
    client, client_values = _person(document, "client", CLIENTS)
    therapist, therapist_values = _person(document, "therapist", THERAPISTS)
    if client:
        client_values = {**find_client(client).traits, **client_values}
    if therapist:
        therapist_values = {**find_therapist(therapist).traits, **therapist_values}
    traits, fatigue = therapist_traits(therapist_values)
    setup = Setup(
        client_traits(client_values),
        traits,
        fatigue,
        Parameters(**_mapping(document, "parameters")),
        document.get("seed", 1),
        document.get("number", 0),
    )
    return Play(setup, _text(document, "stances", f"llha{OWN_WAY.letter}"), client, therapist)


def _checksum_of(document: dict[str, Any]) -> str:
    return checksum(json.dumps(document, sort_keys=True))


def replay(run: Play) -> Therapy:
    """Play a run to its end."""
    return play(run.setup, read_stances(run.stances))


def _mapping(document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, dict):
        raise AllianceError(f"{name} = {value!r} is not allowed: write a table, [{name}].")
    return value


def _text(document: dict[str, Any], name: str, such_as: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise AllianceError(f'{name} = {value!r} is not allowed: write {name} = "{such_as}".')
    return value


def _person(
    document: dict[str, Any], what: str, people: Mapping[str, Character]
) -> tuple[str, dict[str, Any]]:
    values = dict(_mapping(document, what))
    character = _text(values, "character", next(iter(people)))
    values.pop("character", None)
    return character, values
