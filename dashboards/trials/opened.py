"""One simulated trial opened: every client's score, the means of therapists, and what each analysis says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.computing.cache import FINISHED
from dashboards.trials.refinement import strengths_of
from experiments.quantities.monte_carlo import LEVEL
from experiments.trials.analysing import analyses_of, fits_frame
from experiments.trials.effect import enough_trials
from experiments.trials.observing import simulate_trials
from experiments.trials.truth import population_truth

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.truth import TrueEffect

__all__ = ["ARMS", "Conclusion", "OpenedTrial", "TherapistMean", "open_trial"]

ARMS = ("usual", "treated")
CLIENTS_OF_TRUTH = 20_000


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an analysis makes of the trial: estimate and 95 % interval in points, and p."""

    estimate: float
    low: float
    high: float
    df: float
    p: float
    failed: str

    @property
    def significant(self) -> bool:
        """Whether it finds an effect."""
        return self.p < LEVEL


@dataclass(frozen=True, slots=True)
class TherapistMean:
    """Clients of one therapist in one arm whose score is there, and their mean; nan for none."""

    clinic: int
    therapist: int
    arm: int
    clients: int
    mean: float


@dataclass(frozen=True, slots=True, eq=False)
class OpenedTrial:
    """A simulated trial.

    Attributes
    ----------
    number
        From 1.
    clinic, therapist, arm, score
        Of every client; nan where the score is missing.
    conclusions
        Of the mixed model, and of the analysis that ignores therapists.
    truth
        The true effect over all trials; None where there is none.
    sets
        How many parameter sets that is the mean over.
    """

    number: int
    clinic: Integers
    therapist: Integers
    arm: Integers
    score: Floats
    conclusions: tuple[Conclusion, ...]
    truth: TrueEffect | None
    sets: int = 1

    @property
    def means(self) -> tuple[TherapistMean, ...]:
        """Means by therapist, those of the first arm first."""
        rows = zip(self.arm, self.therapist, self.clinic, strict=True)
        found = []
        for arm, therapist, clinic in sorted({(int(a), int(t), int(c)) for a, t, c in rows}):
            own = self.score[(self.arm == arm) & (self.therapist == therapist)]
            known = own[np.isfinite(own)]
            mean = float(known.mean()) if len(known) else float("nan")
            found.append(TherapistMean(clinic, therapist, arm, len(known), mean))
        return tuple(found)


def open_trial(design: TrialDesign, number: int, *, null: bool) -> OpenedTrial:
    """Simulate and analyse one trial, numbered from 1: the same as that of the curve.

    Raises
    ------
    AllianceError
        If the effect that is wanted cannot be reached.
    """
    strengths = None if null else strengths_of(design)
    simulated = simulate_trials(design, range(number - 1, number), strengths=strengths, null=null)
    frame = fits_frame(design, analyses_of(design), simulated)
    rows = frame.sort("analysis").select("estimate", "low", "high", "df", "p", "failed").rows()
    table = simulated.table
    return OpenedTrial(
        number,
        table.clinic,
        table.therapist,
        table.arm,
        table.score,
        tuple(Conclusion(*row) for row in rows),
        None if null else _truth(design),
        1 if design.parameter_sets is None else len(design.parameter_sets),
    )


def _truth(design: TrialDesign) -> TrueEffect:
    trials = enough_trials(design, CLIENTS_OF_TRUTH)

    def compute() -> TrueEffect:
        return population_truth(design, trials, strengths_of(design))[0]

    return FINISHED.get(("truth", design.fingerprint), compute)
