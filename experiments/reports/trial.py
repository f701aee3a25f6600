"""What came of simulated trials, on the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from experiments.quantities.writing import fixed, percent, significant
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.trials.characteristics import Characteristics, Measured
    from experiments.trials.result import TrialResult

__all__ = ["NO_EVIDENCE", "trial_page"]

NO_EVIDENCE = "A simulation, not evidence that a policy works."

NO_SPILL_OVER = (
    "Each arm is simulated as a clinic in which everybody is treated so: there is no spill-over."
)


def trial_page(result: TrialResult, replay: str) -> Iterator[RenderableType]:
    """Yield the true effects, how each analysis does, and what else to know.

    Parameters
    ----------
    result
        What came of the trials.
    replay
        Command that analyses one trial again, with ``{}`` for its number, counted from 1.
    """
    design = result.design
    yield Text(design.name, style="bold")
    yield Text(_design_line(result))
    if result.sketch:
        yield Text(f"A sketch: {result.trials:,} trials are too few to rely on; take 200 or more.")
    yield Text("")
    points = INSTRUMENTS[design.outcome.instrument].name
    for one in result.effects:
        yield Text(
            f"True effect of {one.arm}: {_pm(one.effect, one.error, 2)} points of {points} in week "
            f"{design.outcome.primary}, d = {_pm(one.d, one.d_error, 3)}."
        )
    for arm, found in result.strengths.items():
        for name, value in found.items():
            yield Text(f"Found for the effect wanted of {arm}: {name} = {significant(value)}.")
    yield Text("")
    yield _table(result)
    yield Text("")
    for cluster in result.clustering:
        yield Text(
            f"{cluster.arm}: clients of one therapist correlate by {fixed(cluster.icc, 3)} given the score at "
            f"intake; design effect {fixed(cluster.design_effect, 2)}, by which a test that ignores therapists has "
            f"type I error {fixed(cluster.naive_type_1, 3)}."
        )
    lacking = ", ".join(f"{arm} {percent(share)}" for arm, share in result.missing.items())
    yield Text(f"Missing primary scores: {lacking}.")
    yield from _failures(result, replay)
    yield Text(f"± is the Monte Carlo standard error. {NO_SPILL_OVER} {NO_EVIDENCE}")


def _design_line(result: TrialResult) -> str:
    own = result.design.design
    clinics = f" in {own.clinics} clinics" if own.clinics > 1 else ""
    return (
        f"{result.trials:,} simulated trials of {own.clients:,} clients and {own.therapists:,} therapists{clinics}; "
        f"randomised: {own.randomise}; therapists {own.therapists_in_arms} in arms."
    )


def _table(result: TrialResult) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    several = len(result.effects) > 1
    table.add_column("Analysis")
    if several:
        table.add_column("Arm")
    for name in (
        *("bias", "empirical SE", "model SE", "coverage", "power", "type I", "wrong sign"),
        *("boundary", "failed"),
    ):
        table.add_column(name, justify="right")
    for one in result.characteristics:
        table.add_row(one.analysis, *([one.arm] if several else []), *_cells(one))
    return table


def _cells(one: Characteristics) -> list[str]:
    return [
        _measured(one.bias, 2),
        _measured(one.empirical_se, 2),
        _measured(one.model_se, 2),
        _measured(one.coverage, 3),
        "withheld" if one.withheld else _measured(one.power, 3),
        _measured(one.type_1, 3),
        _measured(one.sign_error, 3),
        percent(one.boundary),
        f"{one.failed:,}",
    ]


def _failures(result: TrialResult, replay: str) -> Iterator[Text]:
    """Yield which fits failed, and what to do about it."""
    for one in result.characteristics:
        if not one.failed:
            continue
        share = percent(one.failed / one.trials)
        said = ": more than 1 %, so its power is not said" if one.withheld else ""
        yield Text(
            f"{one.analysis} failed in {one.failed:,} of {one.trials:,} trials ({share}){said}. The first: {one.why} "
            f"To see it: {replay.format((one.first_failed or 0) + 1)}"
        )


def _measured(one: Measured, digits: int) -> str:
    return _pm(one.value, one.error, digits)


def _pm(value: float, error: float, digits: int) -> str:
    if math.isnan(value):
        return fixed(value, digits)
    return f"{fixed(value, digits)} ± {fixed(error, digits)}"
