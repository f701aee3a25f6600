"""Sensitivity of the outcomes of a study in a folder, by the method its design was made for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.estimates import StudySummary, summarise
from experiments.analysis.scenario_discovery import Box, as_numbers, discover
from experiments.analysis.sensitivity import Method, Sensitivity, morris, pawn, sobol
from experiments.design.sampling import Morris, Saltelli, SampledDesign
from experiments.design.value import StudyError
from experiments.store.study_folder import StudyFolder
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from experiments.design.study import Study

__all__ = ["chosen_outcomes", "discovered", "sensitivity", "suited"]

METHODS = ("auto", "sobol", "morris", "pawn", "discovery")


def suited(study: Study) -> Method:
    """Return the method that a study's design was made for; PAWN for any other sample of a space.

    Raises
    ------
    StudyError
        If the design is no sample of a space.
    """
    if isinstance(study.design, Saltelli):
        return "sobol"
    if isinstance(study.design, Morris):
        return "morris"
    if isinstance(study.design, SampledDesign):
        return "pawn"
    raise StudyError(
        f"A {study.design.kind} design gives no sensitivity indices; use saltelli (Sobol indices), "
        "morris (screening), latin_hypercube or sobol (PAWN), or look for a region with --above."
    )


def chosen_outcomes(study: Study, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes asked for, or all of the study.

    Raises
    ------
    AllianceError
        If the study did not store one of them.
    """
    for name in names:
        if name not in study.outcomes:
            stored = "It stored: " + ", ".join(study.outcomes) + "."
            raise unknown_name(
                name, "an outcome that this study stored", study.outcomes, see=stored
            )
    return names or study.outcomes


def sensitivity(
    folder: StudyFolder | str | Path,
    outcome: str,
    method: str = "auto",
    *,
    summary: StudySummary | None = None,
) -> Sensitivity:
    """Compute how much each factor of a study matters for one outcome.

    Parameters
    ----------
    folder
        A finished study.
    outcome
        Its name.
    method
        ``auto`` for the one the design was made for, or ``sobol``, ``morris``, ``pawn``.
    summary
        Of the folder, where it is computed already.

    Raises
    ------
    AllianceError
        If the design does not allow the method, or points are missing.
    """
    folder = StudyFolder.open(folder)
    study = folder.study
    if method not in METHODS[:4]:
        raise unknown_name(
            method, "a method", METHODS, see="There are: " + ", ".join(METHODS) + "."
        )
    wanted = suited(study) if method == "auto" else method
    table = summary or summarise(folder)
    found = _by_method(wanted, folder, table, outcome)
    if aside := _left_out(table, outcome):
        found = replace(found, note=f"{found.note} {aside}")
    return found


def _by_method(wanted: str, folder: StudyFolder, table: StudySummary, outcome: str) -> Sensitivity:
    design = folder.study.design
    if wanted == "sobol" and isinstance(design, Saltelli):
        return sobol(design, _at_every_point(folder, table, outcome), outcome)
    if wanted == "morris" and isinstance(design, Morris):
        return morris(design, _at_every_point(folder, table, outcome), outcome)
    if wanted != "pawn":
        needed = {"sobol": "saltelli", "morris": "morris"}[wanted]
        raise StudyError(
            f"Method {wanted} needs a {needed} design, and this study is a {design.kind}."
        )
    known = table.points.filter(~table.points[outcome].is_nan())
    if known.is_empty():
        raise StudyError(f"{outcome} is not defined at any point.")
    columns = [as_numbers(known[name].to_list())[0] for name in table.factors]
    return pawn(table.factors, np.column_stack(columns), known[outcome].to_numpy(), outcome)


def discovered(
    folder: StudyFolder, outcome: str, *, above: float | None = None, below: float | None = None
) -> Box:
    """Find the region of the factors in which the mean of an outcome is above or below a threshold.

    Raises
    ------
    StudyError
        If not exactly one threshold is given, or it divides no points.
    """
    if (above is None) == (below is None):
        raise StudyError("Say which region to find: --above VALUE or --below VALUE.")
    table = summarise(folder)
    known = table.points.filter(table.points[outcome].is_finite())
    values = known[outcome].to_numpy()
    interesting = values > above if above is not None else values < below
    return discover({name: known[name].to_list() for name in table.factors}, interesting)


def _left_out(table: StudySummary, outcome: str) -> str:
    """Say how many runs and points an outcome is not defined in; nothing if it is in all."""
    defined = table.defined(outcome)
    if defined == table.runs:
        return ""
    empty = int((table.points[f"{outcome}_n"] == 0).sum())
    without = f", and {empty:,} points without any are left out" if empty else ""
    return f"{outcome} is defined in {defined:,} of {table.runs:,} runs; means are over those{without}."


def _at_every_point(folder: StudyFolder, table: StudySummary, outcome: str) -> NDArray[np.float64]:
    """Return the mean at every point of the design, NaN where nothing ran."""
    values = np.full(int(folder.manifest["points"]), np.nan)
    values[table.points["point"].to_numpy()] = table.points[outcome].to_numpy()
    return values
