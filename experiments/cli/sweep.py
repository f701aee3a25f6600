"""The command ``alliance sweep``."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.cost import announce_cost
from experiments.cli.custom_models import ModelName, RuleNames, model_for
from experiments.cli.options import Long, ParameterValues, PresetNames
from experiments.cli.output import as_typed, compile_before_work
from experiments.cli.stopping import end_stopped
from experiments.cli.study_folders import end_without_runs
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.design.study import Study
    from experiments.execution.executors import StudyExecutor
    from experiments.execution.options import Shard
    from experiments.execution.plan import Plan
    from experiments.execution.run import RunReport
    from experiments.execution.tasks import Evaluate

__all__ = ["command"]

RUNS_WORTH_A_MEASUREMENT = 100_000
"""Fewer are done in about a minute or less."""


def command(
    study: Annotated[
        Path | None, typer.Argument(metavar="STUDY.toml", help="A study.", show_default=False)
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUES", help="low:high:points or a,b,c; may be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where results go.")] = None,
    preset: PresetNames = None,
    set_: ParameterValues = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="What to store of every run; may be repeated.")
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
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--extend",
            metavar="DIR",
            help="Take over the runs that a smaller study in DIR has already.",
        ),
    ] = None,
    rule: RuleNames = None,
    model: ModelName = None,
    long: Long = False,
) -> None:
    """Run a study: a design of parameter settings, each many times, into a folder.

    Give the same command again to go on after an interruption; finished runs stay.
    """
    from experiments.cli.sweep_options import SweepOptions

    options = SweepOptions(
        vary=tuple(vary or ()),
        settings=tuple(set_ or ()),
        preset="+".join(preset) if preset else None,
        outcomes=tuple(outcome or ()),
        replicates=replicates,
        seed=seed,
        design=design,
        size=size,
    )
    wanted = options.study(study)
    if small:
        wanted = wanted.small()
    executor = _executor(threads, processes, dask)
    evaluate = model_for(wanted, rule, model)
    if dry_run:
        _print_estimate(wanted, executor, out, evaluate)
        return
    if out is None:
        raise AllianceError("A sweep needs a folder for its results: --out DIR (or --dry-run).")
    from experiments.cli.progress import for_stream
    from experiments.execution.options import RunOptions, Shard
    from experiments.execution.plan import plan
    from experiments.execution.run import run_and_report

    space = getattr(evaluate, "space", None)
    if evaluate is None:
        compile_before_work()
    _announce(plan(wanted, space), evaluate, executor, Shard.parse(shard), long=long)
    run_options = RunOptions(
        shard=Shard.parse(shard),
        retry_failed=retry_failed,
        progress=for_stream(),
        command=as_typed(),
        earlier=earlier,
    )
    report = run_and_report(
        wanted,
        out,
        executor=executor,
        evaluate=evaluate,
        space=space,
        options=run_options,
    )
    _print_report(report, out)


def _announce(
    planned: Plan, evaluate: Evaluate | None, executor: StudyExecutor, shard: Shard, *, long: bool
) -> None:
    """Say how long a study takes, if it is long enough to be worth measuring a few runs."""
    from experiments.execution.cost_estimate import estimate_cost
    from experiments.execution.evaluation import ClinicEvaluation

    runs = planned.runs // shard.of
    if runs < RUNS_WORTH_A_MEASUREMENT:
        return
    cost = estimate_cost(planned, evaluate or ClinicEvaluation(planned.study.outcomes))
    announce_cost(
        f"{runs:,} runs ({cost.megabytes / shard.of:,.0f} MB of results)",
        runs,
        0.0 if isnan(cost.microseconds) else cost.microseconds * 1e-6,
        long=long,
        workers=max(1, min(executor.workers, planned.chunks)),
    )


def _executor(threads: int | None, processes: int | None, dask: str | None) -> StudyExecutor:
    from experiments.execution.dask_executor import Dask
    from experiments.execution.executors import Processes, Threads

    if sum(option is not None for option in (threads, processes, dask)) > 1 and not (
        dask == "local" and processes is None
    ):
        raise AllianceError("Choose one of --threads, --processes and --dask.")
    if dask is not None:
        return Dask(dask, threads)
    return Processes(processes) if processes is not None else Threads(threads)


def _print_estimate(
    study: Study, executor: StudyExecutor, out: Path | None, evaluate: Evaluate | None
) -> None:
    from experiments.cli.progress import duration
    from experiments.execution.cost_estimate import estimate_cost
    from experiments.execution.evaluation import ClinicEvaluation
    from experiments.execution.plan import plan
    from experiments.quantities.writing import count
    from experiments.store.study_folder import StudyFolder

    planned = plan(study, getattr(evaluate, "space", None))
    cost = estimate_cost(planned, evaluate or ClinicEvaluation(study.outcomes))
    most = "" if study.replication.kind == "fixed" else "at most "
    typer.echo(f"Study: {study.name}")
    for name, column in planned.points.columns.items():
        typer.echo(f"  varies {name} ({column.kind})")
    typer.echo(f"  stores {', '.join(study.outcomes)}")
    typer.echo(
        f"Runs: {most}{cost.runs:,} ({count(cost.points, 'point')}, {most}"
        f"{count(study.replication.ceiling, 'replicate')}) in {count(cost.chunks, 'chunk')}"
    )
    typer.echo(
        f"Time: {most or 'about '}{duration(cost.seconds(executor.workers))} with "
        f"{count(executor.workers, 'worker')} "
        f"({cost.microseconds:,.0f} microseconds a run here)"
    )
    typer.echo(f"Size: {most or 'about '}{cost.megabytes:,.1f} MB")
    if out is not None and (out / "study.toml").is_file():
        done = len(StudyFolder.open(out).finished())
        typer.echo(f"Finished in {out}: {done:,} of {count(cost.chunks, 'chunk')}")


def _print_report(report: RunReport, out: Path) -> None:
    from experiments.cli.progress import duration
    from experiments.quantities.writing import count

    for name in report.damaged:
        typer.echo(f"{name} was damaged; it lies in {out / 'damaged'} and was run again.")
    before = f", {report.finished_before:,} were there already" if report.finished_before else ""
    typer.echo(
        f"{count(report.finished, 'run')} finished in {duration(report.seconds)}{before}. Results: {out}"
    )
    if report.taken_over:
        typer.echo(f"{report.taken_over:,} of them were taken over from the earlier study.")
    if report.failed:
        typer.echo(
            f"{count(report.failed, 'run')} failed; {out / 'failures.parquet'} says which, why, and "
            "how to replay them."
        )
    if report.stopped_by:
        end_stopped(report.stopped_by)
    if not report.folder.has_runs() and not report.folder.failures().is_empty():
        end_without_runs(report.folder)
    typer.echo(f"Next: alliance results {out}    alliance report {out}")
