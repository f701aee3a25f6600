"""The command ``alliance fit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from experiments.cli.options import AsJson
from experiments.cli.output import print_json, print_page

__all__ = ["command"]


def command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Data: CSV, Excel, SPSS, Stata, R, Parquet, ...")
    ],
    formula: Annotated[
        str,
        typer.Option(metavar="FORMULA", help="As in R: 'y ~ base + arm + (1 | therapist)'."),
    ],
    effect: Annotated[
        str, typer.Option(metavar="TERM", help="The effect to test: arm, or week:arm.")
    ],
    df: Annotated[
        Literal["kenward_roger", "satterthwaite", "between_within", "normal"],
        typer.Option(help="Degrees of freedom."),
    ] = "kenward_roger",
    variance_by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Each of its values has its own residual variance."),
    ] = None,
    missing: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="Codes for missing, such as 99,-99."),
    ] = None,
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet or data frame, if there are several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit a linear mixed model to a data file and test one effect.

    Columns are used as given: numbers, and groups of any name. See docs/trials.md.
    """
    from experiments.inference.formula_fit import fit_formula
    from experiments.records.missing_codes import read_missing
    from experiments.reports.formula_fit import fit_page

    fitted = fit_formula(
        file,
        formula,
        effect,
        df,
        variance_by=variance_by,
        table=table,
        missing=read_missing(missing) or (),
    )
    if as_json:
        print_json(fitted.to_dict())
        return
    for note in fitted.notes:
        typer.echo(note, err=True)
    print_page(*fit_page(fitted))
