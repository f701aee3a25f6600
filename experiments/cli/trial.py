"""The command ``alliance trial``."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import AsJson, InParameterSets, Overwrite, read_names
from experiments.cli.output import as_typed, compile_before_work, print_json, print_page
from experiments.cli.stopping import end_stopped
from experiments.cli.usage_errors import refuse_alone, refuse_beside
from simulation.errors import AllianceError, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from experiments.trials import Trial

__all__ = ["WIDTH", "command", "stopping_is_said"]

WIDTH = 150
"""Columns that the table of analyses needs."""


def command(
    trial: Annotated[
        Path, typer.Argument(metavar="TRIAL.toml", help="A trial.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where data and results go; resumes.")
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="How many trials are simulated.")] = 1000,
    null: Annotated[
        bool, typer.Option("--null", help="The same trials without an effect, too: type I error.")
    ] = False,
    data: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Write the data of the first N trials as files."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="F,...",
            help="Of --data: csv, sav (SPSS), r (script); default: all.",
        ),
    ] = None,
    replay: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Simulate and analyse the Nth trial alone."),
    ] = None,
    ensemble: InParameterSets = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a report.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Run in so many threads.")] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a trial many times, with a true effect that is known, and see what its analyses say.

    Give the same command again to go on after an interruption, or with other analyses: nothing is simulated twice.
    """
    from experiments.cli.progress import for_stream
    from experiments.reports.trial import trial_page
    from experiments.trials import Trial
    from experiments.trials.datasets import FORMATS, check_formats
    from experiments.trials.trial import MOST_TRIALS
    from simulation.files import check_output, write_output

    if data is None:
        refuse_alone("--data N", format=form)
    elif data > trials:
        raise AllianceError(
            f"--data {data} is more than the {trials:,} trials that are simulated: give at most {trials}, or more"
            " --trials."
        )
    if data is None and html is None:
        refuse_alone("--html FILE or --data N", overwrite=overwrite)
    if replay is not None:
        whole_number("--replay", replay, 1, MOST_TRIALS)
        refuse_beside("--replay N", out=out, data=data, html=html, threads=threads)
    read = Trial.read(trial, ensemble=ensemble)
    wanted = FORMATS if form is None else read_names(form, "--format")
    formats = check_formats(wanted) if data else ()
    if replay is not None:
        compile_before_work()
        _replay(read, replay, null=null)
        return
    if out is None:
        raise AllianceError("A trial needs a folder for its data and results: --out DIR.")
    if html is not None:
        check_output(html, overwrite=overwrite)
    compile_before_work()
    with stopping_is_said():
        result = read.run(out, trials, null=null, threads=threads, progress=for_stream())
    again = (
        f"alliance trial {shlex.quote(str(trial))}{' --ensemble' if ensemble else ''} --replay {{}}"
    )
    if html is not None:
        from experiments.reports.trial_document import trial_document

        write_output(
            html,
            trial_document(result, again, as_typed()).encode(),
            overwrite=overwrite,
        )
        typer.echo(f"Wrote {html}.", err=True)
    if as_json:
        print_json(result.to_dict())
    else:
        print_page(*trial_page(result, again), least_width=WIDTH)
        typer.echo(f"Data and results: {out}")
    if data:
        _write_data(read, out, data, formats, null=null, overwrite=overwrite, quiet=as_json)


@contextmanager
def stopping_is_said() -> Iterator[None]:
    """Say that nothing is lost where trials are interrupted, and end as the signal asks."""
    from experiments.trials.running import TrialsStopped

    try:
        yield
    except TrialsStopped as stopped:
        end_stopped(stopped.args[0])


def _write_data(
    read: Trial,
    out: Path,
    trials: int,
    formats: tuple[str, ...],
    *,
    null: bool,
    overwrite: bool,
    quiet: bool,
) -> None:
    from experiments.quantities.writing import count
    from experiments.trials.datasets import write_dataset

    width = max(3, len(str(trials)))
    for number in range(trials):
        for without in (False, True) if null else (False,):
            name = f"{'null' if without else 'trial'}-{number + 1:0{width}d}"
            simulated = read.simulate(1, first=number, null=without)
            write_dataset(
                out / "datasets" / name,
                read.design,
                simulated,
                null=without,
                formats=formats,
                overwrite=overwrite,
            )
    if not quiet:
        twice = ", with and without an effect," if null else ""
        typer.echo(f"Wrote the data of {count(trials, 'trial')}{twice} to {out / 'datasets'}.")


def _replay(read: Trial, number: int, *, null: bool) -> None:
    """Print what each analysis says of one trial."""
    from experiments.trials.analysing import analyses_of

    simulated = read.simulate(1, first=number - 1, null=null)
    found: dict[str, Any] = {}
    for one in analyses_of(read.design):
        fitted = one.fit(read.design, simulated.table, simulated.offsets).contrasts(0)
        found[one.name] = [
            {
                "arm": arm,
                **{
                    name: getattr(fit, name)
                    for name in ("estimate", "se", "df", "p", "low", "high", "boundary", "failed")
                },
                "variances": dict(fit.variances),
            }
            for arm, fit in zip(list(read.design.arms)[1:], fitted, strict=True)
        ]
    print_json({"trial": number, "null": null, "analyses": found})
