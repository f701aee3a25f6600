"""`Trial`: a trial that is simulated many times, with a true effect that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.trials.analysing import analyses_of, analysis_key
from experiments.trials.arrivals import Calendar
from experiments.trials.effect import null_advantages, strengths_for
from experiments.trials.observing import SimulatedTrials, simulate_trials
from experiments.trials.result import TrialResult, result_of
from experiments.trials.running import run_trials
from experiments.trials.trial_design import TrialDesign
from experiments.trials.truth import TrueEffect, population_truth
from simulation.errors import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any, Self

    from experiments.execution.progress import Progress
    from experiments.tables.columns import Floats
    from experiments.trials.analysing import GivenAnalyses
    from experiments.trials.table import TrialTable
    from experiments.trials.worlds import Strengths

__all__ = ["MOST_TRIALS", "TRIALS", "Trial"]

TRIALS = 1000
"""How many trials are simulated where it is not said: power of .8 is then known to ± .025."""

MOST_TRIALS = 1_000_000
"""Of one folder, and the highest number of one."""


@dataclass(frozen=True)
class Trial:
    """A trial that can be simulated.

    ::

        trial = Trial.read("supervision.toml")
        trial.truth()  # the true effect
        result = trial.run("results/supervision")  # 1,000 trials, analysed
        tables = trial.datasets(20)  # data of twenty trials, to try an analysis on

    Attributes
    ----------
    design
        What its TOML file says.
    """

    design: TrialDesign

    def __post_init__(self) -> None:
        Calendar(self.design).check()
        analyses_of(self.design)

    @classmethod
    def read(cls, path: str | Path, *, ensemble: bool = False) -> Self:
        """Read a trial from a TOML file; with `ensemble`, run it as if the file had ``ensemble = true``.

        Raises
        ------
        AllianceError
            If it cannot be read, or is not a trial that can be run: one sentence.
        """
        design = TrialDesign.read(path)
        return cls(design.with_ensemble() if ensemble else design)

    def changed(self, **values: Any) -> Trial:
        """Return the trial with some entries of ``[design]`` changed: ``trial.changed(clients=400)``."""
        return Trial(self.design.changed(**values))

    @cached_property
    def strengths(self) -> Strengths:
        """How strong each policy must be for the effects that are wanted.

        Raises
        ------
        AllianceError
            If an effect cannot be reached; names those that can.
        """
        return strengths_for(self.design)

    @cached_property
    def null_advantages(self) -> dict[str, Floats]:
        """What is taken from scores so that an arm without therapists is as good as the others."""
        return null_advantages(self.design)

    def truth(self, trials: int = 200) -> tuple[TrueEffect, ...]:
        """Return the true effect of each arm after the first, from the clients of so many trials."""
        trials = whole_number("trials", trials, 1, MOST_TRIALS)
        return population_truth(self.design, trials, self.strengths)

    def simulate(self, trials: int = 20, *, first: int = 0, null: bool = False) -> SimulatedTrials:
        """Return the data of some trials with the truth beside them.

        Parameters
        ----------
        trials, first
            How many, and the number of the first, from 0.
        null
            Without an effect.
        """
        first = whole_number("first", first, 0, MOST_TRIALS)
        numbers = range(first, first + whole_number("trials", trials, 1, MOST_TRIALS))
        strengths = None if null else self.strengths
        advantages = self.null_advantages if null else None
        return simulate_trials(
            self.design, numbers, strengths=strengths, null=null, advantages=advantages
        )

    def datasets(self, trials: int = 20, *, null: bool = False) -> Iterator[TrialTable]:
        """Yield what a researcher would have of each of some trials: one table a trial."""
        for number in range(whole_number("trials", trials, 1, MOST_TRIALS)):
            yield self.simulate(1, first=number, null=null).table

    def run(
        self,
        folder: str | Path,
        trials: int = TRIALS,
        *,
        null: bool = False,
        analyses: GivenAnalyses | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> TrialResult:
        """Simulate and analyse trials into a folder; what is there already stays.

        Parameters
        ----------
        folder
            Where data and results go. A folder of this trial is continued; one that has all trials is analysed again
            without simulating again.
        trials
            How many.
        null
            Run the same trials without an effect too, which gives the type I error.
        analyses
            Instead of those of the design: functions from a table to (estimate, standard error, degrees of freedom),
            or options as in ``[[analysis]]``; a mapping names functions.
        threads
            Threads to use; all cores if left out.
        progress
            Shows how it goes.

        Raises
        ------
        AllianceError
            If the trial cannot be run, or the folder holds something else.
        KeyboardInterrupt
            After Ctrl-C, with everything finished stored.
        """
        trials = whole_number("trials", trials, 1, MOST_TRIALS)
        chosen = analyses_of(self.design, analyses)
        stored, seconds = run_trials(
            self.design,
            folder,
            chosen,
            trials=trials,
            null=null,
            threads=threads,
            progress=progress,
        )
        return result_of(
            stored,
            self.design,
            chosen,
            analysis_key(chosen),
            trials=trials,
            null=null,
            seconds=seconds,
        )
