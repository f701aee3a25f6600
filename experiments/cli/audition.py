"""The command ``alliance audition``."""

from __future__ import annotations

import math
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import MOST_SEED, AsJson, Overwrite, name_and_value
from experiments.cli.output import FACTS_WIDTH, as_typed, print_json, print_page
from experiments.cli.record_options import said_by_mapping
from experiments.cli.stopping import end_stopped
from experiments.cli.usage_errors import refuse_alone, refuse_beside
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.audition.audition import Audition
    from experiments.audition.records_studies import StudiesLikeRecords
    from experiments.audition.studies import Arms

__all__ = ["command"]

CLIENTS, THERAPISTS, OUTCOME = 100, 10, "core_10_last"
MOST_STUDIES, MOST_CLIENTS, MOST_THERAPISTS = 1_000_000, 1_000_000, 10_000


def command(
    script: Annotated[
        str,
        typer.Argument(
            metavar="SCRIPT",
            help="FILE.py with a function analyse(table), FILE.py:NAME, FILE.R, or a command in quotation marks.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the audition; resumes. Default: NAME-audition."
        ),
    ] = None,
    studies: Annotated[
        int, typer.Option(min=2, max=MOST_STUDIES, metavar="N", help="Studies in each world.")
    ] = 200,
    clients: Annotated[
        int | None,
        typer.Option(
            min=10, max=MOST_CLIENTS, metavar="N", help=f"Clients of a study; default: {CLIENTS}."
        ),
    ] = None,
    therapists: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_THERAPISTS,
            metavar="N",
            help=f"Therapists of a study; default: {THERAPISTS}.",
        ),
    ] = None,
    preset: Annotated[str | None, typer.Option(metavar="P", help="The setting.")] = None,
    rival: Annotated[
        list[str] | None,
        typer.Option(
            metavar="P",
            help="A rival, a preset on top of the setting; default: the four mechanisms.",
        ),
    ] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option(
            metavar="P|NAME=VALUE",
            help="What the second arm of a trial has: a policy or a parameter; repeat it for several.",
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help=f"Column of clients whose difference is the effect, with --arm; default: {OUTCOME}.",
        ),
    ] = None,
    statistic: Annotated[
        str | None, typer.Option(metavar="NAME", help="The statistic that the script should find.")
    ] = None,
    truth: Annotated[
        float | None,
        typer.Option(metavar="X", help="The number that the script should find in every world."),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Records that the studies look like, in columns and form."
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="How those records are read.")
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(
            metavar="client|session",
            help="What a row of the table is; default: session, with --arm client.",
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", help="Seconds that a study may take.")
    ] = 60.0,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Studies at a time; default: all cores.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=MOST_SEED, metavar="S", help="Seed of all studies.")
    ] = 1,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run again what failed.")
    ] = False,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="WORLD:N", help="Write the table of one study instead, such as causal:17."
        ),
    ] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Try your own analysis on simulated studies whose truth is known.

    The script is given the table of one study at a time and answers with an estimate, its standard error and
    degrees of freedom or a p-value. Studies come from the model, from its rivals and from a world without effect.
    """
    from experiments.audition.audition import Audition
    from experiments.audition.scripts import Script
    from experiments.audition.summary import summarise_audition
    from experiments.audition.truths import truths_by_statistic
    from experiments.catalogue import statistic as statistic_named
    from experiments.quantities.monte_carlo import Measured

    _check_truth(arm=arm, statistic=statistic, truth=truth)
    if mapping is not None and like is None:
        raise AllianceError("--map says how records are read: give them with --like FILE.")
    if not arm:
        refuse_alone("--arm", outcome=outcome)
    if data is None:
        refuse_alone("--data WORLD:N (a folder of studies resumes)", overwrite=overwrite)
    if like is not None:
        refuse_beside(
            "--like FILE, whose studies have no arms and are as large as the records",
            arm=arm,
            statistic=statistic,
            rows=rows,
            clients=clients,
            therapists=therapists,
        )
    if statistic is not None:
        statistic_named(statistic)
    kind = rows or ("client" if arm else "session")
    if kind not in {"client", "session"}:
        raise AllianceError(f"--rows {kind} is not allowed: a row is a client or a session.")
    from experiments.validation.rival_mechanisms import MECHANISMS

    audition = Audition(
        Script.named(script, timeout),
        _arms(arm, outcome or OUTCOME),
        kind,
        studies,
        clients or CLIENTS,
        therapists or THERAPISTS,
        preset,
        MECHANISMS if rival is None else tuple(rival),
        seed,
    )
    if like is not None:
        audition = replace(audition, like=_like(like, mapping))
    if data is not None:
        _write_study(audition, data, overwrite=overwrite)
        return
    folder = out or Path(f"{_stem(script)}-audition")
    _run(audition, folder, threads, retry_failed=retry_failed)
    if statistic is not None:
        truths = truths_by_statistic(audition, statistic)
    else:
        truths = {} if truth is None else dict.fromkeys(audition.world_names, Measured(truth, 0.0))
    from experiments.store.study_folder import NoRunsError, StudyFolder

    stored = StudyFolder.open(folder)
    if not stored.has_runs():
        raise NoRunsError(stored.why_without_runs())
    found = summarise_audition(stored, truths)
    if as_json:
        print_json(found.to_dict())
        return
    from experiments.reports.audition_table import audition_page

    print_page(*audition_page(found, arms=arm is not None), least_width=FACTS_WIDTH)


def _run(audition: Audition, folder: Path, threads: int | None, *, retry_failed: bool) -> None:
    from experiments.cli.progress import for_stream
    from experiments.execution.executors import Threads

    report = audition.run(
        folder,
        executor=Threads(threads),
        retry_failed=retry_failed,
        progress=for_stream(),
        command=as_typed(),
    )
    for name in report.damaged:
        typer.echo(
            f"{name} was damaged; it lies in {folder / 'damaged'} and was run again.", err=True
        )
    if report.stopped_by:
        end_stopped(report.stopped_by)
    typer.echo(f"Every answer: {folder} (alliance results {folder}).", err=True)


def _check_truth(**given: object) -> None:
    """Refuse more than one word on what the truth is, and a truth that is no number."""
    said = [f"--{name}" for name, one in given.items() if one is not None]
    if len(said) > 1:
        raise AllianceError(f"{said[0]} and {said[1]} both say what the truth is: give one.")
    truth = given["truth"]
    if isinstance(truth, float) and not math.isfinite(truth):
        raise AllianceError(f"--truth {truth} is not allowed: give a number.")


def _arms(given: list[str] | None, outcome: str) -> Arms | None:
    """Read what the second arm has."""
    from experiments.audition.studies import Arms, space
    from experiments.design.factors import parse_scalar
    from simulation.presets import preset as preset_named

    if not given:
        return None
    changes = {}
    for text in given:
        if "=" in text:
            name, value = name_and_value(text, "--arm", "empathy=0.7")
            changes[name] = space(()).checked(name, parse_scalar(value))
        else:
            changes.update(preset_named(text).changed())
    return Arms(tuple(changes.items()), outcome)


def _like(path: Path, mapping: Path | None) -> StudiesLikeRecords:
    """Read records that studies are to look like, and say what becomes of arms in them."""
    from experiments.audition.records_studies import StudiesLikeRecords

    with said_by_mapping("alliance audition"):
        records = StudiesLikeRecords.of(path, mapping)
    for column in records.arms():
        typer.echo(
            f"{column}: studies have it in the shares of the records, but no effect of it (for arms that differ:"
            " --arm POLICY, without --like).",
            err=True,
        )
    return records


def _write_study(audition: Audition, text: str, *, overwrite: bool) -> None:
    from simulation.files import write_output

    world, _, number = text.partition(":")
    if not number.isascii() or not number.isdigit() or int(number) >= MOST_STUDIES:
        raise AllianceError(
            f"--data {text} is not allowed: write WORLD:N, such as causal:17, with N below {MOST_STUDIES:,}."
        )
    table, effect = audition.evaluation.simulated.study(
        audition.settings(world), audition.seed, int(number)
    )
    target = Path(f"study-{world}-{number}{table.ending}")
    write_output(target, table.content, overwrite=overwrite)
    known = "" if math.isnan(effect) else f" Mean effect on its clients: {effect:.4g}."
    typer.echo(f"Written: {target}.{known}")


def _stem(script: str) -> str:
    words = [word for word in shlex.split(script) if Path(word.partition(":")[0]).suffix]
    name = Path((words or [script])[-1].partition(".py:")[0]).stem
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name) or "script"
