"""The true effect: what the estimand asks for, under every arm, of the same clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.trials.observing import true_scores
from simulation.assessing import HIGH_IS_WELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from experiments.tables.columns import Floats
    from experiments.trials.trial_design import TrialDesign

__all__ = [
    "CLIENTS_AT_ONCE",
    "TrueEffect",
    "TruthOfTrials",
    "population_truth",
    "true_effects",
    "truth_of",
    "truth_under",
    "well",
]

CLIENTS_AT_ONCE = 20_000
"""Clients that are simulated at once, roughly."""


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """The true effect of an arm, compared with the first.

    Attributes
    ----------
    arm, first
        Names of the two.
    effect
        Mean difference of the primary score in the population, arm less first; in points of the instrument.
    error
        Monte Carlo standard error of `effect`.
    sd
        Standard deviation of the primary score in the first arm.
    d
        The effect in these standard deviations, above 0 where clients are better off.
    d_error
        Its Monte Carlo standard error.
    mean, mean_first
        Mean primary score under each of the two.
    trials
        How many trials this is from.
    """

    arm: str
    first: str
    effect: float
    error: float
    sd: float
    d: float
    d_error: float
    mean: float
    mean_first: float
    trials: int


@dataclass(frozen=True, slots=True, eq=False)
class TruthOfTrials:
    """Means over the clients of each trial: of scores, shape (trials, arms), and of squares, shape (trials,)."""

    means: Floats
    squares: Floats
    """Mean square of the primary score under the first of the arms."""


def well(instrument: str) -> float:
    """Return 1 where a high score is a good one, else -1."""
    return 1.0 if instrument in HIGH_IS_WELL else -1.0


def truth_of(truth: Floats, trials: int) -> TruthOfTrials:
    """Return the means of each trial, from the scores under every arm, shape (trials × clients, arms)."""
    by_trial = truth.reshape(trials, -1, truth.shape[1])
    return TruthOfTrials(by_trial.mean(axis=1), (by_trial[..., 0] ** 2).mean(axis=1))


def true_effects(design: TrialDesign, parts: Iterable[TruthOfTrials]) -> tuple[TrueEffect, ...]:
    """Return the true effect of each arm after the first, from the truth of many trials."""
    known = list(parts)
    means = np.concatenate([part.means for part in known])
    squares = np.concatenate([part.squares for part in known])
    names, trials = list(design.arms), len(means)
    sd = float(np.sqrt(max(squares.mean() - means[:, 0].mean() ** 2, 0.0)))
    effects = []
    for place, name in enumerate(names[1:], 1):
        own = means[:, place] - means[:, 0]
        effect = float(own.mean())
        error = float(own.std(ddof=1) / np.sqrt(trials)) if trials > 1 else float("nan")
        size = well(design.outcome.instrument) / sd if sd > 0 else float("nan")
        effects.append(
            TrueEffect(
                name,
                names[0],
                effect,
                error,
                sd,
                effect * size,
                error * abs(size),
                float(means[:, place].mean()),
                float(means[:, 0].mean()),
                trials,
            )
        )
    return tuple(effects)


def population_truth(
    design: TrialDesign,
    trials: int,
    strengths: Mapping[str, Mapping[str, float]] | None = None,
) -> tuple[TrueEffect, ...]:
    """Simulate the first so many trials and return the true effects; nothing is analysed."""
    return true_effects(design, [truth_under(design, trials, strengths)])


def truth_under(
    design: TrialDesign,
    trials: int,
    strengths: Mapping[str, Mapping[str, float]] | None = None,
    arms: tuple[str, ...] | None = None,
) -> TruthOfTrials:
    """Simulate the first so many trials under some arms, or all, a few trials at once."""
    step = max(1, CLIENTS_AT_ONCE // design.design.clients)
    parts = []
    for begin in range(0, trials, step):
        some = range(begin, min(begin + step, trials))
        scores = true_scores(design, some, strengths=strengths, arms=arms)
        scores = scores[..., design.outcome.place, :]
        parts.append(truth_of(scores.reshape(-1, scores.shape[-1]), len(some)))
    return TruthOfTrials(
        np.concatenate([part.means for part in parts]),
        np.concatenate([part.squares for part in parts]),
    )
