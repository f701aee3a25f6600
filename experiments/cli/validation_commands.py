"""The commands ``validate``, ``rivals`` and ``describe``."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.validation.seeds import JUDGING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import RenderableType

__all__ = ["register"]

LEAST_WIDTH = 118


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(name="validate")(validate_command)
    app.command(name="rivals")(rivals_command)
    app.command(name="describe")(describe_command)


def validate_command(
    preset: Annotated[
        str, typer.Option("--preset", metavar="P", help="A preset, or a TOML file with one.")
    ] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with a forest plot.")
    ] = None,
    studies: Annotated[int, typer.Option(metavar="N", help="Simulated studies of each arm.")] = 200,
    clients: Annotated[int, typer.Option(metavar="N", help="Clients of one study.")] = 60,
    seed: Annotated[int, typer.Option(metavar="S", help="Any seed but that of fitting.")] = JUDGING,
    everything: Annotated[
        bool, typer.Option("--all", help="All settings that have findings of their own.")
    ] = False,
) -> None:
    """Hold a setting against published findings, and show what it misses."""
    from experiments.reports.validation import as_html
    from experiments.reports.validation_table import validation_page
    from experiments.validation.validate import validate

    names = _names(preset, everything=everything)
    found = []
    for name in names:
        with _progress(name) as told:
            found.append(
                validate(name, studies=studies, clients_per_study=clients, seed=seed, on_fact=told)
            )
    if html is not None:
        _write(html, as_html(found))
        typer.echo(f"Wrote {html}.", err=True)
    if as_json:
        _print_json([entry for one in found for entry in one.to_dicts()])
        return
    for one in found:
        _print_page(validation_page(one))


def rivals_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    studies: Annotated[int, typer.Option(metavar="N", help="Simulated studies of each arm.")] = 200,
    seed: Annotated[int, typer.Option(metavar="S", help="Any seed but that of fitting.")] = JUDGING,
) -> None:
    """Show which published findings each of four rival mechanisms survives."""
    from experiments.reports.validation_table import rivals_page
    from experiments.validation.rival_mechanisms import rivals

    with _progress("rivals") as told:
        found = rivals(studies=studies, seed=seed, on_fact=told)
    if as_json:
        _print_json(found.to_dicts())
    else:
        _print_page(rivals_page(found))


def describe_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or Parquet, one row a session.")
    ],
    client: Annotated[str | None, typer.Option(metavar="COLUMN", help="Who.")] = None,
    session: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Session number; 0 is intake.")
    ] = None,
    therapist: Annotated[str | None, typer.Option(metavar="COLUMN", help="With whom.")] = None,
    date: Annotated[str | None, typer.Option(metavar="COLUMN", help="When.")] = None,
    alliance: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Alliance as the client rates it.")
    ] = None,
    symptom: Annotated[str | None, typer.Option(metavar="COLUMN", help="Symptom score.")] = None,
    ended: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="How treatment ended.")
    ] = None,
    study: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Site or study, if there are several.")
    ] = None,
    alliance_range: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="Possible alliance scores.")
    ] = None,
    symptom_range: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="Possible symptom scores.")
    ] = None,
    preset: Annotated[
        str, typer.Option(metavar="P", help="The setting to compare with.")
    ] = "default",
    studies: Annotated[
        int, typer.Option(metavar="N", help="Simulated studies to compare with; 0 for none.")
    ] = 100,
    seed: Annotated[int, typer.Option(metavar="S", help="Of the simulation.")] = JUDGING,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object.")] = False,
) -> None:
    """Describe real session records beside published and simulated values.

    Columns are guessed from their names and shown; say - for a column that is not to be used.
    """
    from experiments.records.describe import describe
    from experiments.records.instruments import parse_range
    from experiments.reports.records import describe_page

    limits = {
        "alliance_range": parse_range(alliance_range, "--alliance-range"),
        "symptom_range": parse_range(symptom_range, "--symptom-range"),
    }
    with _progress("simulation") as told:
        found = describe(
            file,
            preset=preset,
            studies=studies,
            seed=seed,
            on_fact=told,
            client=client,
            session=session,
            therapist=therapist,
            date=date,
            alliance=alliance,
            symptom=symptom,
            ended=ended,
            study=study,
            **limits,
        )
    if as_json:
        _print_json(found.to_dict())
    else:
        _print_page(describe_page(found))


def _names(preset: str, *, everything: bool) -> tuple[str, ...]:
    from experiments.evidence.facts_by_setting import DEFAULT, settings_with_facts
    from simulation.errors import AllianceError

    if not everything:
        return (preset,)
    if preset != DEFAULT:
        raise AllianceError(f"Give either --preset {preset} or --all, not both.")
    return settings_with_facts()


class _progress:  # noqa: N801  # reads as a word where it is used
    """Progress over findings on the error stream, where that is a terminal."""

    def __init__(self, name: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("findings"),
            console=Console(stderr=True),
            transient=True,
        )
        self.bar.disable = not self.bar.console.is_terminal
        self.task = self.bar.add_task(name, total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        self.bar.start()
        return lambda done, total: self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *_error: object) -> None:
        self.bar.stop()


def _write(path: Path, text: str) -> None:
    from simulation.files import StorageError, write_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"{path} cannot be written: {reason}.") from None
    write_whole(path, text.encode())


def _print_json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _print_page(parts: Iterable[RenderableType] | Iterator[RenderableType]) -> None:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, LEAST_WIDTH))
    for part in parts:
        console.print(part, highlight=False)
