"""What a trial would conclude that ignores therapists: one half of a clinic's team against the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from dashboards.lessons.measures.measure import IN_100, Measured
from experiments.quantities.intervals import share_of
from experiments.quantities.measure import Measure
from experiments.tables.groups import Groups

if TYPE_CHECKING:
    from dashboards.lessons.measures.measure import ArmRun

__all__ = ["TRIALS"]

LEVEL = 0.05
ALARMS = replace(IN_100, name="trials in 100", digits=0)


def _false_alarms(run: ArmRun) -> Measured:
    """Return in how many of 100 clinics a t test finds the two halves of the team to differ.

    Everybody treats alike, so whatever it finds is no effect of a treatment. Student's t test of the fall of CORE-10,
    with every client counted as if alone.
    """
    tables = run.tables
    team = run.result.parameters.therapists
    therapist = tables.client("therapist").astype(np.int64)
    change = tables.client("core_10_intake") - tables.client("core_10_last")
    known = tables.started & np.isfinite(change) & (therapist >= 0)
    half = (therapist >= team // 2).astype(np.int64)
    halves = Groups(tables.study * 2 + half, tables.studies * 2)
    seen, total, squares = (
        one.reshape(-1, 2)
        for one in (
            halves.size(known).astype(np.float64),
            halves.total(change, known),
            halves.total(change**2, known),
        )
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / seen
        within = (squares - seen * mean**2).sum(axis=1)
        df = seen.sum(axis=1) - 2.0
        error = np.sqrt(within / df * (1.0 / seen).sum(axis=1))
        p = 2.0 * stdtr(df, -np.abs(mean[:, 0] - mean[:, 1]) / error)
    sure = np.isfinite(p)
    found = share_of(int((p[sure] < LEVEL).sum()), int(sure.sum())).times(100.0)
    return Measured(found, np.where(sure, 100.0 * (p < LEVEL), np.nan))


TRIALS = (
    Measure(
        "false_alarms",
        "trials that find a difference",
        "Clinics in which a t test that ignores therapists finds two halves of a team to differ.",
        ALARMS,
        _false_alarms,
    ),
)
"""Measures of what a trial concludes."""
