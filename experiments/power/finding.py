"""How large a trial must be: the search, and fresh trials that confirm its answer."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.power.answer import Power
from experiments.power.batches import CONFIRMED, Batches
from experiments.power.power_curve import pooled
from experiments.power.sizing import checked, designed, size_of, sizes_of
from experiments.power.wanted import Wanted
from experiments.trials.analysing import analyses_of
from experiments.trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.execution.progress import Progress
    from experiments.power.search import SizeSearch

__all__ = ["find_power"]

MOST = 2000
"""Trials of a search."""


def find_power(
    trial: Trial,
    folder: str | Path,
    wanted: Wanted | None = None,
    *,
    find: str = "therapists",
    threads: int | None = None,
    progress: Progress | None = None,
    on_round: Callable[[SizeSearch], None] | None = None,
) -> Power:
    """Find how many clients, therapists or clinics a trial needs, or the smallest effect that it would find.

    Parameters
    ----------
    trial
        Where to begin; everything but what is looked for stays as it is. Looking for therapists keeps the clients of
        each; looking for clinics keeps the therapists and clients of each.
    folder
        Where the trials go; an interrupted search goes on where it stopped.
    wanted
        What the size must be enough for; a power of .80 if left out.
    find
        ``clients``, ``therapists``, ``clients_per_therapist``, ``clinics`` or ``effect``.
    threads
        Threads to use; all cores if left out.
    progress
        Shows how it goes while the answer is confirmed.
    on_round
        Is given what is known after every round.

    Raises
    ------
    AllianceError
        If it cannot be looked for, or the folder holds something else.
    TrialsStopped
        After Ctrl-C or SIGTERM, with every batch that was finished stored.
    """
    wanted = wanted or Wanted()
    design = trial.design
    known = checked(find, design)
    contrast = wanted.contrast(design)
    made = analyses_of(design, wanted.analyses)
    run = Batches(Path(folder), design, known, made, contrast, threads)
    found = run.find_size(
        wanted.power, sizes_of(known, design), size_of(known, design), most=MOST, on_round=on_round
    )
    confirmed = None
    if wanted.confirm and not math.isnan(found.needed):
        confirmed = Trial(designed(known, design, found.needed)).run(
            Path(folder) / CONFIRMED,
            wanted.confirm,
            null=True,
            analyses=wanted.analyses,
            threads=threads,
            progress=progress,
        )
    return Power(
        design,
        known,
        list(design.arms)[contrast],
        wanted.power,
        found,
        tuple(one.name for one in made),
        tuple(pooled(run.of_analysis(place)) for place in range(len(made))),
        confirmed,
    )
