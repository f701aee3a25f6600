"""Rules and models that a researcher wrote, named on the command line as ``FILE.py:NAME``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.output import announce_compiling
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from experiments.design.study import Study
    from experiments.execution.tasks import Evaluate

__all__ = ["ModelName", "RuleNames", "load", "model_for"]

RuleNames = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="FILE.py:NAME",
        help="A session function, model of the dyad, or class of clients or therapists of your own; may be repeated.",
    ),
]

ModelName = Annotated[
    str | None,
    typer.Option("--model", metavar="FILE.py:NAME", help="A model of your own to evaluate."),
]


def model_for(study: Study, rules: Iterable[str] | None, model: str | None) -> Evaluate | None:
    """Return the model a study is to be run with; None for the simulation as it is.

    Raises
    ------
    AllianceError
        If both are given, or one cannot be loaded.
    """
    from experiments.execution.evaluation import ClinicEvaluation
    from experiments.execution.rehearsal import rehearse

    given = tuple(rules or ())
    if model is not None and given:
        raise AllianceError("--rule changes the simulation, and --model replaces it: give one.")
    if model is not None:
        evaluate: Evaluate = load(model)
        return evaluate
    if not given:
        return None
    rules = tuple(map(load, given))
    if not rehearse(rules).need_agents:
        announce_compiling(own=True)
    return ClinicEvaluation(study.outcomes, rules)


def load(text: str) -> Any:
    """Import what ``FILE.py:NAME`` or ``MODULE:NAME`` names. This runs the file, as Python would.

    Raises
    ------
    AllianceError
        If there is no such file, module or name, or it fails to import.
    """
    place, colon, name = text.rpartition(":")
    if not colon or not place or not name:
        raise AllianceError(f"{text} names nothing to load: write FILE.py:NAME.")
    module = _module(place)
    if not hasattr(module, name):
        raise unknown_name(name, f"in {place}", [one for one in vars(module) if one[:1] != "_"])
    return getattr(module, name)


def _module(place: str) -> Any:
    path = Path(place).resolve() if place.endswith(".py") else None
    if path is not None and not path.is_file():
        raise AllianceError(f"{place} does not exist; name a Python file.")
    folder = str(path.parent) if path is not None else str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)  # worker processes get the same path, and find the file too
    try:
        module = import_module(path.stem if path is not None else place)
    except Exception as error:  # whatever a researcher's file raises
        from simulation.mistakes import where_it_failed

        said = " ".join(str(error).split())
        line = "" if isinstance(error, SyntaxError) else where_it_failed(error)
        raise AllianceError(
            f"{place} cannot be imported: {type(error).__name__}: {said}{line}"
        ) from error
    if path is not None and Path(str(getattr(module, "__file__", ""))).resolve() != path:
        raise AllianceError(
            f"Python knows another module by the name {path.stem}; rename {path.name}."
        )
    return module
