"""Power by size and what is found without an effect, as figures and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import Axis, Lines, Series, interval_series, numbers
from dashboards.trials.needed import WANTED, needed_words, sized
from dashboards.trials.refinement import MIXED, NAIVE
from experiments.power.sizing import words_of
from experiments.quantities.estimate import Estimates
from experiments.quantities.monte_carlo import LEVEL
from experiments.quantities.writing import percent
from experiments.trials.clinic_sentences import clinics_sentence, power_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.trials.refinement import TrialProgress
    from experiments.power.power_curve import Batch
    from experiments.trials.trial_design import TrialDesign

__all__ = ["found_without_effect", "power_by_size", "uncertainties"]

MIXED_NAME, NAIVE_NAME = "mixed model with therapists", "ignoring therapists"


def power_by_size(progress: TrialProgress) -> Lines:
    """Return the power of both analyses over the sizes that were run."""
    own = _own(progress, progress.effect)
    said = (
        f"With {sized(progress, progress.plan.own_size)} the mixed model finds the effect in "
        f"{_share(own[MIXED])} of trials, an analysis that ignores therapists in {_share(own[NAIVE])}."
    )
    return _figure(progress, "Power", f"{said} {needed_words(progress)}", WANTED)


def found_without_effect(progress: TrialProgress) -> Lines:
    """Return how often both analyses find an effect where there is none."""
    own = _own(progress, progress.null)
    summary = (
        f"Where both arms are treated alike, with {sized(progress, progress.plan.own_size)} the mixed model still "
        f"finds an effect in {_share(own[MIXED])} of trials, an analysis that ignores therapists in "
        f"{_share(own[NAIVE])}. It should be {percent(LEVEL)}."
    )
    return _figure(progress, "Effects found where there is none (type I error)", summary, LEVEL)


def uncertainties(design: TrialDesign) -> list[str]:
    """Say how clinics differ, and which uncertainties power holds, as the reports of ``alliance trial`` do."""
    return [one for one in (clinics_sentence(design), power_sentence(design)) if one]


def _figure(progress: TrialProgress, title: str, summary: str, line: float) -> Lines:
    of_power = line == WANTED
    counts = progress.effect if of_power else progress.null
    xs = [one.size for one in counts[MIXED]]
    shares = [_estimates(counts[place]) for place in (MIXED, NAIVE)]
    reference = "wanted: 80 %" if of_power else "5 %, as it should be"
    what = words_of(progress.plan.over)
    return Lines(
        title=f"{title} by number of {what}",
        summary=summary,
        x=Axis(what.capitalize(), low=0.0),
        y=Axis("Share of trials", low=0.0, high=1.0 if of_power else None, percent=True, zero=True),
        xs=numbers(xs),
        series=(
            interval_series(MIXED_NAME, shares[MIXED], colour=0),
            interval_series(NAIVE_NAME, shares[NAIVE], role="ghost", colour=1),
            Series(reference, numbers([line] * len(xs)), role="reference", colour=2),
        ),
    )


def _estimates(batches: Sequence[Batch]) -> Estimates:
    powers = [one.power for one in batches]
    return Estimates(
        np.array([one.value for one in powers]),
        np.array([one.low for one in powers]),
        np.array([one.high for one in powers]),
    )


def _own(progress: TrialProgress, counts: Sequence[Sequence[Batch]]) -> list[Batch]:
    size = progress.plan.own_size
    return [next(one for one in batches if one.size == size) for batches in counts]


def _share(batch: Batch) -> str:
    found = batch.power
    return f"{percent(found.value)} ({percent(found.low)} to {percent(found.high)})"
