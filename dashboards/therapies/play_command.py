"""The command that plays a file of the session room again: ``alliance play``."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated, Literal

import typer

from experiments.cli.options import Overwrite  # noqa: TC001

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
    overwrite: Overwrite = False,
) -> None:
    """Play a therapy from the session room again, to the same numbers."""
    from dashboards.therapies.export import to_csv, to_text
    from dashboards.therapies.play_file import read_play, replay
    from simulation.files import check_output, write_output
    from simulation.input_files import MEBIBYTE, read_text

    if out is not None:
        check_output(out, overwrite=overwrite)
    therapy = replay(read_play(read_text(file, most=MEBIBYTE)))
    text = to_csv(therapy) if form == "csv" else to_text(therapy)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_output(out, text.encode(), overwrite=overwrite)
