"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MOST_SEED",
    "AsJson",
    "DecimalSign",
    "InParameterSets",
    "Long",
    "Overwrite",
    "ParameterValues",
    "PresetNames",
    "SimulatedStudies",
    "StudyPath",
    "Unfinished",
    "ValidationSeed",
    "check_named",
    "name_and_value",
    "read_names",
    "read_range",
    "read_whole_number",
]

MOST_SEED = 2**64 - 1
"""Seeds go up to what the generator of random numbers takes."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

Long = Annotated[bool, typer.Option("--long", help="Begin also what would take more than a day.")]

Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace what an earlier command wrote there.")
]

InParameterSets = Annotated[
    bool,
    typer.Option(
        "--ensemble", help="Run each trial with another parameter set that the findings leave."
    ),
]

PresetNames = Annotated[
    list[str] | None,
    typer.Option(
        "--preset",
        metavar="P",
        help="A preset, or a TOML file with one; may be repeated, later ones on top.",
    ),
]

ParameterValues = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may be repeated."),
]

Unfinished = Annotated[
    bool, typer.Option("--unfinished", help="Take what is there although chunks are missing.")
]

DecimalSign = Annotated[
    str,
    typer.Option(
        "--decimal",
        metavar="SIGN",
        help="Decimal sign of CSV; with a comma, semicolons stand between columns.",
    ),
]

StudyPath = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a study.", show_default=False)
]

SimulatedStudies = Annotated[
    int, typer.Option("--studies", metavar="N", help="Simulated studies of each arm.")
]

ValidationSeed = Annotated[
    int,
    typer.Option("--seed", metavar="S", min=0, max=MOST_SEED, help="Any seed but that of fitting."),
]


def check_named(files: Mapping[str, Path], decimal: str) -> None:
    """Make sure that files can be written in the formats they were asked for in, before anything is done.

    Raises
    ------
    AllianceError
        If a name has another ending, a format needs what is not installed, or the decimal sign is none.
    """
    from experiments.store.tables import check_format

    for form, path in files.items():
        check_format(form, decimal=decimal)
        if form in {"sav", "xlsx"} and path.suffix.lower() != f".{form}":
            raise AllianceError(f"--{form} {path} is not allowed: the name has to end in .{form}.")


def name_and_value(text: str, option: str, example: str) -> tuple[str, str]:
    """Read ``NAME=VALUE``, given for an option.

    Raises
    ------
    AllianceError
        If there is no name, no value, or no equals sign.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise AllianceError(
            f"{option} {text} cannot be read: write {option} NAME=VALUE,"
            f" such as {option} {example}."
        )
    return name.strip(), value.strip()


def read_names(text: str, option: str) -> tuple[str, ...]:
    """Read names parted by commas, given for an option.

    Raises
    ------
    AllianceError
        If one is empty or stands there twice.
    """
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise AllianceError(f"{option} {text} has a comma too many: leave it out.")
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise AllianceError(f"{option} {text} names {double} twice: name it once.")
    return names


def read_whole_number(name: str, text: str, *, least: int) -> int:
    """Read a whole number.

    Raises
    ------
    AllianceError
        If it is none, or smaller than `least`.
    """
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise AllianceError(
            f"{name} = {text} is not allowed: {name} takes a whole number from {least}."
        )
    return number


def read_range(text: str | None, option: str) -> tuple[float, float] | None:
    """Read ``LOW:HIGH``.

    Raises
    ------
    AllianceError
        When it is something else.
    """
    if text is None:
        return None
    low, colon, high = text.partition(":")
    try:
        first, last = float(low), float(high)
    except ValueError:
        first = last = math.nan
    if not colon or not (-math.inf < first < last < math.inf):
        raise AllianceError(f"{option} {text} is not allowed: give LOW:HIGH, such as 12:60.")
    return first, last
