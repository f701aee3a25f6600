"""Which size has the power that is wanted, by the line fitted to the trials of a page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboards.trials.refinement import MIXED
from experiments.power.power_curve import fit_power
from experiments.power.search import WINDOW
from experiments.power.sizing import words_of
from experiments.quantities.writing import percent

if TYPE_CHECKING:
    from dashboards.trials.refinement import TrialProgress
    from experiments.quantities.estimate import Estimate

__all__ = ["WANTED", "needed", "needed_words", "sized"]

WANTED = 0.8
"""Power that a trial should have."""


def sized(progress: TrialProgress, size: float) -> str:
    """Write a size: ``400 clients``."""
    return f"{size:,.0f} {words_of(progress.plan.over)}"


def needed(progress: TrialProgress) -> Estimate | None:
    """Return the size whose power is 80 % by the line fitted near it, with its 95 % interval.

    None where it lies beyond the sizes that were run: power has a ceiling there, or the line would be drawn out.
    """
    batches = progress.effect[MIXED]
    ends = batches[0].size, batches[-1].size
    answer = fit_power(batches, "root").size_for(WANTED)
    near = [one for one in batches if answer.value / WINDOW <= one.size <= answer.value * WINDOW]
    if near:
        answer = fit_power(near, "root").size_for(WANTED)
    return answer if ends[0] <= answer.value <= ends[1] else None


def needed_words(progress: TrialProgress) -> str:
    """Say which size has a power of 80 %, if one of those that were run has."""
    batches = progress.effect[MIXED]
    size = needed(progress)
    if size is None:
        most = max(batches, key=lambda one: one.power.value)
        if batches[0].power.value >= WANTED:
            return f"Even the fewest {words_of(progress.plan.over)} shown have a power of 80 %."
        return (
            f"The mixed model does not reach a power of 80 % with these sizes: it comes nearest, with "
            f"{percent(most.power.value)}, at {sized(progress, most.size)}."
        )
    interval = (
        "" if math.isnan(size.low) or math.isnan(size.high)
        else f" (95 % interval {size.low:,.0f} to {size.high:,.0f})"
    )  # fmt: skip
    return f"The mixed model has a power of 80 % at about {sized(progress, size.value)}{interval}."
