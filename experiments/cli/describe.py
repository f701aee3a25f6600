"""The command ``alliance describe``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.cost import SECONDS_A_STUDIED_CLIENT, announce_cost
from experiments.cli.options import AsJson, Long, ValidationSeed, read_range
from experiments.cli.output import FACTS_WIDTH, findings_progress, print_json, print_page
from experiments.validation.seeds import VALIDATION_SEED

__all__ = ["command"]


def command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Session records: CSV, Excel, SPSS, Stata, R, Parquet, ..."
        ),
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
    alliance_therapist: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Alliance as the therapist rates it.")
    ] = None,
    episode: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Course, where clients come again.")
    ] = None,
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
    missing: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="Codes for missing, such as 99,-99; none for none."),
    ] = None,
    pause: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=0,
            help="Days without a session that end a course: 365; 0 for never.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="How the records are read, made by --save-map."),
    ] = None,
    save_map: Annotated[
        bool,
        typer.Option(
            "--save-map", help="Write how they were read to FILE.map.toml, to be changed."
        ),
    ] = False,
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet or data frame, if there are several.")
    ] = None,
    preset: Annotated[
        str, typer.Option(metavar="P", help="The setting to compare with.")
    ] = "default",
    studies: Annotated[
        int, typer.Option(metavar="N", help="Simulated studies to compare with; 0 for none.")
    ] = 100,
    seed: ValidationSeed = VALIDATION_SEED,
    long: Long = False,
    as_json: AsJson = False,
) -> None:
    """Describe real session records beside published and simulated values.

    Columns are guessed from their names and shown; say - for a column that is not to be used.
    """
    from experiments.records import mapping_text
    from experiments.records.describe import describe
    from experiments.reports.records import describe_page
    from simulation.files import write_output

    alliance_limits = read_range(alliance_range, "--alliance-range")
    symptom_limits = read_range(symptom_range, "--symptom-range")
    announce_cost(
        f"{studies:,} simulated studies", studies, 60 * SECONDS_A_STUDIED_CLIENT, long=long
    )
    with findings_progress("simulation") as on_fact:
        found = describe(
            file,
            mapping,
            preset=preset,
            studies=studies,
            seed=seed,
            on_fact=on_fact,
            client=client,
            session=session,
            therapist=therapist,
            date=date,
            alliance=alliance,
            symptom=symptom,
            alliance_therapist=alliance_therapist,
            episode=episode,
            ended=ended,
            missing=missing,
            pause=pause,
            table=table,
            study=study,
            alliance_range=alliance_limits,
            symptom_range=symptom_limits,
        )
    if save_map:
        target = file.with_name(f"{file.name}.map.toml")
        write_output(target, mapping_text(found.records.mapping).encode())
        typer.echo(f"Written: {target}. Use it with --map.", err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        print_page(*describe_page(found), least_width=FACTS_WIDTH)
