"""The command ``alliance run``."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.cost import (
    SECONDS_A_CLIENT,
    SECONDS_A_MESA_CLIENT,
    SECONDS_A_PLAIN_CLIENT,
    announce_cost,
)
from experiments.cli.custom_models import RuleNames, load
from experiments.cli.options import (
    AsJson,
    DecimalSign,
    Long,
    Overwrite,
    ParameterValues,
    PresetNames,
    read_whole_number,
)
from experiments.cli.output import announce_compiling, print_json, print_page, shows_blocks
from experiments.cli.run_request import Engine, RunRequest
from experiments.cli.usage_errors import refuse_alone
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.results.writing import check_run_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.results.result import Result
    from simulation.running import Clinics

__all__ = ["MOST_HISTORIES", "command"]

SECONDS_EACH = {
    "compiled": SECONDS_A_CLIENT,
    "plain": SECONDS_A_PLAIN_CLIENT,
    "mesa": SECONDS_A_MESA_CLIENT,
}
"""How long a course of therapy takes one core."""

MOST_HISTORIES = 50_000
"""Courses of therapy up to which every session stays in memory for the summary; each takes about 2 kB."""


def command(
    preset: PresetNames = None,
    set_: ParameterValues = None,
    clients: Annotated[str | None, typer.Option(metavar="N", help="Clients of a clinic.")] = None,
    therapists: Annotated[
        str | None, typer.Option(metavar="N", help="Therapists of a clinic.")
    ] = None,
    seed: Annotated[str, typer.Option(metavar="S", help="Seed of the random numbers.")] = "1",
    replicates: Annotated[
        str | None,
        typer.Option(metavar="R", help="How many clinics to run; default: 1, of an ensemble 100."),
    ] = None,
    ensemble: Annotated[
        bool,
        typer.Option(
            "--ensemble",
            help="Draw every clinic from the parameter sets that findings leave, and say how clinics differ.",
        ),
    ] = False,
    first_replicate: Annotated[
        str, typer.Option(metavar="K", help="Number of the first clinic, to repeat one of many.")
    ] = "0",
    engine: Annotated[
        Engine | None,
        typer.Option(
            help="Who runs them; the tables are the same. If left out: plain Python for few sessions, else compiled."
        ),
    ] = None,
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
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="F", help="Beside Parquet: csv, sav or xlsx; may be repeated."
        ),
    ] = None,
    decimal: DecimalSign = ".",
    rule: RuleNames = None,
    overwrite: Overwrite = False,
    outcomes: Annotated[
        bool, typer.Option("--outcomes", help="List every outcome with its 95 % interval.")
    ] = False,
    long: Long = False,
    as_json: AsJson = False,
) -> None:
    """Run a clinic, or many alike, and say what happened."""
    request = RunRequest(
        presets=tuple(preset or ()),
        settings=tuple(set_ or ()),
        clients=clients,
        therapists=therapists,
        seed=read_whole_number("seed", seed, least=0),
        first_replicate=read_whole_number("first-replicate", first_replicate, least=0),
        replicates=read_whole_number(
            "replicates", replicates or ("100" if ensemble else "1"), least=1
        ),
        engine=engine,
        network=network,
        out=out,
        histories=histories,
        rules=tuple(rule or ()),
        ensemble=ensemble,
    )
    if out is None:
        sign = None if decimal == "." else decimal
        refuse_alone("--out DIR", format=formats or None, decimal=sign, overwrite=overwrite)
    forms = _formats(formats, decimal)
    clinics = request.clinics() if ensemble else None
    parameters = request.parameters() if clinics is None else clinics.base
    if rule:
        from experiments.execution.rehearsal import rehearse

        rehearse(map(load, rule))
    check_memory(parameters, request.replicates)
    chosen = request.chosen_engine(parameters)
    announce_cost(
        f"{request.replicates:,} clinics",
        request.replicates,
        SECONDS_EACH[chosen] * parameters.clients,
        long=long,
        workers=0 if chosen == "compiled" else 1,
    )
    if out is not None:
        check_writable(out, overwrite=overwrite)
    if network is not None:
        from simulation.network import supervision_network

        supervision_network(parameters, request.seed, network)
    if chosen == "compiled":
        announce_compiling(own=bool(rule) or parameters.dyad is not None)
    result, first = run_requested(request, clinics or parameters, chosen)
    from experiments.analysis.run_summary import summarise_run

    summary = summarise_run(
        result,
        command=request.command,
        histories=first,
        outcomes=outcomes or as_json,
        holds="" if clinics is None else clinics.holds,
    )
    if out is not None:
        result.write(out, command=request.command, overwrite=overwrite)
        _write_also(result, out, forms, decimal=decimal, overwrite=overwrite)
        typer.echo(f"Wrote the tables to {out}.", err=True)
    if as_json:
        print_json(summary.as_json())
    else:
        from experiments.reports.run import outcome_page, run_page

        page = outcome_page(summary) if outcomes else run_page(summary, unicode=shows_blocks())
        print_page(page)


def _formats(names: list[str] | None, decimal: str) -> tuple[str, ...]:
    """Return the formats asked for, all of which can be written."""
    from experiments.store.tables import check_format

    return tuple(dict.fromkeys(check_format(name, decimal=decimal) for name in names or ()))


def _write_also(
    result: Result, out: Path, forms: tuple[str, ...], *, decimal: str, overwrite: bool
) -> None:
    """Write the tables of a run beside its Parquet files."""
    from experiments.store.tables import write_table

    frames = {"clients": result.clients, "therapists": result.therapists}
    if result.session_rows is not None:
        frames["sessions"] = result.sessions
    for form in forms:
        if form == "parquet":
            continue
        for name, frame in frames.items():
            write_table(frame, out / f"{name}.{form}", decimal=decimal, overwrite=overwrite)


def check_memory(parameters: Parameters, replicates: int) -> None:
    """Make sure that the clients of a run fit into this machine's memory.

    Raises
    ------
    AllianceError
        If their rows alone would not.
    """
    from simulation.engine.records import CLIENT_ROW

    each = CLIENT_ROW.itemsize * parameters.clients
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return
    if each * replicates > there:
        raise AllianceError(
            f"{replicates:,} replicates of {parameters.clients:,} clients need {each * replicates / 2**30:,.0f} GiB, "
            f"and this machine has {there / 2**30:,.0f}: ask for at most {there // each:,} replicates."
        )


def check_writable(directory: Path, *, overwrite: bool) -> None:
    """Make sure that tables can be written to `directory`, before the run and not after it.

    Raises
    ------
    AllianceError
        If they cannot, or would replace an earlier run and `overwrite` is not set.
    """
    check_run_folder(directory, overwrite=overwrite)
    made = not directory.exists()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=directory, prefix=".writing-"):
            pass
    except OSError as error:
        raise AllianceError(f"{directory} cannot be written: {error.strerror}.") from None
    if made:
        directory.rmdir()


def run_requested(
    request: RunRequest, parameters: Parameters | Clinics, engine: Engine
) -> tuple[Result, Result | None]:
    """Run what was asked for, in this way; of clinics that differ, with the engine.

    Returns
    -------
    result
        The run.
    histories
        Its first replicates with their sessions, where `result` is too large to have them all and no tables
        are to be written; None where `result` has them.
    """
    rules = request.rules_given()
    middle = parameters if isinstance(parameters, Parameters) else parameters.parameters
    if isinstance(parameters, Parameters) and engine == "mesa":
        replicates = range(request.first_replicate, request.first_replicate + request.replicates)
        options = {"network": request.network, "histories": request.histories}
        return rules.run_agents(parameters, request.seed, replicates, **options), None
    simulate = _simulation_by(engine)

    def clinics(replicates: int, *, histories: bool) -> Result:
        return simulate(
            parameters,
            seed=request.seed,
            first_replicate=request.first_replicate,
            replicates=replicates,
            histories=histories,
            network=request.network,
            session=rules.session,
        )

    few = max(1, MOST_HISTORIES // middle.clients)
    wanted = request.histories and request.out is not None
    if wanted or request.replicates <= few:
        result = clinics(request.replicates, histories=True)
        if request.histories:
            return result, None
        return replace(result, session_rows=None), result
    return clinics(request.replicates, histories=False), clinics(few, histories=True)


def _simulation_by(engine: Engine) -> Callable[..., Result]:
    """Return `simulate`, or what does the same in plain Python."""
    if engine == "plain":
        from simulation.plain.running import simulate_plainly

        return simulate_plainly
    from simulation.running import simulate

    return simulate
