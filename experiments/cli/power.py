"""The command ``alliance power``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import AsJson, InParameterSets, Overwrite
from experiments.cli.output import as_typed, compile_before_work, print_json, print_page
from experiments.cli.trial import WIDTH, stopping_is_said
from experiments.cli.usage_errors import refuse_alone
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.power.search import SizeSearch

__all__ = ["command"]


def command(
    trial: Annotated[
        Path, typer.Argument(metavar="TRIAL.toml", help="A trial.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where trials and results go; resumes.")
    ] = None,
    power: Annotated[float, typer.Option(help="Power that is wanted.")] = 0.8,
    find: Annotated[
        str,
        typer.Option(
            metavar="WHAT", help="clients, therapists, clients_per_therapist, clinics or effect."
        ),
    ] = "therapists",
    cost: Annotated[
        str | None,
        typer.Option(
            metavar="C",
            help='Find the cheapest trial instead: "client=400, therapist=3000".',
        ),
    ] = None,
    arm: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose effect; the second arm's if left out.")
    ] = None,
    trials: Annotated[
        int, typer.Option(min=0, help="Fresh trials that confirm the answer; 0 for none.")
    ] = 1000,
    ensemble: InParameterSets = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a report.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Run in so many threads.")] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Find how many therapists, clients or clinics a trial needs, or the smallest effect that it would show.

    The first analysis of the trial decides. Give the same command again to go on after an interruption.
    """
    from experiments.cli.progress import for_stream
    from experiments.power.cost import Cost
    from experiments.power.costs import find_cheapest
    from experiments.power.finding import find_power
    from experiments.power.wanted import Wanted
    from experiments.reports.power import power_page
    from experiments.trials import Trial
    from simulation.files import check_output

    if html is None:
        refuse_alone("--html FILE", overwrite=overwrite)
    if out is None:
        raise AllianceError("A search needs a folder for its trials: --out DIR.")
    if cost is not None and find != "therapists":
        raise AllianceError(
            f"--cost finds therapists and clients of each together, and --find {find} only one: give one of them."
        )
    read = Trial.read(trial, ensemble=ensemble)
    wanted = Wanted(power=power, arm=arm, confirm=trials)
    price = None if cost is None else Cost.read(cost)
    if html is not None:
        check_output(html, overwrite=overwrite)
    compile_before_work()
    on_round, progress = _round_line(find, quiet=as_json), for_stream()
    cheapest = None
    with stopping_is_said():
        if price is None:
            found = find_power(
                read, out, wanted, find=find, threads=threads, progress=progress, on_round=on_round
            )
        else:
            cheapest = find_cheapest(
                read, out, price, wanted, threads=threads, progress=progress, on_round=on_round
            )
            found = cheapest.power
    answer = out / "cheapest" if cheapest else out
    replay = f"alliance trial {shlex.quote(str(answer / 'confirmed' / 'trial.toml'))} --replay {{}}"
    if html is not None:
        from experiments.reports.trial_document import power_document
        from simulation.files import write_output

        page = power_document(found, replay, cheapest, as_typed())
        write_output(html, page.encode(), overwrite=overwrite)
        typer.echo(f"Wrote {html}.", err=True)
    if as_json:
        print_json((cheapest or found).to_dict())
    else:
        print_page(*power_page(found, replay, cheapest), least_width=WIDTH)
        typer.echo(f"Trials and results: {out}")


def _round_line(find: str, *, quiet: bool) -> Callable[[SizeSearch], None] | None:
    """Return what says after every round how near the answer is; nothing where nobody looks."""
    from experiments.power.sizing import LOOKED_FOR, words_of

    if quiet or not sys.stderr.isatty() or find not in LOOKED_FOR:
        return None
    words = words_of(LOOKED_FOR[LOOKED_FOR.index(find)])

    def on_round(found: SizeSearch) -> None:
        size = found.size
        near = f"{size.low:.3g} to {size.high:.3g}" if size.bounded else "not known yet"
        typer.echo(f"{found.trials:,} trials: {words} {near}", err=True)

    return on_round
