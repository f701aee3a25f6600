"""Options that say how records of one's own are read: the same for every command that reads some."""

from __future__ import annotations

import inspect
import re
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from experiments.cli.options import read_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from experiments.records import Records

__all__ = ["NOTHING_SAID", "RecordOptions", "said_by_mapping", "with_record_options"]

Column = str | None


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How a file of records is read; a field an option, as for `experiments.records.read_records`."""

    client: Annotated[Column, typer.Option(metavar="COLUMN", help="Who.")] = None
    session: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Session number; 0 is intake.")
    ] = None
    therapist: Annotated[Column, typer.Option(metavar="COLUMN", help="With whom.")] = None
    date: Annotated[Column, typer.Option(metavar="COLUMN", help="When.")] = None
    alliance: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Alliance as the client rates it.")
    ] = None
    symptom: Annotated[Column, typer.Option(metavar="COLUMN", help="Symptom score.")] = None
    alliance_therapist: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Alliance as the therapist rates it.")
    ] = None
    episode: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Course, where clients come again.")
    ] = None
    ended: Annotated[Column, typer.Option(metavar="COLUMN", help="How treatment ended.")] = None
    study: Annotated[
        Column, typer.Option(metavar="COLUMN", help="Site or study, if there are several.")
    ] = None
    alliance_range: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="Possible alliance scores.")
    ] = None
    symptom_range: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="Possible symptom scores.")
    ] = None
    missing: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="Codes for missing, such as 99,-99; none for none."),
    ] = None
    pause: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=0,
            help="Days without a session that end a course: 365; 0 for never.",
        ),
    ] = None
    map: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How the records are read, made by describe --save-map."),
    ] = None
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Sheet, data frame or data set, where there are several."
        ),
    ] = None

    def given(self) -> list[str]:
        """Return the options that were given, as they are written."""
        return [
            f"--{one.name.replace('_', '-')}"
            for one in fields(self)
            if getattr(self, one.name) is not None
        ]

    def read(self, file: Path) -> Records:
        """Read a file.

        Raises
        ------
        AllianceError
            As for `experiments.records.read_records`, and when a range is none.
        """
        from experiments.records import read_records

        others = {"map", "alliance_range", "symptom_range"}
        named = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in others
        }
        return read_records(
            file,
            self.map,
            alliance_range=read_range(self.alliance_range, "--alliance-range"),
            symptom_range=read_range(self.symptom_range, "--symptom-range"),
            **named,
        )


NOTHING_SAID = RecordOptions()
"""No option given."""


@contextmanager
def said_by_mapping(command: str) -> Iterator[None]:
    """Say where an option is given that an error about records names, in a command that has only ``--map``.

    Parameters
    ----------
    command
        As it is typed: ``"alliance twin"``.
    """
    from simulation.errors import AllianceError

    options = [
        f"--{one.name.replace('_', '-')}" for one in fields(RecordOptions) if one.name != "map"
    ]
    try:
        yield
    except AllianceError as error:
        words = re.findall(r"--[a-z-]+", str(error))
        named = [one for one in dict.fromkeys(words) if one in options]
        if not named:
            raise
        raise AllianceError(
            f"{error} {' and '.join(named)} {'is an option' if len(named) == 1 else 'are options'} of alliance"
            f" describe: give it there with --save-map, and the mapping that it writes to {command} with --map."
        ) from error


def with_record_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameter `reading` stands for every option of `RecordOptions`.

    Parameters
    ----------
    command
        A function for Typer with a parameter ``reading: RecordOptions``.
    """
    hints = get_type_hints(command, include_extras=True)
    options = get_type_hints(RecordOptions, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name != "reading":
            parameters.append(parameter.replace(annotation=hints[name]))
            continue
        parameters += [
            inspect.Parameter(
                option, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
            )
            for option, annotation in options.items()
        ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        reading = RecordOptions(**{name: given.pop(name) for name in options})
        command(**given, reading=reading)

    keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    with_options.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
    with_options.__annotations__ = {one.name: one.annotation for one in keywords}
    del with_options.__wrapped__  # its parameters are not these
    return with_options
