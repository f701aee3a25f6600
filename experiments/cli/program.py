"""The program ``alliance``: run, presets, explain, benchmark, and the commands mounted from other modules.

Nothing heavy is imported before a command needs it: ``alliance --help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated, Literal

import typer

from experiments.cli.commands import Mounted, group_of

__all__ = ["app", "main"]

MOUNTED: tuple[Mounted, ...] = (
    Mounted("sweep", "experiments.cli.study_commands", "Run a study: many settings, resumable."),
    Mounted("results", "experiments.cli.study_commands", "Show or export the results of a study."),
    Mounted(
        "verify",
        "experiments.cli.study_commands",
        "Run random rows of a study again and compare bits.",
    ),
    Mounted(
        "sensitivity", "experiments.cli.study_commands", "Ask which parameters an outcome hangs on."
    ),
    Mounted("report", "experiments.cli.study_commands", "Write a study as one HTML page."),
    Mounted(
        "validate",
        "experiments.cli.validation_commands",
        "Hold the simulation against published facts.",
    ),
    Mounted(
        "rivals",
        "experiments.cli.validation_commands",
        "See which facts each rival mechanism survives.",
    ),
    Mounted(
        "describe", "experiments.cli.validation_commands", "Describe your own session records."
    ),
    Mounted(
        "calibrate", "experiments.cli.calibrate", "Fit parameters to facts or to your own data."
    ),
    Mounted(
        "play", "dashboards.therapies.play_command", "Play a therapy kept from the dashboard again."
    ),
    Mounted(
        "dashboard", "dashboards.app.command", "Play a therapy, run a clinic, sweep a parameter."
    ),
)
"""Commands of other modules, a line each; see `experiments.cli.commands`."""

app = typer.Typer(
    name="alliance",
    cls=group_of(MOUNTED),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the program."""
    app(prog_name="alliance")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("alliance-dynamics")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"alliance {number}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def alliance(
    context: typer.Context,
    _version_asked: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """Simulate what happens between therapists and clients, session by session.

    Begin with: alliance run
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    preset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="P",
            help="A preset, or a TOML file with one; may be repeated, later ones on top.",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a parameter; may be repeated."),
    ] = None,
    clients: Annotated[str | None, typer.Option(metavar="N", help="Clients of a clinic.")] = None,
    therapists: Annotated[
        str | None, typer.Option(metavar="N", help="Therapists of a clinic.")
    ] = None,
    seed: Annotated[str, typer.Option(metavar="S", help="Seed of the random numbers.")] = "1",
    replicates: Annotated[str, typer.Option(metavar="R", help="How many clinics to run.")] = "1",
    engine: Annotated[
        Literal["compiled", "mesa"], typer.Option(help="Who runs them; the tables are the same.")
    ] = "compiled",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write Parquet tables and a manifest there.")
    ] = None,
    histories: Annotated[
        bool,
        typer.Option("--histories/--no-histories", help="Whether to write every session, too."),
    ] = True,
    network: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Who supervises whom: GraphML or an edge list."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run a clinic, or many alike, and tell what happened."""
    from experiments.cli.run import RunOptions, check_memory, prepare, whole_number
    from experiments.cli.run import run as run_clinics

    options = RunOptions(
        presets=tuple(preset or ()),
        settings=tuple(set_ or ()),
        clients=clients,
        therapists=therapists,
        seed=whole_number("seed", seed, least=0),
        replicates=whole_number("replicates", replicates, least=1),
        engine=engine,
        network=network,
        out=out,
        histories=histories,
    )
    parameters = options.parameters()
    check_memory(parameters, options.replicates)
    if out is not None:
        prepare(out)
    _tell_of_compiling()
    result, first = run_clinics(options, parameters)
    from experiments.analysis.run_summary import summarise

    summary = summarise(result, command=options.command, histories=first)
    if out is not None:
        result.write(out, command=options.command)
        typer.echo(f"Wrote the tables to {out}.", err=True)
    if as_json:
        _print_json(summary.as_json())
    else:
        from experiments.reports.run import page

        _print_page(page(summary, unicode=_shows_blocks()))


@app.command()
def presets(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show one in full.", show_default=False)
    ] = None,
) -> None:
    """List settings, scenarios, rival mechanisms and policies, or show one."""
    from experiments.reports.explanation import explanation_page, presets_page

    if name is None:
        _print_page(presets_page())
    else:
        from experiments.evidence.explain import preset_explained

        _print_page(explanation_page(preset_explained(name)))


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A parameter, preset, fact (F01), mechanism (C7) or column (wai_sr_client).",
            show_default=False,
        ),
    ],
) -> None:
    """Say what a name means, how it is known, from where, and which equations use it."""
    from experiments.evidence.explain import explain as explained
    from experiments.reports.explanation import explanation_page

    for one in explained(name):
        _print_page(explanation_page(one))


@app.command()
def benchmark(
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    scaling: Annotated[
        bool,
        typer.Option("--scaling", help="Print a table clients x sessions x replicates instead."),
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="With --scaling: a page to write all measures into."),
    ] = None,
) -> None:
    """Measure the speed of the engine, beside its floor and beside Mesa."""
    from experiments.benchmarks.engine import measure, scaling_rows, scaling_table, write_page
    from simulation.errors import AllianceError

    if page is not None and not scaling:
        raise AllianceError("--page writes the measures of --scaling: give both.")
    _tell_of_compiling()
    if scaling:
        rows = scaling_rows()
        if page is not None:
            write_page(page, measure(), rows)
        if as_json:
            _print_json({"scaling": [row.as_json() for row in rows]})
        else:
            typer.echo(scaling_table(rows))
        return
    measures = measure()
    if as_json:
        _print_json(measures.as_json())
    else:
        typer.echo(measures.text())


def _tell_of_compiling() -> None:
    from simulation.engine.compilation import is_compiled_before

    if not is_compiled_before():
        typer.echo(
            "Compiling the model for this machine. This happens once and takes about 15 seconds.",
            err=True,
        )


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _shows_blocks() -> bool:
    encoding = sys.stdout.encoding or "ascii"
    try:
        "█▏".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _print_page(content: object) -> None:
    from rich.console import Console

    Console(highlight=False, emoji=False).print(content)
