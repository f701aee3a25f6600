"""The commands for studies: sweep, results, verify, sensitivity, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from experiments.design.study import Study
    from experiments.execution.executors import Runner
    from experiments.execution.run import RunReport

__all__ = ["register"]

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a study.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Mount the commands on the program."""
    app.command()(sweep)
    app.command()(results)
    app.command()(verify)
    app.command()(sensitivity)
    app.command()(report)


def sweep(
    study: Annotated[
        Path | None, typer.Argument(metavar="STUDY.toml", help="A study.", show_default=False)
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUES", help="low:high:points or a,b,c; may be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where results go.")] = None,
    preset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="What everything starts from; later ones lie on top."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A parameter of every run; may be repeated."
        ),
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="What to keep of every run; may be repeated.")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(help="Runs of every point.  [default: 50]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Shared by all points.  [default: 1]")] = None,
    design: Annotated[
        str | None,
        typer.Option(
            help="grid, one-at-a-time, latin-hypercube, sobol, saltelli or morris.  [default: grid]"
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(help="Size of a sampled design (Saltelli: base, Morris: trajectories)."),
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="A quick form: few replicates, small samples.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would run.")] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="Run in so many threads.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="Run in so many processes.")] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on a Dask scheduler, or: local.")
    ] = None,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Run one share of N that share the folder.")
    ] = "1/1",
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run again what failed before.")
    ] = False,
) -> None:
    """Run a study: a design of parameter settings, each many times, into a folder.

    Give the same command again to go on after an interruption; finished runs are kept.
    """
    from experiments.cli.study_options import SweepOptions

    asked = SweepOptions(
        vary=tuple(vary or ()),
        settings=tuple(set_ or ()),
        preset="+".join(preset) if preset else None,
        outcomes=tuple(outcome or ()),
        replicates=replicates,
        seed=seed,
        design=design,
        size=size,
    )
    wanted = asked.study(study)
    if small:
        wanted = wanted.small()
    runner = _runner(threads, processes, dask)
    if dry_run:
        _forecast(wanted, runner, out)
        return
    if out is None:
        from experiments.design.value import StudyError

        raise StudyError("A sweep needs a folder for its results: --out DIR (or --dry-run).")
    _run(wanted, out, runner, shard, retry_failed=retry_failed)


def results(
    folder: Folder,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as CSV.")
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run as Parquet.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Most points to show.")] = 40,
) -> None:
    """Show what every point gave, with 95 % intervals, or write every run to one file."""
    from experiments.reports.study_table import show_results
    from experiments.store.export import export_csv, export_parquet
    from experiments.store.study_folder import StudyFolder

    opened = StudyFolder.open(folder)
    if csv is not None:
        export_csv(opened, csv)
        typer.echo(f"Wrote {csv}.")
    if parquet is not None:
        export_parquet(opened, parquet)
        typer.echo(f"Wrote {parquet}.")
    if csv is None and parquet is None:
        show_results(opened, rows)


def verify(
    folder: Folder,
    rows: Annotated[int, typer.Option(min=1, help="How many random runs to repeat.")] = 20,
    seed: Annotated[int | None, typer.Option(help="Of the choice of runs.")] = None,
) -> None:
    """Compare checksums, run random rows of the results again and compare every bit."""
    from experiments.execution.verify import verify as verified
    from experiments.store.study_folder import StudyFolder

    found = verified(StudyFolder.open(folder), rows, seed=seed)
    typer.echo(f"Checksums of {found.parts:,} parts compared, {len(found.rows):,} runs repeated.")
    if not found.same_source:
        typer.echo("Note: these results were made by another version of the model than this one.")
    for name in found.damaged:
        typer.echo(f"Damaged: {name}")
    for one in found.mismatches:
        typer.echo(
            f"Different: point {one.point}, replicate {one.replicate}, {one.outcome}: "
            f"stored {one.stored!r}, now {one.again!r}"
        )
    if found.holds:
        typer.echo("Everything is the same to the bit.")
        return
    if found.damaged:
        typer.echo("Give the command of the study again: damaged parts are run anew.")
    raise typer.Exit(1)


def sensitivity(
    folder: Folder,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Which outcomes; all of the study if not said.")
    ] = None,
    method: Annotated[str, typer.Option(help="auto, sobol, morris, pawn or discovery.")] = "auto",
    above: Annotated[
        float | None, typer.Option(help="Find the region where the outcome is above this.")
    ] = None,
    below: Annotated[
        float | None, typer.Option(help="Find the region where the outcome is below this.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell which parameters matter: Sobol indices, Morris screening, PAWN, scenario discovery."""
    from experiments.reports.sensitivity import show_sensitivity
    from experiments.store.study_folder import StudyFolder

    show_sensitivity(
        StudyFolder.open(folder),
        tuple(outcome or ()),
        method,
        above=above,
        below=below,
        as_json=as_json,
    )


def report(
    folder: Folder,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write.  [default: DIR/report.html]"),
    ] = None,
) -> None:
    """Write one self-contained HTML file.

    Question, design, results, sensitivity, how to reproduce.
    """
    from experiments.reports.study import report_html
    from experiments.store.study_folder import StudyFolder
    from simulation.files import write_whole

    target = html or folder / "report.html"
    write_whole(target, report_html(StudyFolder.open(folder)).encode())
    typer.echo(f"Wrote {target}.")


def _runner(threads: int | None, processes: int | None, dask: str | None) -> Runner:
    from experiments.design.value import StudyError
    from experiments.execution.executors import Dask, Processes, Threads

    if sum(option is not None for option in (threads, processes, dask)) > 1 and not (
        dask == "local" and processes is None
    ):
        raise StudyError("Choose one of --threads, --processes and --dask.")
    if dask is not None:
        return Dask(dask, threads)
    return Processes(processes) if processes is not None else Threads(threads)


def _forecast(study: Study, runner: Runner, out: Path | None) -> None:
    from experiments.execution.cost_estimate import forecast
    from experiments.execution.evaluation import ClinicEvaluation
    from experiments.execution.plan import plan
    from experiments.execution.progress import duration
    from experiments.store.study_folder import StudyFolder

    planned = plan(study)
    coming = forecast(planned, ClinicEvaluation(study.outcomes))
    most = "" if study.replication.kind == "fixed" else "at most "
    typer.echo(f"Study: {study.name}")
    for name, column in planned.points.columns.items():
        typer.echo(f"  varies {name} ({column.kind})")
    typer.echo(f"  keeps {', '.join(study.outcomes)}")
    typer.echo(
        f"Runs: {most}{coming.runs:,} ({coming.points:,} points, {most}"
        f"{study.replication.ceiling:,} replicates) in {coming.parts:,} parts"
    )
    typer.echo(
        f"Time: {most or 'about '}{duration(coming.seconds(runner.workers))} with "
        f"{runner.workers} workers "
        f"({coming.microseconds:,.0f} microseconds a run here)"
    )
    typer.echo(f"Size: {most or 'about '}{coming.megabytes:,.1f} MB")
    if out is not None and (out / "study.toml").is_file():
        done = len(StudyFolder.open(out).finished())
        typer.echo(f"Finished in {out}: {done:,} of {coming.parts:,} parts")


def _run(study: Study, out: Path, runner: Runner, shard: str, *, retry_failed: bool) -> None:
    import shlex
    import sys

    from experiments.execution.options import RunOptions, Shard
    from experiments.execution.progress import for_stream
    from experiments.execution.run import run_and_report

    command = shlex.join(["alliance", *sys.argv[1:]])
    report = run_and_report(
        study,
        out,
        executor=runner,
        options=RunOptions(
            shard=Shard.parse(shard),
            retry_failed=retry_failed,
            progress=for_stream(),
            command=command,
        ),
    )
    _tell(report, out)


def _tell(report: RunReport, out: Path) -> None:
    from experiments.execution.progress import duration

    for name in report.damaged:
        typer.echo(f"{name} was damaged; it is kept in {out / 'damaged'} and was run again.")
    kept = f", {report.finished_before:,} were there already" if report.finished_before else ""
    typer.echo(
        f"{report.finished:,} runs finished in {duration(report.seconds)}{kept}. Results: {out}"
    )
    if report.failed:
        typer.echo(
            f"{report.failed:,} runs failed; {out / 'failures.parquet'} says which, why, and "
            "how to replay them."
        )
    if report.stopped:
        typer.echo("Stopped. Nothing finished is lost; give the same command again to go on.")
        raise typer.Exit(130)
    typer.echo(f"Next: alliance results {out}    alliance report {out}")
