"""What is wanted of a trial's size: which power, of which arm, and how it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.design.value import StudyError
from experiments.quantities.monte_carlo import LEVEL
from experiments.trials.trial import TRIALS
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from experiments.trials.analysing import GivenAnalyses
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Wanted"]

MOST_POWER = 0.99


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a size must be enough for.

    Attributes
    ----------
    power
        Share of trials in which the first analysis should find the effect.
    arm
        Whose effect; the second arm's if left out. Where there are several, p is adjusted by Holm's method.
    analyses
        Instead of those of the design, as `Trial.run` takes them.
    confirm
        Fresh trials of the answer, with and without the effect; 0 for none.

    Raises
    ------
    StudyError
        For a power that no search can find.
    """

    power: float = 0.8
    arm: str | None = None
    analyses: GivenAnalyses | None = None
    confirm: int = TRIALS

    def __post_init__(self) -> None:
        if not LEVEL < self.power <= MOST_POWER:
            raise StudyError(
                f"power = {self.power:g} cannot be looked for: give a share above {LEVEL} and up to {MOST_POWER}."
            )

    def contrast(self, design: TrialDesign) -> int:
        """Return the place of the arm among those of a design.

        Raises
        ------
        AllianceError
            If it is not compared with the first.
        """
        arms = list(design.arms)
        if self.arm is None:
            return 1
        if self.arm not in arms[1:]:
            raise unknown_name(
                self.arm,
                f"an arm that is compared with {arms[0]}",
                arms[1:],
                see=f"There are: {', '.join(arms[1:])}.",
            )
        return arms.index(self.arm)
