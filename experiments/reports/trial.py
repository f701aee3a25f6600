"""What came of simulated trials, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from experiments.quantities.writing import fixed, percent, significant
from experiments.reports.trial_table import (
    EXPLAINED,
    head_of,
    letter_lines,
    plus_minus,
    rows_of,
)
from experiments.trials.clinic_sentences import clinics_sentence, power_sentence
from experiments.trials.result import SKETCH
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from experiments.trials.result import Clustering, TrialResult

__all__ = [
    "NO_EVIDENCE",
    "NO_SPILL_OVER",
    "clustering_line",
    "design_line",
    "effect_lines",
    "failure_lines",
    "trial_page",
]

SIDE_BY_SIDE = 4
"""Analyses, and arms, beside each other in a table: so many fit into 80 columns."""

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
    yield Text(result.design.name, style="bold")
    yield Text(design_line(result))
    yield Text("")
    for line in effect_lines(result):
        yield Text(line)
    yield Text("")
    for line in letter_lines(result.analyses):
        yield Text(line)
    yield Text("")
    for begin in range(0, len(result.characteristics), SIDE_BY_SIDE):
        shown = result.characteristics[begin : begin + SIDE_BY_SIDE]
        table = Table(box=None, padding=(0, 2, 0, 0))
        table.add_column("", no_wrap=True)
        for name in head_of(result, shown):
            table.add_column(name, justify="right", overflow="fold")
        for cells in rows_of(shown):
            table.add_row(*cells)
        yield table
        yield Text("")
    for line in EXPLAINED:
        yield Text(line)
    yield Text("")
    for cluster in result.clustering:
        yield Text(clustering_line(cluster, result.design.design.clinics))
    lacking = ", ".join(f"{arm} {percent(share)}" for arm, share in result.missing.items())
    yield Text(f"Missing primary scores: {lacking}.")
    for line in failure_lines(result, replay):
        yield Text(line)
    yield Text(power_sentence(result.design))
    yield Text(f"± is the Monte Carlo standard error. {NO_SPILL_OVER} {NO_EVIDENCE}")


def design_line(result: TrialResult) -> str:
    """Say how many trials of what there are, and whether they are enough."""
    own = result.design.design
    clinics = f" in {own.clinics} clinics" if own.clinics > 1 else ""
    said = (
        f"{result.trials:,} simulated trials of {own.clients:,} clients and {own.therapists:,} therapists{clinics}; "
        f"randomised: {own.randomise}; therapists {own.therapists_in_arms} in arms."
    )
    if apart := clinics_sentence(result.design):
        said += f" {apart}"
    if result.sketch:
        said += (
            f" A sketch: {result.trials:,} trials are too few to rely on; take {SKETCH} or more."
        )
    return said


def effect_lines(result: TrialResult) -> Iterator[str]:
    """Yield the true effects, and the strengths that were found for them."""
    outcome = result.design.outcome
    for one in result.effects:
        yield (
            f"True effect of {one.arm}: {plus_minus(one.effect, one.error, 2)} points of "
            f"{INSTRUMENTS[outcome.instrument].name} in week {outcome.primary}, "
            f"d = {plus_minus(one.d, one.d_error, 3)}."
        )
    for arm, found in result.strengths.items():
        for name, value in found.items():
            yield f"Found for the effect wanted of {arm}: {name} = {significant(value)}."


def clustering_line(one: Clustering, clinics: int) -> str:
    """Say what therapists, and clinics where there are several, do to a contrast."""
    of_clinics = f", those of different therapists of one clinic by {fixed(one.clinic_icc, 3)}"
    return (
        f"{one.arm}: clients of one therapist correlate by {fixed(one.icc, 3)}{of_clinics if clinics > 1 else ''}, "
        f"given the score at intake; design effect {fixed(one.design_effect, 2)}, by which a test that ignores "
        f"{'both' if clinics > 1 else 'therapists'} has type I error {fixed(one.naive_type_1, 3)}."
    )


def failure_lines(result: TrialResult, replay: str) -> Iterator[str]:
    """Yield which fits failed, and what to do about it; parameters as for `trial_page`."""
    # A fit fails for all arms together.
    for one in {one.analysis: one for one in result.characteristics}.values():
        if one.failed:
            said = ": more than 1 %, so its power is not said" if one.withheld else ""
            yield (
                f"{one.analysis} failed in {_of(one.failed, one.trials)}{said}. The first: {one.why} "
                f"To see it: {replay.format((one.first_failed or 0) + 1)}"
            )
        if one.null_failed:
            yield f"{one.analysis} failed in {_of(one.null_failed, one.null_trials)} without an effect."


def _of(failed: int, trials: int) -> str:
    return f"{failed:,} of {trials:,} trials ({percent(failed / trials)})"
