"""The command ``alliance benchmark``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.options import AsJson
from experiments.cli.output import announce_compiling, print_json
from simulation.errors import AllianceError

__all__ = ["command"]


def command(
    as_json: AsJson = False,
    scaling: Annotated[
        bool,
        typer.Option("--scaling", help="Print a table clients x sessions x replicates instead."),
    ] = False,
    trials: Annotated[
        bool,
        typer.Option(
            "--trials",
            help="Measure the analysis of trials and a power curve instead, beside lme4 if R has it.",
        ),
    ] = False,
    peers: Annotated[
        bool,
        typer.Option(
            "--peers",
            help="Measure a session in the engine, NumPy, JAX if it is installed, and Mesa.",
        ),
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page", help="With --scaling, --trials or --beside: a page to write measures into."
        ),
    ] = None,
    statsmodels: Annotated[
        str,
        typer.Option(
            "--statsmodels",
            metavar="PYTHON",
            help="With --trials: a Python that has statsmodels, to analyse a sample of the curve.",
        ),
    ] = "",
    beside: Annotated[
        str,
        typer.Option(
            "--beside",
            metavar="PYTHON",
            help="Run what users wait for in turns with another build, by the Python it is installed for.",
        ),
    ] = "",
    jobs: Annotated[
        list[str] | None,
        typer.Option("--job", help="With --beside: one of its jobs; repeat for more."),
    ] = None,
    turns: Annotated[int, typer.Option(min=1, help="With --beside: how often each is run.")] = 3,
    label: Annotated[
        str, typer.Option(help="With --beside: what a page calls the other build.")
    ] = "",
) -> None:
    """Measure the speed of the engine, beside its lower bound and beside Mesa."""
    alone = "--trials" if trials else "--peers" if peers else ""
    if alone:
        more = (peers and (trials or page or statsmodels)) or beside or scaling or jobs or label
        if more:
            raise AllianceError(f"{alone} is measured by itself: leave the other options out.")
        _trials(statsmodels, page, as_json=as_json) if trials else _peers(as_json=as_json)
        return
    if statsmodels:
        raise AllianceError("--statsmodels is for --trials: give that, too.")
    if beside:
        _side_by_side(beside, jobs or [], turns, page, label, as_json=as_json)
        return
    if jobs or label:
        raise AllianceError("--job and --label are for --beside: give that, too.")
    if page is not None and not scaling:
        raise AllianceError(
            "--page writes the measures of --scaling, --trials or --beside: give one of them."
        )
    from experiments.benchmarks.engine import measure
    from experiments.benchmarks.scaling import scaling_rows, scaling_table, write_page

    announce_compiling()
    if not scaling:
        measures = measure()
        if as_json:
            print_json(measures.as_json())
        else:
            typer.echo(measures.text())
        return
    rows = scaling_rows()
    if page is not None:
        write_page(page, measure(), rows)
    if as_json:
        print_json({"scaling": [row.as_json() for row in rows]})
    else:
        typer.echo(scaling_table(rows))


def _side_by_side(
    beside: str, jobs: list[str], turns: int, page: Path | None, label: str, *, as_json: bool
) -> None:
    from experiments.benchmarks.side_by_side import side_by_side, side_table, write_side_by_side

    rows = side_by_side(beside, jobs, turns=turns)
    if page is not None:
        write_side_by_side(page, rows, label)
    if as_json:
        print_json({"jobs": [row.as_json() for row in rows]})
    else:
        typer.echo(side_table(rows))


def _trials(statsmodels: str, page: Path | None, *, as_json: bool) -> None:
    from experiments.benchmarks.trial_curves import measure_curve, python_with_statsmodels
    from experiments.benchmarks.trials import measure_trials, write_trials

    announce_compiling()
    curve = measure_curve(statsmodels or python_with_statsmodels())
    speed = measure_trials()
    if page is not None:
        write_trials(page, speed, curve)
    if as_json:
        print_json({**speed.as_json(), "curve": curve.as_json()})
    else:
        typer.echo(f"{speed.text()}\n\n{curve.text()}")


def _peers(*, as_json: bool) -> None:
    from experiments.benchmarks.peers import measure_peers

    announce_compiling()
    peers = measure_peers()
    if as_json:
        print_json(peers.as_json())
    else:
        typer.echo(peers.text())
