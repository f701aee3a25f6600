"""The command that plays a file of the session room again: ``alliance play``."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated, Literal

import typer

__all__ = ["command"]


def command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A run downloaded from the session room.", show_default=False
        ),
    ],
    form: Annotated[
        Literal["text", "csv"], typer.Option("--format", help="In words, or as a table.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there, not to the screen.")
    ] = None,
) -> None:
    """Play a therapy from the session room again, to the same numbers."""
    from dashboards.therapies.export import read_play, replay, to_csv, to_text
    from simulation.errors import AllianceError
    from simulation.files import write_whole

    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise AllianceError(f"{file} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise AllianceError(f"{file} is not a run of the session room: it is not text.") from None
    therapy = replay(read_play(text))
    text = to_csv(therapy) if form == "csv" else to_text(therapy)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_whole(out, text.encode())
