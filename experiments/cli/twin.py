"""The command ``alliance twin``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import MOST_SEED, AsJson, Overwrite
from experiments.cli.output import print_json
from experiments.cli.record_options import said_by_mapping

__all__ = ["command"]


def command(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Session records of any form that describe reads."),
    ],
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The twin: .csv, .sav, .xlsx or .dta by its ending."),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="How the records are read, made by describe --save-map."
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(min=0, max=MOST_SEED, metavar="S", help="The same seed gives the same twin."),
    ] = 1,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Make a twin of your own records: simulated clients in your columns, to share where records cannot be.

    Beside it are written what was simulated behind the scores (.truth.csv), a codebook, and a report of what the
    twin keeps and what attacks on it found. It is no guarantee of anonymity.
    """
    from experiments.twin.making import files_of, make_twin
    from experiments.twin.report import NO_GUARANTEE
    from simulation.errors import AllianceError
    from simulation.files import check_output

    if out.resolve() == file.resolve():
        raise AllianceError(f"{out} is the file of the records: give the twin another name.")
    for path in files_of(out):
        check_output(path, overwrite=overwrite)
    with said_by_mapping("alliance twin"):
        twin = make_twin(
            file, out, mapping, seed=seed, progress=lambda what: typer.echo(f"{what} ...", err=True)
        )
    written = twin.write(out, overwrite=overwrite)
    judged = [one for one in twin.statistics if not math.isnan(one.low + one.high)]
    if as_json:
        print_json(
            {
                "files": [str(path) for path in written],
                "statistics": [
                    {
                        "id": one.id,
                        "statistic": one.statistic,
                        "original": one.original,
                        "low": one.low,
                        "high": one.high,
                        "twin": one.twin,
                        "kept": one.preserved,
                    }
                    for one in twin.statistics
                ],
                "privacy": {
                    "copies": twin.privacy.copies,
                    "copies_by_chance": twin.privacy.expected_copies,
                    "attacks": [
                        {
                            "name": one.name,
                            "measure": one.measure,
                            "value": one.value,
                            "error": one.error,
                            "p": one.p,
                            "chance": one.chance,
                            "works": one.works,
                        }
                        for one in twin.privacy.attacks
                    ],
                },
                "not_in_it": list(twin.notes),
                "parameters": dict(twin.parameters),
            }
        )
        return
    typer.echo(f"Written: {', '.join(map(str, written))}")
    typer.echo(
        f"{sum(one.preserved for one in judged)} of {len(judged)} statistics lie in the 95 % interval of the records."
    )
    lost = [one.statistic for one in judged if not one.preserved]
    if lost:
        typer.echo(f"Not kept: {'; '.join(lost)}.")
    typer.echo(
        f"Courses with every score of a real one: {twin.privacy.copies} (by chance"
        f" {twin.privacy.expected_copies:.1f})."
    )
    for one in twin.privacy.attacks:
        typer.echo(
            f"{one.name}: {one.measure} {one.value:.2f} ±{one.error:.2f} (chance {one.chance:g}),"
            f" {one.verdict}."
        )
    for note in twin.notes:
        typer.echo(note)
    typer.echo(NO_GUARANTEE)
