"""The command ``alliance verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.custom_models import ModelName, RuleNames, model_for
from experiments.cli.options import StudyPath

__all__ = ["command"]


def command(
    folder: StudyPath,
    rows: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many random runs to repeat, at most all.")
    ] = 20,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the choice of runs.")] = None,
    rule: RuleNames = None,
    model: ModelName = None,
) -> None:
    """Compare checksums, run random rows of the results again and compare every bit."""
    from experiments.execution.verify import verify
    from experiments.quantities.writing import count
    from experiments.store.study_folder import StudyFolder

    opened = StudyFolder.open(folder)
    evaluate = model_for(opened.study, rule, model)
    space = getattr(evaluate, "space", None)
    found = verify(opened, rows, seed=seed, evaluate=evaluate, space=space)
    compared, repeated = count(found.chunks, "chunk"), count(len(found.rows), "run")
    typer.echo(f"Checksums of {compared} compared, {repeated} repeated.")
    if not found.same_source:
        typer.echo("Note: these results were made by another version of the model than this one.")
    for name in found.damaged:
        typer.echo(f"Damaged, or not of this place in this study: {name}")
    if found.missing:
        shown = ", ".join(map(str, found.missing[:5])) + (", ..." if found.missing[5:] else "")
        typer.echo(f"Missing: {count(len(found.missing), 'chunk')} of the study ({shown})")
    for one in found.mismatches:
        typer.echo(
            f"Different: point {one.point}, replicate {one.replicate}, {one.outcome}: "
            f"stored {one.stored!r}, now {one.again!r}"
        )
    if found.holds:
        typer.echo("Everything is the same to the bit.")
        return
    if found.damaged or found.missing:
        typer.echo("Give the command of the study again: they are run again.")
    raise typer.Exit(1)
