"""A teacher's own start of the page, read from a TOML file: title, words, lessons, who meets, seed, parameters.

A run that was downloaded from the session room may be given instead: the page then begins with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from dashboards.lessons.catalogue import find_lesson
from dashboards.lessons.part import Part, first_fault
from dashboards.page.document import Contents
from dashboards.page.room import CLIENT, PRESET, THERAPIST, traits_of
from dashboards.therapies.characters import (
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from dashboards.therapies.play_file import read_play
from dashboards.therapies.stances import read_stances
from simulation.errors import AllianceError, whole_number
from simulation.input_files import parse_toml
from simulation.presets import layered
from simulation.randomness import SEED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.play_file import Play
    from simulation.parameters import Parameters

__all__ = ["Begin", "Setting", "read_setting"]

ROOMS = (
    "story",
    "session",
    "lessons",
    "clinic",
    "chance",
    "evidence",
    "teach",
    "wall",
    "limits",
)
"""Rooms of the page, as its addresses name them."""

OF_A_LESSON = ("lessons", "teach", "wall")
"""Rooms that show one lesson, where its key follows."""

RUN = {"version", "checksum", "number"}
"""Entries that only a run of the session room has."""


class Begin(Part):
    """Who meets in the session room, under which draws, and what was chosen so far.

    Attributes
    ----------
    client, therapist
        Keys of characters: described ones, or the file's own.
    seed, stances, preset
        Of the draws; a letter for each session held already; a preset of parameters.
    """

    client: str = CLIENT
    therapist: str = THERAPIST
    seed: int = Field(default=1, ge=0)
    stances: str = ""
    preset: str = PRESET


class Setting(Part):
    """What a teacher sets.

    Attributes
    ----------
    title, words
        Name of the page, and what its first page says below it.
    opens
        Room to open first, or a lesson there as ``lessons/KEY``; empty for the first page.
    lessons
        Keys of the lessons in the page; all if empty.
    session
        How the session room begins.
    parameters
        Parameters of the model that differ from the preset.
    clients, therapists
        Characters of one's own by their keys: ``title``, ``description`` and traits.
    """

    title: str = Field(default="Alliance", min_length=1, max_length=80)
    words: str = Field(default="", max_length=600)
    opens: str = ""
    lessons: tuple[str, ...] = ()
    session: Begin | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    clients: dict[str, dict[str, Any]] = Field(default_factory=dict)
    therapists: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def contents(self) -> Contents:
        """Return the page's contents.

        Raises
        ------
        AllianceError
            For a room, lesson, character, stance, preset, trait or parameter that is not known or not allowed.
        """
        room, _, part = self.opens.partition("/")
        if room not in ("", *ROOMS) or (part and room not in OF_A_LESSON):
            raise AllianceError(
                f"opens = {self.opens!r} is not allowed: write {', '.join(ROOMS[:-1])} or {ROOMS[-1]}, "
                "or a lesson as lessons/KEY, teach/KEY or wall/KEY."
            )
        for key in (*self.lessons, *([part] if part else [])):
            find_lesson(key)
        clients = {key: _own(key, row, therapist=False) for key, row in self.clients.items()}
        therapists = {key: _own(key, row, therapist=True) for key, row in self.therapists.items()}
        begin = self.session or (Begin() if self.parameters or clients or therapists else None)
        start: dict[str, Any] = {
            "place": {"room": room, "part": part},
            "clients": clients,
            "therapists": therapists,
            "parameters": self.parameters,
        }
        if self.words:
            start["words"] = " ".join(self.words.split())
        layered([begin.preset if begin else PRESET], self.parameters)
        if begin:
            start["session"] = _checked(begin, clients, therapists)
        return Contents(self.title, self.lessons, start=start)


def read_setting(text: str, name: str) -> Contents:
    """Return the contents that a setting, or a run of the session room, describes.

    Raises
    ------
    AllianceError
        For what is not TOML, an unknown entry, or a value that is not allowed; names the file and the entry.
    """
    content = parse_toml(text, name)
    try:
        if RUN & content.keys():
            return _of_run(read_play(text))
        return Setting.model_validate(content).contents()
    except ValidationError as error:
        fault = first_fault(error, "a setting", Setting, Begin)
        raise AllianceError(f"{name}: {fault}") from error
    except AllianceError as error:
        raise AllianceError(f"{name}: {error}") from error


def _of_run(run: Play) -> Contents:
    """Return a page that begins with a run, both people with exactly the run's traits."""
    setup = run.setup
    client, therapist = (
        find_client(run.client or CLIENT),
        find_therapist(run.therapist or THERAPIST),
    )
    usual = {
        **{f"client.{name}": value for name, value in client.traits.items()},
        **{f"therapist.{name}": value for name, value in therapist.traits.items()},
    }
    begin = {
        "client": client.key,
        "therapist": therapist.key,
        "seed": str(setup.seed),
        "stances": run.stances,
        **{name: value for name, value in traits_of(setup).items() if value != usual[name]},
    }
    if setup.number:
        begin["number"] = setup.number
    start = {
        "place": {"room": "session", "part": ""},
        "session": begin,
        "parameters": _beside(layered([PRESET]), setup.parameters),
    }
    return Contents(start=start)


def _beside(base: Parameters, parameters: Parameters) -> dict[str, Any]:
    """Return the parameters that differ from those of a base."""
    usual = base.model_dump()
    return {name: value for name, value in parameters.model_dump().items() if value != usual[name]}


def _own(key: str, row: Mapping[str, Any], *, therapist: bool) -> dict[str, Any]:
    """Return a character of one's own, with every trait."""
    traits = {name: value for name, value in row.items() if name not in {"title", "description"}}
    if not isinstance(row.get("title"), str):
        raise AllianceError(f'{key} has no title: write title = "a few words".')
    if therapist:
        own, fatigue = therapist_traits(traits)
        every = {**own._asdict(), "fatigue": fatigue}
    else:
        every = client_traits(traits)._asdict()
    return {
        "title": row["title"],
        "description": str(row.get("description", "")),
        "traits": every,
    }


def _checked(
    begin: Begin, clients: Mapping[str, Any], therapists: Mapping[str, Any]
) -> dict[str, Any]:
    """Return how the session room begins, as its address says it."""
    if begin.client not in clients:
        find_client(begin.client)
    if begin.therapist not in therapists:
        find_therapist(begin.therapist)
    read_stances(begin.stances)
    whole_number("seed", begin.seed, 0, SEED_LIMIT - 1)
    said = {"client": begin.client, "therapist": begin.therapist, "seed": str(begin.seed)}
    return {
        **said,
        **({"stances": begin.stances} if begin.stances else {}),
        **({"preset": begin.preset} if begin.preset != PRESET else {}),
    }
