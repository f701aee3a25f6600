"""The program ``alliance``: one table of commands, each in a module of its own.

Nothing heavy is imported before a command needs it: ``alliance --help`` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.mounting import Mounted, group_of
from experiments.cli.process import short_lived

__all__ = ["COMMANDS", "app", "main"]

COMMANDS: tuple[Mounted, ...] = tuple(
    Mounted(name, module, help_)
    for name, module, help_ in (
        ("run", "experiments.cli.run", "Run a clinic, or many alike, and say what happened."),
        (
            "presets",
            "experiments.cli.presets",
            "List settings, scenarios, rival mechanisms and policies, or show one.",
        ),
        (
            "explain",
            "experiments.cli.explain",
            "Say what a name means, how it is known, from where, and which equations use it.",
        ),
        (
            "benchmark",
            "experiments.cli.benchmark",
            "Measure the speed of the engine, beside its lower bound and beside Mesa.",
        ),
        ("sweep", "experiments.cli.sweep", "Run a study: many settings, resumable."),
        ("results", "experiments.cli.results", "Show or export the results of a study."),
        ("verify", "experiments.cli.verify", "Run random rows of a study again and compare bits."),
        (
            "sensitivity",
            "experiments.cli.sensitivity",
            "Ask which parameters an outcome depends on.",
        ),
        (
            "trial",
            "experiments.cli.trial",
            "Simulate a trial with a known effect, and see what its analyses say.",
        ),
        ("power", "experiments.cli.power", "Find how many therapists or clients a trial needs."),
        ("report", "experiments.cli.report", "Write a study as one HTML page."),
        ("validate", "experiments.cli.validate", "Compare the simulation with published facts."),
        ("rivals", "experiments.cli.rivals", "See which facts each rival mechanism survives."),
        ("describe", "experiments.cli.describe", "Describe your own session records."),
        (
            "audition",
            "experiments.cli.audition",
            "Try your own analysis on simulated studies whose truth is known.",
        ),
        (
            "twin",
            "experiments.cli.twin",
            "Make a twin of your own records: simulated, in your columns.",
        ),
        (
            "fit",
            "experiments.cli.fit",
            "Fit a mixed model to a data file: clients in therapists.",
        ),
        ("calibrate", "experiments.cli.calibrate", "Fit parameters to facts or to your own data."),
        (
            "play",
            "dashboards.therapies.play_command",
            "Play a therapy saved from the dashboard again.",
        ),
        (
            "page",
            "dashboards.page.command",
            "Write a class as one HTML file: no server, no network.",
        ),
        (
            "dashboard",
            "dashboards.app.command",
            "Play a therapy, run a clinic, sweep a parameter.",
        ),
    )
)
"""Every command: its name, its module and its line of help; see `experiments.cli.mounting`."""

app = typer.Typer(
    name="alliance",
    cls=group_of(COMMANDS),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the program on the arguments it was started with."""
    with short_lived():
        app(prog_name="alliance")


def _version(wanted: bool) -> None:
    if wanted:
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
    _version_wanted: Annotated[
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
