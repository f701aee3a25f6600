"""The command ``alliance rivals``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.cost import SECONDS_A_STUDIED_CLIENT, announce_cost
from experiments.cli.options import AsJson, Long, SimulatedStudies, ValidationSeed
from experiments.cli.output import FACTS_WIDTH, findings_progress, print_json, print_page
from experiments.cli.process import keep_freed_memory
from experiments.validation.seeds import VALIDATION_SEED
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from simulation.parameters import Parameters

__all__ = ["command"]


def command(
    rival: Annotated[
        list[str] | None,
        typer.Option(
            metavar="P",
            help="A preset, a published model of the dyad or one of your own (FILE.py:NAME) to compare instead of the"
            " four; repeat it for each.",
        ),
    ] = None,
    studies: SimulatedStudies = 200,
    seed: ValidationSeed = VALIDATION_SEED,
    long: Long = False,
    as_json: AsJson = False,
) -> None:
    """Show which published findings each of four rival mechanisms survives, or other rivals that you name."""
    from experiments.reports.rivals_table import rivals_page
    from experiments.validation.rival_mechanisms import MECHANISMS, rivals

    keep_freed_memory()
    names = tuple(dict.fromkeys(rival)) if rival else MECHANISMS
    compared = [_own_model(name) if ".py:" in name else name for name in names]
    announce_cost(
        f"{studies:,} studies of each rival",
        studies,
        (len(names) + 1) * 60 * SECONDS_A_STUDIED_CLIENT,
        long=long,
    )
    with findings_progress("rivals") as on_fact:
        found = rivals(compared, studies=studies, seed=seed, on_fact=on_fact)
    if as_json:
        print_json(found.to_dicts())
    else:
        print_page(*rivals_page(found), least_width=FACTS_WIDTH)


def _own_model(text: str) -> Parameters:
    """Return the parameters of a model of the dyad that ``FILE.py:NAME`` names, at their defaults."""
    from experiments.cli.custom_models import load
    from simulation.parameters import Parameters

    kind = load(text)
    if not (isinstance(kind, type) and issubclass(kind, Parameters) and kind.dyad is not None):
        raise AllianceError(
            f"{text} is no rival: name a subclass of Parameters with a dyad, a preset or a preset file."
        )
    return kind()
