"""Trials of one size simulated and analysed in memory, and how many of them found an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.power.power_curve import Batch
from experiments.quantities.monte_carlo import LEVEL
from experiments.trials.analysing import fits_frame
from experiments.trials.observing import simulate_trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from experiments.trials.analysing import TrialAnalysis
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.worlds import Strengths

__all__ = ["analysed", "counted"]


def analysed(
    design: TrialDesign,
    analyses: Sequence[TrialAnalysis],
    strengths: Strengths | None,
    trials: range,
    *,
    null: bool = False,
) -> pl.DataFrame:
    """Return what the analyses gave in some trials: the rows of `experiments.trials.analysing.fits_frame`.

    Parameters
    ----------
    design, analyses, trials
        What to simulate, what to make of it, and the numbers of the trials.
    strengths
        As `experiments.trials.effect.strengths_for` finds them; they count for nothing without an effect.
    null
        Without an effect. Every arm must have therapists.
    """
    given = None if null else strengths
    return fits_frame(design, analyses, simulate_trials(design, trials, strengths=given, null=null))


def counted(frame: pl.DataFrame, size: float, analysis: int, contrast: int = 1) -> Batch:
    """Return how many trials an analysis could be made of, and found an effect in."""
    rows = frame.filter((frame["analysis"] == analysis) & (frame["contrast"] == contrast))
    failed = int((rows["failed"] != "").sum())
    significant = int((rows["p_holm"].fill_nan(1.0) < LEVEL).sum())
    return Batch(size, rows.height - failed, significant, failed)
