"""The command ``alliance sensitivity``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import AsJson, StudyPath, Unfinished
from experiments.cli.output import print_json, print_page
from experiments.cli.study_folders import folder_with_runs
from experiments.design.value import StudyError
from experiments.quantities.writing import significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

__all__ = ["command"]


def command(
    folder: StudyPath,
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
    unfinished: Unfinished = False,
    as_json: AsJson = False,
) -> None:
    """Say which parameters matter: Sobol indices, Morris screening, PAWN, scenario discovery."""
    from experiments.analysis.study_sensitivity import chosen_outcomes, discovered, sensitivity
    from experiments.reports.sensitivity import effects_page, region_text

    opened = folder_with_runs(folder, unfinished=unfinished)
    names = chosen_outcomes(opened.study, tuple(outcome or ()))
    if method == "discovery" or above is not None or below is not None:
        regions = _each(names, lambda name: discovered(opened, name, above=above, below=below))
        sign, limit = (">", above) if above is not None else ("<", below)
        _print(
            regions,
            lambda name, box: [region_text(box, f"{name} {sign} {significant(limit)}")],
            as_json,
        )
    else:
        effects = _each(names, lambda name: sensitivity(opened, name, method))
        _print(effects, lambda _, found: effects_page(found), as_json)


def _each(names: tuple[str, ...], answer: Callable[[str], Any]) -> dict[str, Any]:
    """Return the answer for every outcome, or why there is none; an error only if there is none for any."""
    answers: dict[str, Any] = {}
    for name in names:
        try:
            answers[name] = answer(name)
        except StudyError as error:
            answers[name] = error
    errors = [one for one in answers.values() if isinstance(one, StudyError)]
    if len(errors) == len(answers):
        raise errors[0]
    return answers


def _print(
    answers: dict[str, Any],
    page: Callable[[str, Any], Iterable[RenderableType]],
    as_json: bool,
) -> None:
    from rich.text import Text

    if as_json:
        print_json(
            [
                {"outcome": name}
                | ({"refused": str(one)} if isinstance(one, StudyError) else asdict(one))
                for name, one in answers.items()
            ]
        )
        return
    for name, one in answers.items():
        print_page(*([Text(str(one))] if isinstance(one, StudyError) else page(name, one)))
