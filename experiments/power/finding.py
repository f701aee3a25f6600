"""How large a trial must be: the search, fresh trials that confirm its answer, and what it says in a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.value import StudyError
from experiments.power.batches import CONFIRMED, Batches
from experiments.power.power_curve import fit_power, pooled
from experiments.power.sizing import checked, designed, size_of, sizes_of
from experiments.trials.analysing import analyses_of
from experiments.trials.characteristics import LEVEL, MOST_FAILED
from experiments.trials.trial import TRIALS, Trial
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.execution.progress import Progress
    from experiments.power.power_curve import Batch, PowerCurve
    from experiments.power.search import SizeSearch
    from experiments.power.sizing import LookedFor
    from experiments.trials.analysing import GivenAnalyses
    from experiments.trials.characteristics import Characteristics
    from experiments.trials.result import TrialResult
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Power", "checked_arm", "checked_power", "find_power"]

MOST = 2000
"""Trials of a search."""

MOST_POWER = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """What a search for power found.

    Attributes
    ----------
    design
        What it began with.
    find, arm, wanted
        What was looked for, of which arm, and with which power.
    found
        The search; see `experiments.power.search.SizeSearch`.
    analyses
        Their names; the first decides.
    batches
        What each analysis gave at every size, in their order.
    confirmed
        Fresh trials at the answer, with and without the effect; None where there is no answer.
    """

    design: TrialDesign
    find: LookedFor
    arm: str
    wanted: float
    found: SizeSearch
    analyses: tuple[str, ...]
    batches: tuple[Sequence[Batch], ...]
    confirmed: TrialResult | None

    @property
    def answer(self) -> TrialDesign | None:
        """The design that was found, or None."""
        if math.isnan(self.found.needed):
            return None
        return designed(self.find, self.design, self.found.needed)

    @property
    def primary(self) -> Characteristics | None:
        """How the deciding analysis does in the fresh trials of the answer."""
        return None if self.confirmed is None else self.of(self.analyses[0])

    def of(self, analysis: str) -> Characteristics:
        """Return how an analysis does in the fresh trials of the answer."""
        assert self.confirmed is not None
        return next(
            one
            for one in self.confirmed.characteristics
            if one.analysis == analysis and one.arm == self.arm
        )

    def curve(self, analysis: int) -> PowerCurve:
        """Return the line through what an analysis gave at all sizes."""
        return fit_power(self.batches[analysis], self.found.curve.scale)

    @property
    def withheld(self) -> bool:
        """Whether too many trials could not be analysed for their power to be said."""
        tried = sum(one.trials + one.failed for one in self.found.batches)
        failed = sum(one.failed for one in self.found.batches)
        return failed > MOST_FAILED * tried or (self.primary is not None and self.primary.withheld)

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two."""
        from experiments.power.wording import answer_in_words

        return " ".join(answer_in_words(self))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        size = self.found.size
        return {
            "find": self.find,
            "arm": self.arm,
            "power": self.wanted,
            "answer": self.found.needed,
            "size": {"value": size.value, "low": size.low, "high": size.high},
            "settled": self.found.settled,
            "trials": self.found.trials,
            "ceiling": None
            if self.found.ceiling is None
            else {
                "at": self.found.at,
                "power": self.found.ceiling.value,
                "low": self.found.ceiling.low,
                "high": self.found.ceiling.high,
            },
            "sentence": self.sentence,
            "curve": {
                name: [one._asdict() for one in batches]
                for name, batches in zip(self.analyses, self.batches, strict=True)
            },
            "confirmed": None if self.confirmed is None else self.confirmed.to_dict(),
        }


def find_power(
    trial: Trial,
    folder: str | Path,
    *,
    find: str = "therapists",
    power: float = 0.8,
    arm: str | None = None,
    analyses: GivenAnalyses | None = None,
    confirm: int = TRIALS,
    threads: int | None = None,
    progress: Progress | None = None,
    on_round: Callable[[SizeSearch], None] | None = None,
) -> Power:
    """Find how many clients or therapists a trial needs, or the smallest effect that it would find.

    Parameters
    ----------
    trial
        Where to begin; everything but what is looked for stays as it is. Looking for therapists keeps the clients of
        each.
    folder
        Where the trials go; an interrupted search goes on where it stopped.
    find
        ``clients``, ``therapists``, ``clients_per_therapist`` or ``effect``.
    power
        Share of trials in which the first analysis should find the effect.
    arm
        Whose effect; the second arm's if left out. Where there are several, p is adjusted by Holm's method.
    analyses
        Instead of those of the design, as `Trial.run` takes them.
    confirm
        Fresh trials of the answer, with and without the effect; 0 for none.
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
    design = trial.design
    known = checked(find, design)
    sizes = sizes_of(known, design)
    checked_power(power)
    contrast = checked_arm(design, arm)
    made = analyses_of(design, analyses)
    run = Batches(Path(folder), design, known, made, contrast, threads)
    found = run.find_size(power, sizes, size_of(known, design), most=MOST, on_round=on_round)
    confirmed = None
    if confirm and not math.isnan(found.needed):
        answer = Trial(designed(known, design, found.needed))
        confirmed = answer.run(
            Path(folder) / CONFIRMED,
            confirm,
            null=True,
            analyses=analyses,
            threads=threads,
            progress=progress,
        )
    return Power(
        design,
        known,
        list(design.arms)[contrast],
        power,
        found,
        tuple(one.name for one in made),
        tuple(pooled(run.of_analysis(place)) for place in range(len(made))),
        confirmed,
    )


def checked_power(power: float) -> None:
    """Refuse a power that no search can find."""
    if not LEVEL < power <= MOST_POWER:
        raise StudyError(
            f"power = {power:g} cannot be looked for: give a share above {LEVEL} and up to {MOST_POWER}."
        )


def checked_arm(design: TrialDesign, arm: str | None) -> int:
    """Return the place of an arm that is compared with the first; of the second one for None.

    Raises
    ------
    AllianceError
        If there is none of this name.
    """
    arms = list(design.arms)
    if arm is None:
        return 1
    if arm not in arms[1:]:
        raise unknown_name(
            arm,
            f"an arm that is compared with {arms[0]}",
            arms[1:],
            see=f"There are: {', '.join(arms[1:])}.",
        )
    return arms.index(arm)
