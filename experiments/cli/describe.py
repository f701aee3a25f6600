"""The command ``alliance describe``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.cost import SECONDS_A_STUDIED_CLIENT, announce_cost
from experiments.cli.options import MOST_SEED, AsJson, Long, Overwrite
from experiments.cli.output import FACTS_WIDTH, print_json, print_page
from experiments.cli.process import keep_freed_memory
from experiments.cli.record_options import RecordOptions, with_record_options
from experiments.cli.record_progress import records_progress
from experiments.cli.usage_errors import refuse_alone
from experiments.validation.seeds import VALIDATION_SEED

__all__ = ["command"]


@with_record_options
def command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Session records: CSV, Excel, SPSS, Stata, R, Parquet, ..."
        ),
    ],
    reading: RecordOptions,
    save_map: Annotated[
        bool,
        typer.Option(
            "--save-map", help="Write how they were read to FILE.map.toml, to be changed."
        ),
    ] = False,
    overwrite: Overwrite = False,
    preset: Annotated[
        str, typer.Option(metavar="P", help="The setting to compare with.")
    ] = "default",
    studies: Annotated[
        int, typer.Option(metavar="N", help="Simulated studies to compare with; 0 for none.")
    ] = 100,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            min=0,
            max=MOST_SEED,
            help=f"Any seed but that of fitting; default: {VALIDATION_SEED}.",
        ),
    ] = None,
    long: Long = False,
    as_json: AsJson = False,
) -> None:
    """Describe real session records beside published and simulated values.

    Columns are guessed from their names and shown; say - for a column that is not to be used.
    """
    from experiments.records import mapping_text
    from experiments.records.describe import describe_records
    from experiments.reports.records import describe_page
    from simulation.files import check_output, write_output

    if not studies:
        refuse_alone("simulated studies (--studies N)", seed=seed)
    else:
        _refuse_few(studies)
    seed = VALIDATION_SEED if seed is None else seed
    target = file.with_name(f"{file.name}.map.toml")
    if save_map:
        check_output(target, overwrite=overwrite)
    else:
        refuse_alone("--save-map", overwrite=overwrite)
    announce_cost(
        f"{studies:,} simulated studies", studies, 60 * SECONDS_A_STUDIED_CLIENT, long=long
    )
    keep_freed_memory()
    with records_progress(file) as step:
        found = describe_records(
            reading.read(file),
            preset=preset,
            studies=studies,
            seed=seed,
            on_statistic=partial(step, "statistics"),
            on_fact=partial(step, "simulation"),
        )
    if save_map:
        write_output(target, mapping_text(found.records.mapping).encode(), overwrite=overwrite)
        typer.echo(f"Written: {target}. Use it with --map.", err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        print_page(*describe_page(found), least_width=FACTS_WIDTH)


def _refuse_few(studies: int) -> None:
    from experiments.validation.validate import LEAST_STUDIES
    from simulation.errors import AllianceError

    if studies < LEAST_STUDIES:
        raise AllianceError(
            f"--studies {studies} is not allowed: give 0 for none, or at least {LEAST_STUDIES}, from which the"
            " uncertainty can be estimated."
        )
